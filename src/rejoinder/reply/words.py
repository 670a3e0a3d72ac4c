"""Word lists for reading names: looked up, not matched, so that they cost nothing to load."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for looking them up; a list a word a line would hide the code."""
    return frozenset(text.split())


#: What a role is called where it has no name: these stand behind a title.
ROLE_NOUNS = word_set(
    "role roles position positions post opening openings vacancy vacancies opportunity opportunities job jobs "
    "requisition gig seat slot headcount search application candidacy recruitment contract contracts place places"
)
LINKING = word_set("of and & the to /")
SENTENCE_STARTS = word_set(
    "we you our your thank thanks unfortunately however although after as at if please since while this that "
    "it there i hi hello dear regrettably sadly following given despite best kind warm sincerely regards once "
    "having based with"
)
MONTHS = word_set(
    "january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday"
)
STATES = word_set(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC BC NSW QLD VIC"
)

#: Occupations in the singular; `TITLE_ENDINGS` are for those that their ending gives away.
TITLE_WORDS = word_set(
    "engineer developer manager analyst intern assistant officer designer scientist specialist consultant nurse "
    "teacher driver representative rep coordinator associate technician administrator programmer director "
    "architect executive lead leader chef cook server barista cleaner carer worker operator operative supervisor "
    "clerk accountant lawyer paralegal solicitor attorney counsel editor writer copywriter producer researcher "
    "lecturer postdoc tutor electrician plumber joiner carpenter mechanic fitter welder receptionist advisor "
    "adviser planner buyer recruiter trainee apprentice head principal tester strategist marketer translator "
    "interpreter actor actress dancer musician curator librarian paramedic physiotherapist pharmacist dentist "
    "hygienist therapist counsellor counselor surveyor inspector guard porter picker packer baker butcher gardener "
    "stylist groomer coach instructor agent broker underwriter auditor actuary bookkeeper controller secretary "
    "fellow professor attendant steward stewardess host hostess waiter waitress bartender caretaker janitor "
    "handyman labourer laborer foreman ranger keeper merchandiser cashier salesperson sre swe cto ceo cfo coo vp "
    "president partner owner dispatcher rider courier lifeguard firefighter constable detective sergeant brewer "
    "barber hairdresser educator scholar student internship fellowship apprenticeship traineeship residency "
    "residence residencies superintendent registrar dean provost chancellor custodian plasterer painter decorator "
    "roofer bricklayer machinist loader stocker sorter assembler handler caller trader banker teller adjuster "
    "assessor examiner evaluator reviewer moderator facilitator trainer mentor nanny babysitter midwife doctor "
    "physician surgeon veterinarian vet phlebotomist optometrist radiographer sonographer chemist "
    "biologist physicist economist statistician mathematician journalist reporter correspondent presenter "
    "photographer videographer illustrator animator artist sculptor conductor composer singer pianist violinist "
    "cellist organist cantor dramaturg stagehand rigger usher projectionist concierge housekeeper maid valet "
    "sommelier butler pilot captain sailor deckhand conservator archivist investigator negotiator owner rater "
    "salesman saleswoman seller closer evangelist advocate liaison ambassador generalist practitioner contractor "
    "estimator scheduler expeditor groundskeeper groundsman farmer farmhand grower forester "
    "arborist florist fundraiser campaigner organiser organizer canvasser bursar treasurer comptroller "
    "companion aide orderly helper junior chief member rotation pm agronomist potter juggler captain warden custodian patroller minister chaplain pastor "
    "miller roaster distiller cutter sewer seamstress tailor cobbler upholsterer cabinetmaker glazier tiler "
    "scaffolder groundworker digger dockworker stevedore"
)
TITLE_ENDINGS = (
    "ologist", "ician", "grapher", "smith", "keeper", "iatrist", "maker", "worker", "master", "therapist", "engineer",
)  # fmt: skip

