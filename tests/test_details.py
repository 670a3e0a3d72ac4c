"""The names in a mail, and None where nothing is named."""

import time
from dataclasses import asdict

import pytest

from rejoinder import clean, parse
from rejoinder.pipeline import details
from rejoinder.reply.details import find_details, find_skills

#: name of the case: From, Subject, body, what is expected; names left out must be None.
MAILS = {
    "person signs, company in the text": (
        "Ada Moor <ada@fenwick.example>",
        "Your application",
        "Dear Dana,\n\nThank you for applying for the Glass Blower position at Fenwick Glass. We chose somebody else.\n\nKind regards,\nAda Moor",
        {"company": "Fenwick Glass", "role": "Glass Blower", "contact": "Ada Moor", "candidate": "Dana"},
    ),
    "team display name": (
        "Brindlecove Careers <careers@brindlecove.example>",
        "Thank you for your application",
        "Dear Dana,\n\nWe will not be taking your application further.\n\nThe Brindlecove Talent Team",
        {"company": "Brindlecove", "candidate": "Dana"},
    ),
    "display name from a company": (
        "Ruth Abara from Tidewell <ruth@tidewell.example>",
        "Update",
        "Hi Dana,\n\nwe went with somebody else.\n\nBest,\nRuth",
        {"company": "Tidewell", "contact": "Ruth Abara", "candidate": "Dana"},
    ),
    "display name via a system": (
        "Quarrystone Hiring Team via Greenhouse <no-reply@us.greenhouse-mail.io>",
        "Update on your application",
        "Hello,\n\nwe will not be moving forward.",
        {"company": "Quarrystone"},
    ),
    "company in the subject": (
        "no-reply@us.greenhouse-mail.io",
        "Your application to Hollin Mills",
        "Hello,\n\nwe will not be moving forward.",
        {"company": "Hollin Mills"},
    ),
    "company that starts like a month": (
        "no-reply@us.greenhouse-mail.io",
        "Your application to Marlowe Optics",
        "Hello,\n\nwe will not be moving forward.",
        {"company": "Marlowe Optics"},
    ),
    "company that starts like a season": (
        None,
        "",
        "Dear Dana,\n\nthank you for applying to Springhill Dairy. We chose somebody else.",
        {"company": "Springhill Dairy", "candidate": "Dana"},
    ),
    "company and role in the subject": (
        "no-reply@ashbyhq.com",
        "Your application for Data Engineer at Hollin Mills",
        "Hello,\n\nwe will not be moving forward.",
        {"company": "Hollin Mills", "role": "Data Engineer"},
    ),
    "role before the noun": (
        None,
        "",
        "Hi Dana,\n\nthank you for your interest in the Senior Kiln Operator role. We chose somebody else.",
        {"role": "Senior Kiln Operator", "candidate": "Dana"},
    ),
    "role in lower case": (
        None,
        "",
        "Hi Dana,\n\nwe have filled the assistant baker position with somebody else.",
        {"role": "assistant baker", "candidate": "Dana"},
    ),
    "role behind the noun": (
        None,
        "",
        "Dear Dana,\n\nthank you for applying for the position of Marine Surveyor with us.",
        {"role": "Marine Surveyor", "candidate": "Dana"},
    ),
    "requisition number is no part of the role": (
        None,
        "",
        "Dear Dana,\n\nthank you for applying for the position of Transport Planner (REQ-20418). It is filled.",
        {"role": "Transport Planner", "candidate": "Dana"},
    ),
    "role with a slash and a sign": (
        None,
        "",
        "Dear Dana,\n\nwe have decided against your application for the C++/Rust Engineer role.",
        {"role": "C++/Rust Engineer", "candidate": "Dana"},
    ),
    "interest in joining": (
        None,
        "",
        "Dear Dana,\n\nthank you for your interest in joining Harrow & Pike. We chose somebody else.",
        {"company": "Harrow & Pike", "candidate": "Dana"},
    ),
    "career with": (
        None,
        "",
        "Dear Dana,\n\nthank you for your interest in a career with Ostler Freight. We chose somebody else.",
        {"company": "Ostler Freight", "candidate": "Dana"},
    ),
    "who decided": (
        None,
        "",
        "Dear Dana,\n\nafter much thought Harrow & Pike has decided to take another path.",
        {"company": "Harrow & Pike", "candidate": "Dana"},
    ),
    "legal form": (
        None,
        "",
        "Dear Dana,\n\nthank you for your application to Corvid Systems Ltd. We chose somebody else.",
        {"company": "Corvid Systems Ltd", "candidate": "Dana"},
    ),
    "signature names the company": (
        "Ada Moor <ada@hm.example>",
        "No",
        "Hi Dana,\n\nwe chose somebody else.\n\nKind regards,\nAda Moor\nHead of People, Hollin Mills\n+44 20 7946 0101",
        {"company": "Hollin Mills", "contact": "Ada Moor", "candidate": "Dana"},
    ),
    "domain spelt out in the text": (
        "ada@larkandfinch.com",
        "No",
        "Hi Dana,\n\nLark and Finch is a small shop and we chose somebody else.\n\nBest,\nAda",
        {"company": "Lark and Finch", "contact": "Ada", "candidate": "Dana"},
    ),
    "bare domain is no name": (
        "ada@larkandfinch.com",
        "No",
        "Hi Dana,\n\nwe chose somebody else.\n\nBest,\nAda",
        {"contact": "Ada", "candidate": "Dana"},
    ),
    "free mail is no company": (
        "Ada Moor <ada.moor@gmail.com>",
        "No",
        "Hi Dana,\n\nwe chose somebody else. Write to my gmail.\n\nBest,\nAda",
        {"contact": "Ada Moor", "candidate": "Dana"},
    ),
    "system is no company": (
        "no-reply@hire.lever.co",
        "No",
        "Hi Dana,\n\nwe chose somebody else.",
        {"candidate": "Dana"},
    ),
    "nothing named": (None, "", "Hello,\n\nwe chose somebody else. Good luck.", {}),
    "one bare sentence": (None, "", "We decided to go with another candidate.", {}),
    "unnamed greeting": (
        None,
        "",
        "Dear Candidate,\n\nwe chose somebody else.\n\nKind regards,\nThe Hiring Team",
        {},
    ),
    "applicant": (None, "", "Dear applicant,\n\nwe chose somebody else.", {}),
    "all": (None, "", "Hi all,\n\nwe chose somebody else.", {}),
    "there": (None, "", "Hi there,\n\nwe chose somebody else.", {}),
    "sir or madam": (None, "", "Dear Sir or Madam,\n\nwe chose somebody else.", {}),
    "candidate with two names": (
        None,
        "",
        "Dear Dana Li,\n\nwe chose somebody else.",
        {"candidate": "Dana Li"},
    ),
    "candidate with a title": (
        None,
        "",
        "Dear Ms Dana Li,\n\nwe chose somebody else.",
        {"candidate": "Dana Li"},
    ),
    "candidate with a title and a full stop": (
        None,
        "",
        "Dear Ms. Dana Li,\n\nwe chose somebody else.",
        {"candidate": "Dana Li"},
    ),
    "bare name as greeting": (None, "", "Dana,\n\nwe chose somebody else.", {"candidate": "Dana"}),
    "greeting without a comma": (
        None,
        "",
        "Hi Dana\n\nThank you for coming. We chose somebody else.",
        {"candidate": "Dana"},
    ),
    "greeting on the line of the text": (
        None,
        "",
        "Hi Dana, thank you for coming in. We chose somebody else.",
        {"candidate": "Dana"},
    ),
    "accents": (
        None,
        "",
        "Dear Zoë Åkesson,\n\nwe chose somebody else.\n\nBest,\nÉlodie Brûlé",
        {"candidate": "Zoë Åkesson", "contact": "Élodie Brûlé"},
    ),
    "swapped display name": (
        '"Moor, Ada" <ada@fm.example>',
        "No",
        "Hi Dana,\n\nwe chose somebody else.",
        {"contact": "Ada Moor", "candidate": "Dana"},
    ),
    "swapped display name with a particle": (
        '"van der Moor, Ada" <ada@fm.example>',
        "No",
        "Hi Dana,\n\nwe chose somebody else.",
        {"candidate": "Dana"},
    ),
    "person, company": (
        '"Ada Moor, Tidewell" <ada@tw.example>',
        "No",
        "Hi Dana,\n\nwe chose somebody else.\n\nBest,\nAda Moor",
        {"company": "Tidewell", "contact": "Ada Moor", "candidate": "Dana"},
    ),
    "companies that start like other months": (
        "no-reply@us.greenhouse-mail.io",
        "Your application to Novartis",
        "Hello,\n\nwe will not be moving forward.",
        {"company": "Novartis"},
    ),
    "first name signs, display name completes": (
        "Ada Moor <ada@fm.example>",
        "No",
        "Hi Dana,\n\nwe chose somebody else.\n\nCheers,\nAda",
        {"contact": "Ada Moor", "candidate": "Dana"},
    ),
    "somebody else signs": (
        "Ada Moor <ada@fm.example>",
        "No",
        "Hi Dana,\n\nwe chose somebody else.\n\nKind regards,\nRuth Abara",
        {"contact": "Ruth Abara", "candidate": "Dana"},
    ),
    "signature with a title": (
        None,
        "",
        "Hi Dana,\n\nwe chose somebody else.\n\nKind regards,\nAda Moor, Head of Glass",
        {"contact": "Ada Moor", "candidate": "Dana"},
    ),
    "title of nobility": (
        None,
        "",
        "Hi Dana,\n\nwe chose somebody else.\n\nKind regards,\nDr Ada Moor",
        {"contact": "Dr Ada Moor", "candidate": "Dana"},
    ),
    "team signs": (
        None,
        "",
        "Hi Dana,\n\nwe chose somebody else.\n\nKind regards,\nTalent Acquisition",
        {"candidate": "Dana"},
    ),
    "month is no company": (
        None,
        "",
        "Hi Dana,\n\nthank you for coming to the interview in March. We chose somebody else.",
        {"candidate": "Dana"},
    ),
    "template language is only text": (
        "{{ 7*7 }} Careers <careers@brindlecove.example>",
        "{{ 7*7 }}",
        "Hi Dana,\n\nwe {{ 7*7 }} chose somebody else.",
        {"candidate": "Dana"},
    ),
    "the writer's name is no company": (
        "Ren Castell <ren@copperleaf.example>",
        "from Ren at Copperleaf",
        "Dear Dana,\n\nwe chose somebody else.\n\nRen",
        {"company": "Copperleaf", "contact": "Ren Castell", "candidate": "Dana"},
    ),
    "the town of an interview is no company": (
        "oncall@hartshire-fire.example",
        "On-call firefighter, Cold Ashby station",
        "Dear Mr Bexley,\n\nThank you for attending the interview at Cold Ashby. We shall not take you on.",
        {"role": "On-call firefighter", "candidate": "Bexley"},
    ),
    "a plant is no company, the signature names it": (
        "Nabor <nabor@vitkovaxle.example>",
        "Your application to Ostrava assembly plant",
        "Dear Mr Li,\n\nwe cannot consider you for the welder's post.\n\nRecruitment department\nVitkov Axle a.s.",
        {"company": "Vitkov Axle a.s", "role": "welder", "candidate": "Li"},
    ),
    "a department is no company": (
        "Student Officer Recruitment <recruit@northvale-police.example>",
        "Police Constable Intake 14 - fitness assessment result",
        "Dear Dana,\n\nyour application has been closed.\n\nSgt Pollard\nStudent Officer Recruitment",
        {"role": "Police Constable", "candidate": "Dana", "contact": "Sgt Pollard"},
    ),
    "a department behind a rank is no company": (
        "Yolanda Prescott <yprescott@summitmedical.example>",
        "Nurse Manager, 4 West - Decision",
        "Hi Dana,\n\nWe chose another candidate for Nurse Manager.\n\nYolanda Prescott, MSN, RN\nDirector, Inpatient Services",
        {"role": "Nurse Manager", "contact": "Yolanda Prescott", "candidate": "Dana"},
    ),
    "people met are no company": (
        None,
        "",
        "Hi Dana,\n\nthank you for interviewing with Carol and Jim. We chose somebody else.",
        {"candidate": "Dana"},
    ),
    "an agency's client": (
        "Rebecca Thorn <rebecca@aldersgate-search.example>",
        "VP Finance",
        "Dear Dana,\n\nI have heard back from the board at Venloe Packaging. My client chose the other finalist.\n\nRegards,\nRebecca",
        {
            "company": "Venloe Packaging",
            "role": "VP Finance",
            "contact": "Rebecca Thorn",
            "candidate": "Dana",
        },
    ),
    "an agency's client that is not named": (
        "Brightwater Search <jobs@brightwater-search.example>",
        "Marine Underwriter",
        "Hi Dana,\n\nour client has decided to go with somebody else.\n\nBrightwater Search",
        {"role": "Marine Underwriter", "candidate": "Dana"},
    ),
    "a system that sends for others": (
        "Workday @ Quarrystone Notification <quarrystone@myworkday.com>",
        "Your application",
        "Dear Dana,\n\nthank you for applying for the Kiln Operator role. We chose somebody else.",
        {"company": "Quarrystone", "role": "Kiln Operator", "candidate": "Dana"},
    ),
    "a company in front of a relay": (
        "no-reply <hollinmills@myworkday.com>",
        "Your application",
        "Dear Dana,\n\nHollin Mills thanks you. We chose somebody else.",
        {"company": "Hollin Mills", "candidate": "Dana"},
    ),
    "a mail without punctuation": (
        None,
        "Thank you for applying",
        "Hi Dana Thank you for your interest in a career with Ostler Freight and applying for the R Junior Planner role We have chosen somebody else Best Ostler Freight Recruiting Team",
        {"company": "Ostler Freight", "role": "Junior Planner", "candidate": "Dana"},
    ),
    "a title with a level, a tail and a bracket": (
        None,
        "",
        "Dear Dana,\n\nthank you for applying for our Kiln Engineer II - Float Glass (Remote) position. It is filled.",
        {"role": "Kiln Engineer II - Float Glass", "candidate": "Dana"},
    ),
    "a title with a colon and a number": (
        None,
        "",
        "Dear Dana,\n\nthank you for your interest in the position of New Graduate: Kiln Engineer I, Req ID 169410. It is filled.",
        {"role": "New Graduate: Kiln Engineer I", "candidate": "Dana"},
    ),
    "a number in front of the title": (
        None,
        "",
        "Dear Dana,\n\nthank you for your interest in the 2024-45452 Kiln Engineer position. It is filled.",
        {"role": "Kiln Engineer", "candidate": "Dana"},
    ),
    "a labelled line": (
        None,
        "",
        "Dear Dana,\n\nwe have looked at your application.\n\nPosition: Glass Cutter\nJob Number: JR0148336\n\nIt is filled.",
        {"role": "Glass Cutter", "candidate": "Dana"},
    ),
    "the subject alone names the role": (
        "Ruth Abara <ruth@tidewell.example>",
        "Re: Wealth manager, Edinburgh",
        "Hi Dana,\n\nwe went with somebody else.\n\nRuth",
        {"role": "Wealth manager", "contact": "Ruth Abara", "candidate": "Dana"},
    ),
    "a rank that needs its field": (
        None,
        "Director, Glass Pricing",
        "Dear Dana,\n\nwe went with somebody else.",
        {"role": "Director, Glass Pricing", "candidate": "Dana"},
    ),
    "an internship keeps its name": (
        None,
        "",
        "Dear Dana,\n\nwe have filled the Glass Design Internship position.",
        {"role": "Glass Design Internship", "candidate": "Dana"},
    ),
    "a page is no role": (
        None,
        "",
        "Dear Dana,\n\nkeep an eye on our Careers page for other roles and join our Talent Community.",
        {"candidate": "Dana"},
    ),
    "a brand that looks like a person": (
        "Brindle Motors <jobs@brindlemotors.example>",
        "Update",
        "Dear Dana,\n\nwe chose somebody else.\n\nBrindle Motors",
        {"company": "Brindle Motors", "candidate": "Dana"},
    ),
    "initials and a surname sign": (
        None,
        "",
        "Dear Dana,\n\nwe chose somebody else.\n\nYours faithfully,\nR. T. Pennefather\nClerk to the Trustees",
        {"contact": "R. T. Pennefather", "candidate": "Dana"},
    ),
    "a valediction no list holds": (
        None,
        "",
        "Dear Dana,\n\nwe chose somebody else.\n\nAffectionately,\nEsther Blume",
        {"contact": "Esther Blume", "candidate": "Dana"},
    ),
}


