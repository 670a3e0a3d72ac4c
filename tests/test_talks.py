"""Whether a mail shows a conversation that took place."""

import pytest

from rejoinder.reply.talks import talked


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for speaking with us on Monday.",
        "Thanks for taking the time to speak with me about the role.",
        "It was a pleasure to meet you last week.",
        "It was great chatting with you.",
        "We enjoyed our conversation.",
        "Thank you for coming in.",
        "Good of you to come in on Tuesday.",
        "Thanks for jumping on the phone with me.",
        "Thanks for your time on the phone this morning.",
        "Thank you for your interview on 4 March.",
        "After our call I spoke to the manager.",
        "Thank you for making time for the technical phone screen on Wednesday.",
        "Following your interview, we have decided against it.",
        "You came across as thoughtful.",
        "We met on Tuesday and I liked you.",
        "Thank you for interviewing with us. We will not be moving forward.",
        "I am sorry we cannot offer you the job, but it was lovely to talk.",
        "The time you took to\ntalk to us was appreciated.",
        "We appreciate your effort in the Software Engineer interviews.",
        "At the second technical interview you could not explain indexes.",
        "Having met you, the board came down to a choice of two.",
    ],
)
def test_a_talk(text):
    """An interview, a call or a phone screen that took place is a talk."""
    assert talked(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for completing the coding test.",
        "Thank you for sending us the test piece.",
        "Your assessment was marked yesterday.",
        "Thank you for applying. We will not be inviting you to interview.",
        "We are unable to meet with every applicant.",
        "We will not be proceeding to an interview.",
        "You were not selected for an interview.",
        "We look forward to meeting you one day.",
        "We hope to speak with you about other roles.",
        "Feel free to call me.",
        "Your interview scheduled for Friday is cancelled, as you were told your interview process ends.",
        "We interviewed several candidates who had more experience.",
        "Other candidates interviewed with us last week.",
        "We had 100 applications and were only able to interview five people.",
        "The panel met this morning.",
        "Leadership takes the question up again after the January board meeting.",
        "Two of the valleys are Gaelic-speaking.",
        "I would have liked to meet you.",
        "If you would like to talk, write to me.",
        "Thank you for your interest in meeting our needs.",
        "To unsubscribe from job mails visit your account.",
        "",
    ],
)
def test_no_talk(text):
    """A test alone, an interview that will not be held, and what others did is none."""
    assert not talked(text)


def test_long_text():
    """A very long mail is read in linear time."""
    assert not talked("interview " * 50_000)
    assert not talked("the " * 100_000 + "interview process")