#: Words a company's name is not made of alone: departments, trades of an office, what goes before them.
GENERIC = word_set(
    "talent acquisition recruiting recruitment recruiter recruiters hiring careers career human resources resource "
    "hr people ops operations operation jobs job staffing candidate candidates experience admissions team teams "
    "department dept office selection resourcing no-reply noreply notifications notification university campus "
    "management relations culture support services service early employment personnel store stores nursing medical "
    "clinical control room inpatient outpatient student students officer graduate professional staff executive "
    "corporate customer customers global local central regional national international retail production finance "
    "legal sales marketing engineering technology it is product community volunteer faculty research admin "
    "administration administrative training learning development assessment onboarding workforce "
    "partner partners business internal external general main head senior lead chief director manager system "
    "systems portal online account accounts security safety facilities logistics transport warehouse school college "
    "department committee council county court group mission personal reminder board panel council governors "
    "trustees directors application applications applicant applicants update status decision reply do not "
    "donotreply automated message messages mail email mailer info contact hello enquiries the a an of and for at "
    "programs programme programmes program fellowships fellowship fellows apprenticeships apprenticeship internship "
    "internships interns desk section unit division branch region area site kitchen bar reception front house "
    "housekeeping maintenance programming education science policy health care welfare social editorial editors "
    "publishing media communications design creative studio digital data software hardware web mobile cloud "
    "infrastructure platform analytics growth strategy risk compliance audit tax treasury procurement supply chain "
    "quality test testing delivery fleet planning projects project events catering hospitality tenancy cohort "
    "intake round stage level grade shift part full time remote opportunities opportunity vacancy vacancies "
    "position positions role roles hub center centre plant depot station ward wards theatre theatres "
    "human capital police labor labour scientific officials crew campaign affairs government municipality hrm ta "
    "coordination docs food beverage traffic seasonal sisters personnel orchestra casting junior lower upper ir cmc "
    "electrical mechanical civil chemical mathematics physics chemistry biology anthropology english history "
    "company companies firm employer everyone people's workplace waste nhs public sector works hr-recruitment "
    "& academic hq co op co-op speculative "
    "commission secretariat secretary chair chairman chairwoman hire new team's us our we your"
)
#: Systems that send for others: they are nobody's employer in a mail they relay.
SYSTEMS = word_set(
    "workday myworkday icims greenhouse lever smartrecruiters ashby jobvite taleo successfactors workable linkedin "
    "indeed glassdoor ziprecruiter personio recruitee teamtailor breezy bamboohr monster dice wayup handshake "
    "mycareer hackerrank codility hirevue totaljobs reed brassring avature eightfold jazzhr wellfound angellist "
    "twitter instagram facebook youtube zoom teams skype ultipro paylocity adp dayforce"
)
#: Where, not who: "at our London office". Only the commonest; a place unknown here needs other signs.
PLACES = word_set(
    "london manchester birmingham leeds glasgow edinburgh liverpool bristol sheffield cardiff belfast dublin cork "
    "galway paris lyon berlin munich münchen hamburg frankfurt cologne köln vienna wien zurich zürich geneva genève "
    "basel amsterdam rotterdam utrecht brussels antwerp madrid barcelona lisbon porto rome milan milano copenhagen "
    "stockholm oslo helsinki warsaw prague budapest athens istanbul dubai mumbai bangalore bengaluru delhi hyderabad "
    "pune chennai singapore tokyo seoul shanghai beijing sydney melbourne brisbane perth adelaide auckland wellington "
    "toronto vancouver montreal ottawa calgary boston chicago austin dallas houston seattle portland denver atlanta "
    "miami philadelphia phoenix minneapolis detroit baltimore pittsburgh nashville charlotte england scotland wales "
    "ireland france germany spain italy portugal netherlands belgium switzerland austria sweden norway denmark "
    "finland poland europe emea apac asia africa america usa uk us eu canada australia india china japan texas "
    "california florida vermont massachusetts virginia georgia ohio michigan illinois oregon colorado arizona utah "
    "nevada maine alaska hawaii iowa kansas nebraska oklahoma tennessee kentucky wisconsin minnesota maryland"
)
#: Ranks and posts that no company and no person is called.
RANKS = word_set(
    "engineer engineers developer developers manager managers analyst analysts intern interns assistant officer designer scientist specialist "
    "consultant coordinator associate technician administrator programmer director architect supervisor "
    "accountant representative recruiter advisor adviser president founder generalist cto ceo cfo coo vp "
    "professor lecturer receptionist internship postdoc nurse lead chef"
)
#: What organisations are called at the end of their names.
ORGANISATION = word_set(
    "bank group hospital council university college school trust foundation museum partners consulting studios "
    "labs laboratories solutions systems technologies industries holdings media brewery bakery hotel hotels "
    "airlines airways insurance society institute association federation authority clinic builders construction "
    "engineering control logistics freight foods farms homes theatre orchestra district center centre union "
    "sons daughters brothers company conseil ventures capital software games motors energy pharma house store stores project nursery farm inn pub "
    "cafe café utilities electrical mechanical plumbing robotics aerospace institute surgery practice hospice clinic packaging publishing advisory press university railway transit "
    "orchard vineyard gallery daycare charity council cooperative co-operative"
)