def read(sender, subject, body):
    """The message and letter of a mail made of these."""
    head = "".join(f"{name}: {value}\n" for name, value in (("From", sender), ("Subject", subject)) if value)
    mail = parse((head + "\n" + body).encode() if head else body.encode())
    return mail, clean(mail)


@pytest.mark.parametrize("case", MAILS)
def test_names(case):
    """Company, role, writer and reader are found as the mail names them, else None."""
    sender, subject, body, expected = MAILS[case]
    found = find_details(*read(sender, subject, body))
    if case == "template language is only text":  # nothing sensible stands there: only no evaluation
        assert "49" not in str(asdict(found))
        return
    names = {
        "company": found.company,
        "role": found.role,
        "contact": found.contact.name if found.contact else None,
        "candidate": found.candidate,
    }
    assert names == {**dict.fromkeys(names), **expected}


def test_table_is_long():
    """More than sixty mails stand in the table, among them some that name nothing."""
    assert len(MAILS) >= 60
    assert sum(not expected for *_, expected in MAILS.values()) >= 5


@pytest.mark.parametrize(
    ("signature", "greeting"),
    [
        ("Ada Moor", "Ada"),
        ("Ada", "Ada"),
        ("Dr Ada Moor", "Dr Moor"),
        ("Prof. Ada Moor", "Prof. Moor"),
        ("Ms Moor", "Ms Moor"),
        ("W. Moor", "W. Moor"),
    ],
)
def test_how_to_greet(signature, greeting):
    """A person is greeted by the first name, or by title and last name where a title is shown."""
    found = find_details(
        *read(None, "", f"Hi Dana,\n\nwe chose somebody else.\n\nKind regards,\n{signature}")
    )
    assert found.greeting_name == greeting


