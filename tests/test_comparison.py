"""Two models side by side: what the difference is, and when it is one."""

import pytest

from rejoinder.learn.comparison import Outcome, compare, judge

NO, YES, PAY = frozenset(), frozenset({"hard_no"}), frozenset({"hard_no", "salary"})


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ([NO] * 40, [YES] * 20 + [NO] * 20, Outcome.BETTER),
        ([YES] * 20 + [NO] * 20, [NO] * 40, Outcome.WORSE),
        ([YES] * 19 + [NO] * 21, [NO] + [YES] * 19 + [NO] * 20, Outcome.SAME),
        ([YES] * 20 + [NO] * 20, [YES] * 20 + [NO] * 20, Outcome.SAME),
    ],
)
def test_what_a_comparison_comes_to(before, after, outcome) -> None:
    """Better or worse is said where chance can hardly have done it, and nothing else."""
    found = compare([YES] * 20 + [NO] * 20, before, after)
    assert found.outcome == outcome
    assert judge(found, None)[0] == outcome


def test_a_loss_on_shipped_mails_makes_a_model_worse() -> None:
    """What is gained on one's own mails does not make up for shipped mails misread."""
    mine = compare([YES] * 20 + [NO] * 20, [NO] * 40, [YES] * 20 + [NO] * 20)
    theirs = compare([YES] * 50 + [NO] * 50, [YES] * 50 + [NO] * 50, [YES] * 100)
    assert judge(mine, theirs)[0] == Outcome.WORSE
    assert "shipped" in judge(mine, theirs)[1]


def test_lines_name_own_labels_and_leave_out_absent_ones() -> None:
    """A line for each label that is there or was found; the figures are those one counts by hand."""
    found = compare([PAY, PAY, YES, NO], [YES, PAY, YES, NO], [PAY, PAY, PAY, NO])
    lines = {line.label: line for line in found.lines}
    assert list(lines) == ["rejection", "hard_no", "salary"]
    pay = lines["salary"]
    assert (pay.there, round(pay.before, 3), round(pay.after, 3)) == (2, 0.667, 0.8)
    low, high = pay.before_range
    assert low < pay.before < high


def test_no_mails_at_all() -> None:
    """Nothing compared with nothing is not distinguishable."""
    assert compare([], [], []).outcome == Outcome.SAME
