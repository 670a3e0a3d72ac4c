"""Which mails are asked about first."""

import pytest

from rejoinder.learn.selection import Candidate, most_instructive, uncertainty


@pytest.fixture
def candidate(verdict):
    """A mail by its text and the probability that it is a rejection, all labels being sure."""

    def make(text, rejection, **labels):
        given = {"rejection": rejection, "hard_no": rejection, "soft_no": 0.0, "feedback_given": 0.0}
        given |= {"skill_gap": 0.0, "culture_fit": 0.0, **labels}
        return Candidate(text, verdict(probabilities=given, signals={"a": rejection, "b": 0.5}))

    return make


def test_what_is_uncertain(candidate):
    """The model knows least about a kind near one half, and about a sure rejection with a label near one half."""
    mails = [
        candidate("one two three", 0.99),
        candidate("four five six", 0.52),
        candidate("seven eight nine", 0.98, soft_no=0.49, hard_no=0.49),
        candidate("ten eleven twelve", 0.02, soft_no=0.01),
    ]
    doubts = [uncertainty(one.verdict) for one in mails]
    assert min(doubts[1:3]) > 0.9 > 0.1 > max(doubts[0], doubts[3])


def test_bands_keep_doubt_before_variety(candidate, monkeypatch):
    """No mail that the model is sure of comes before one that it is unsure of, however different it is."""
    monkeypatch.setattr("rejoinder.learn.selection.BAND", 3)
    unsure = [candidate(f"we chose another person for the {role}", 0.5) for role in ("desk", "boat", "shop")]
    sure = [candidate(f"{word} {word}ly {word}ness", 0.99) for word in ("apple", "pear", "plum")]
    assert set(most_instructive(sure + unsure)[:3]) == {3, 4, 5}


def test_the_different_come_first(candidate):
    """Of equally uncertain mails, those unlike the ones before come first, and copies last of all."""
    form = [
        candidate("thank you for your interest in the role of clerk we chose somebody else", 0.5)
        for _ in range(4)
    ]
    others = [
        candidate("cannot take you on nights there is no bus", 0.5),
        candidate("call me about the boat", 0.5),
    ]
    order = most_instructive([*form, *others])
    assert set(order[:3]) == {0, 4, 5}
    assert order[3:] == [1, 2, 3]


def test_what_is_labelled_is_not_asked_again(candidate):
    """A labelled mail is left out, and its copies come last."""
    mails = [
        candidate("we chose somebody else", 0.5),
        candidate("we chose somebody else", 0.5),
        candidate("see you at the boat", 0.4),
    ]
    assert most_instructive(mails, labelled={0}) == [2, 1]
    assert most_instructive([]) == []


def test_another_language_comes_last(candidate, verdict, monkeypatch):
    """What the model cannot read, it cannot learn from."""
    foreign = Candidate(
        "bonjour", verdict(rejection=None, labels_given=()) if False else verdict("hard_no", rejection=None)
    )
    assert uncertainty(foreign.verdict) == 0
    assert most_instructive([foreign, candidate("we chose somebody", 0.9)]) in ([1, 0], [0, 1])