def test_contact_address_is_where_replies_go():
    """The contact's address is Reply-To where there is one."""
    raw = b"From: Ada Moor <no-reply@fm.example>\nReply-To: ada@fm.example\nSubject: No\n\nHi Dana,\n\nno.\n\nBest,\nAda\n"
    mail = parse(raw)
    found = find_details(mail, clean(mail))
    assert (found.contact.name, found.contact.address) == ("Ada Moor", "ada@fm.example")


@pytest.mark.parametrize(
    ("sentence", "skills"),
    [
        ("We need somebody with more experience with Kubernetes.", ["Kubernetes"]),
        ("You lack experience in structural glazing, which the job needs.", ["structural glazing"]),
        ("Others had deeper knowledge of Rust than you showed.", ["Rust"]),
        ("We were looking for stronger SQL skills.", ["SQL"]),
        ("We need a Forklift Licence holder, with a Forklift licence in hand.", ["Forklift"]),
        ("Your background in payments was thinner than we need.", ["payments"]),
        ("We needed fluency in German.", ["German"]),
        ("You do not have enough experience.", []),
        ("We need more experience in this area.", []),
        ("Other candidates had more experience.", []),
        ("We chose somebody else.", []),
        ("", []),
    ],
)
def test_skills(sentence, skills):
    """The skill a sentence names as missing is found, and none where none is named."""
    assert list(dict.fromkeys(find_skills(sentence))) == skills


