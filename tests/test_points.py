"""The very point of their feedback as a phrase of the mail's own words, or nothing."""

import pytest

from rejoinder.reply.phrases import fit
from rejoinder.reply.points import explained, feedback_point, lacks, skill_point


@pytest.mark.parametrize(
    ("sentence", "point"),
    [
        ("We needed somebody with more experience with lampworking.", "lampworking"),
        (
            "We went with someone who has deeper experience in cold forging, as the press is new.",
            "cold forging",
        ),
        ("The others had a stronger background in statistics than you did.", "statistics"),
        (
            "They wanted more hands-on experience of multi-country payroll, and so we chose her.",
            "multi-country payroll",
        ),
        ("You lack experience in SQL and Tableau.", "SQL and Tableau"),
        ("We need more depth in harbour law, which is half the job.", "harbour law"),
        ("You showed limited knowledge of IFRS 9, and the test ran out.", "IFRS 9"),
        ("We were looking for experience working with Terraform, not only Ansible.", "Terraform"),
        ("We hoped for more experience in our tech stack.", "your tech stack"),
        ("He has more experience with the Zeiss machines than you have.", "the Zeiss machines"),
        ("We need someone with more Kubernetes experience.", "Kubernetes experience"),
        ("They want to see more recent .NET Core experience, not Framework.", ".NET Core experience"),
        ("There was not enough litigation background, they said.", "litigation background"),
        (
            "The job requires a current forklift certification and you have none.",
            "the forklift certification",
        ),
        ("We cannot hire without a valid SIA licence.", "the SIA licence"),
        ("We require a Level 3 qualification for this room.", "the Level 3 qualification"),
        ("She has more experience managing managers, as opposed to juniors.", "managing managers"),
        ("We want more experience selling to state governments.", None),
        (
            "The gap was independent flow cytometry: you ran other people's panels.",
            "independent flow cytometry",
        ),
        ("The snag is GMP: this post signs off from day one.", "GMP"),
        ("Your German was below what we need on the desk.", "my German"),
        ("Your take-home was not what we had hoped for.", "my take-home"),
        (
            "You scored 41% in the bank reconciliation section, below the cut-off.",
            "the bank reconciliation section",
        ),
        # nothing that surely fits: left out
        ("We chose someone with more experience.", None),
        ("We need more experience in that.", None),
        ("We need more experience in what we do here.", None),
        ("We need someone with more experience in the field.", None),
        ("We need more experience in this industry.", None),
        ("They had more experience in a similar role.", None),
        ("More experience with which you could lead us is needed.", None),
        ("You have not got the experience.", None),
        ("Your skills are not what we need.", None),
        ("Your experience was not enough.", None),
        ("We need experience in it.", None),
        ("We did not see how you would balance skill mix across a week.", None),
        ("We need no shipped experience.", None),
        ("What was missing was evidence that you can lead.", None),
        ("We need more experience with {{ 7*7 }}.", None),
        ("We need more experience with <script>alert(1)</script>.", None),
        ("We need more experience with " + "very " * 50 + "long things.", None),
        ("We need more years.", None),
        ("", None),
        # praise is no point where something is said to be missing
        ("Your experience with distributed systems is impressive.", None),
        ("It was great learning more about you and your background.", None),
    ],
)
def test_skill(sentence, point):
    """A skill is named as the mail names it, from the candidate's side; what is not surely a phrase is left out."""
    assert skill_point((sentence,)) == point


@pytest.mark.parametrize(
    ("sentence", "point"),
    [
        ("Your portfolio was too small for us.", "my portfolio"),
        ("The panel loved your presentation.", "my presentation"),
        ("We thought that your sample lesson was wonderful.", "my sample lesson"),
        ("The jury said your answers ran long.", "my answers"),
        ("Feedback on your roadmap exercise was glowing.", "my roadmap exercise"),
        ("You found the second bug in the outage exercise.", "the outage exercise"),
        ("We cannot offer visa sponsorship for this post.", "visa sponsorship"),
        ("Your salary requirement was past what we can pay.", "the salary"),
        ("We cannot wait for the three months' notice you owe.", "my notice period"),
        ("We feel you are overqualified for the front desk.", "being overqualified"),
        ("There is no budget for relocation.", "relocation"),
        ("You would be an hour and a half each way, and the commute worried us.", "the commute"),
        ("Your graduation date falls after the programme begins.", "my graduation date"),
        # left out
        ("Your mother called us.", None),
        ("Your time is appreciated.", None),
        ("We liked your CV test results centre.", None),
        ("Somebody else was chosen.", None),
        ("The first test was long.", None),
        ("You came across as nervous.", None),
        ("", None),
    ],
)
def test_feedback(sentence, point):
    """What was remarked on is named with its person turned round, and left out where that is not sure."""
    assert feedback_point((sentence,)) == point


def test_the_first_sentence_that_names_it_wins():
    """Of several sentences the first that names a point gives it; what the details found comes last."""
    assert skill_point(("We need more years.", "You lack experience with Go."), ("Rust",)) == "Go"
    assert skill_point(("We need more years.",), ("Rust",)) == "Rust"
    assert skill_point(("We need more years.",), ("it",)) is None


@pytest.mark.parametrize(
    ("phrase", "fitted"),
    [
        ("your portfolio", "my portfolio"),
        ("our systems", "your systems"),
        ("the press", "the press"),
        ("a press", "press"),
        ("direct hands-on welding", "welding"),
        ("welding than others", "welding"),
        ("welding, milling and so on", "welding"),
        ("C++", "C++"),
        ("R", None),
        ("their systems", None),
        ("what we do", None),
        ("and so on", None),
        ("it", None),
        ("42", None),
        ("", None),
        ("x" * 200, None),
        ("one two three four five six seven eight", None),
    ],
)
def test_fit(phrase, fitted):
    """A phrase is cut where it ends, seen from the other side, and refused when it points at somebody."""
    assert fit(phrase) == fitted


@pytest.mark.parametrize(
    ("sentence", "missing", "said"),
    [
        ("You have no licence.", True, True),
        ("We needed more experience.", True, True),
        ("Your pitch was lovely.", False, True),
        ("It was great learning more about you and your background.", False, False),
        ("Thank you for your time.", False, False),
        ("We value candidates like you.", False, False),
        ("The People & Culture Team At Fenwick Glass And Moor", False, False),
        ("Culture", False, False),
    ],
)
def test_what_a_sentence_gives(sentence, missing, said):
    """A reply thanks for a reason only where a sentence gives one."""
    assert lacks((sentence,)) is missing
    assert explained((sentence,)) is said


def test_long_sentences_are_read_in_no_time():
    """A sentence of a hundred thousand words costs no more than it is long."""
    for text in (
        "experience with " * 30_000,
        "your " * 100_000,
        "word " * 100_000 + "experience",
        "the a " * 50_000 + "section",
    ):
        assert skill_point((text,)) is None
        assert feedback_point((text,)) is None
