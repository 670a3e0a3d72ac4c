"""Weights held to a sign: the same regression where that costs nothing, and never a sign that makes no sense."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from rejoinder.learn.signed import SPEAKS_AGAINST, SPEAKS_FOR, SignedRegression, sign
from rejoinder.learn.training import HEAD_INPUTS


@pytest.fixture
def rows() -> np.ndarray:
    """Three columns that go together, as signals of one letter do."""
    chance = np.random.default_rng(0)
    common = chance.normal(size=(400, 1))
    return common + chance.normal(scale=0.5, size=(400, 3))


def test_free_weights_are_those_of_scikit_learn(rows: np.ndarray) -> None:
    """Without a sign to hold, it finds what scikit-learn's own regression finds."""
    answers = rows[:, 0] - rows[:, 1] > 0.2
    ours = SignedRegression(0.3, (0, 0, 0)).fit(rows, answers)
    theirs = LogisticRegression(C=0.3, tol=1e-8).fit(rows, answers)
    np.testing.assert_allclose(ours.decision_function(rows), theirs.decision_function(rows), atol=1e-3)
    assert (ours.predict(rows) == theirs.predict(rows)).all()


def test_signs_are_held(rows: np.ndarray) -> None:
    """More of what can only speak for an answer never speaks against it, even if it did in the examples."""
    answers = rows[:, 0] - rows[:, 1] > 0.2
    free = LogisticRegression(C=0.3).fit(rows, answers)
    held = SignedRegression(0.3, (1, 1, -1)).fit(rows, answers)
    assert free.coef_[0, 1] < 0
    assert held.coef_[0, 0] > 0
    assert held.coef_[0, 1] >= 0
    assert held.coef_[0, 2] <= 0
    more = rows + np.array([0.0, 1.0, 0.0])
    assert (held.decision_function(more) >= held.decision_function(rows)).all()


@pytest.mark.parametrize("label", SPEAKS_FOR)
def test_every_sign_is_of_something_that_is_read(label: str) -> None:
    """Signs are said of a head's own inputs, and no input is said to speak both for and against."""
    against = SPEAKS_AGAINST.get(label, frozenset())
    said = SPEAKS_FOR[label] | against
    assert said <= set(HEAD_INPUTS[label])
    assert not SPEAKS_FOR[label] & against
    assert {sign(label, name) for name in SPEAKS_FOR[label]} == {1}
    assert {sign(label, name) for name in HEAD_INPUTS[label] if name not in said} <= {0}