def test_skills_only_from_the_sentences_that_carry_the_gap(verdict, message, letter):
    """Skills are looked for in the evidence for a skill gap, nowhere else in the mail."""
    text = letter(
        "Hi Dana,\n\nyour experience with Haskell impressed us. We need more experience with Rust.\n\nBest,\nAda"
    )
    gap = verdict("hard_no", "feedback_given", "skill_gap", skill="We need more experience with Rust.")
    assert details(message(), text, gap).skills == ("Rust",)
    assert details(message(), text, verdict()).skills == ()


def test_at_most_three_skills_each_once(verdict, message, letter):
    """No more than three skills are named, each once."""
    sentences = tuple(f"We need experience with {name}." for name in ("Go", "Go", "Rust", "Ada", "Zig"))
    assert find_details(message(), letter(), sentences).skills == ("Go", "Rust", "Ada")


@pytest.mark.parametrize(
    ("door", "named"),
    [
        ("I will call you in the second week of April.", True),
        ("Write to me again in Q3.", True),
        ("We can talk again next year.", True),
        ("We will know more by the end of June.", True),
        ("Let us speak again in three months.", True),
        ("You are first on our waiting list.", False),
        ("I may have something for you.", False),
        ("Do stay in touch.", False),
    ],
)
def test_date_named(door, named, verdict, message, letter):
    """Whether the sentence that holds the door open names a time is seen."""
    assert details(message(), letter(), verdict("soft_no", door=door)).date_named is named


