"""Near-copies never stand on both sides of what is learnt and what is judged."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.learn.grouping import grouped_folds, near_copies

FORM = "Dear {}, thank you for applying to {}. We have filled the post with somebody whose path fits it more closely."


def test_copies_with_other_names_are_one_group() -> None:
    """The same form letter to other people is one group; what only begins alike is not."""
    texts = [FORM.format("Ana", "Orsk Mills"), FORM.format("Ben", "Tallow & Sons"),
             "Dear Ana, your parcel lies at the gate and can be fetched until Friday noon.", FORM.format("Cy", "Wye Farm")]  # fmt: skip
    groups = near_copies(texts)
    assert groups[0] == groups[1] == groups[3] != groups[2]


def test_what_copies_lead_to_is_one_group() -> None:
    """A is like B and B like C: all three stay together, also when A and C share nothing."""
    words = [f"word{number}" for number in range(60)]
    texts = [" ".join(words[:30]), " ".join(words[15:45]), " ".join(words[30:])]
    assert len(set(near_copies(texts).tolist())) == 1


def test_short_and_empty_texts() -> None:
    """Texts too short for a run of five words are compared as a whole."""
    groups = near_copies(["No.", "Sorry, no!", "No.", ""])
    assert groups[0] == groups[2] != groups[1]


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=60))
def test_groups_stay_whole_and_folds_are_filled(mails) -> None:
    """No group is split, and no fold is empty unless there are too few groups."""
    groups = np.array([group for group, _ in mails])
    folds = grouped_folds(groups, [frozenset({"hard_no"} if no else ()) for _, no in mails], 5)
    assert all(len(set(folds[groups == group].tolist())) == 1 for group in set(groups.tolist()))
    assert len(set(folds.tolist())) == min(5, len(set(groups.tolist())))


def test_labels_are_spread() -> None:
    """Ten mails with a label among fifty come two to a fold."""
    labels = [frozenset({"soft_no"}) if at % 5 == 0 else frozenset() for at in range(50)]
    folds = grouped_folds(np.arange(50), labels, 5)
    assert [sum(folds[at] == fold for at in range(0, 50, 5)) for fold in range(5)] == [2] * 5