@pytest.mark.parametrize(
    ("text", "british"),
    [
        ("we were sorry to disappoint you, whilst the programme runs", True),
        ("you were shortlisted", True),
        ("No. Whilst we liked you, we chose somebody else", True),
        ("we apologise", True),
        ("we apologize, and thank you for the program", False),
        ("no", False),
    ],
)
def test_british_spelling(text, british, message, letter):
    """British spelling in the mail is noticed, so that the reply can close alike."""
    assert find_details(message(), letter(f"Dear Dana,\n\n{text}.")).british is british


@pytest.mark.parametrize(
    "text",
    [
        "Dear " + "A" * 50_000,
        "Dear " + "Ada " * 12_000,
        "thank you for applying to " + "Fenwick " * 6_000,
        "thank you for applying to " + "of the & and " * 4_000,
        "the " + "role " * 10_000,
        "experience with " * 3_500,
        "X" + "-x" * 25_000 + " has decided",
        "at At " * 9_000,
    ],
    ids=["letters", "names", "company", "links", "role", "experience", "hyphens", "at"],
)
def test_no_mail_stalls_the_search(text, message, letter):
    """Names are looked for in linear time, whatever the text."""
    start = time.process_time()
    found = find_details(message(subject=text[:2000]), letter(text), (text[:600],), (text[:600],))
    assert time.process_time() - start < 3
    assert len(found.company or "") <= 200
    assert len(found.candidate or "") <= 200


def test_no_word_stalls_the_search_for_skills():
    """Skills are looked for in linear time, whatever the sentence."""
    start = time.process_time()
    for letters in ("A" * 50_000, "A-" * 25_000, "A+#" * 15_000, "A " * 25_000):
        find_skills(letters)
    assert time.process_time() - start < 1
