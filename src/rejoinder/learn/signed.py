"""Logistic regression whose weights may be held to a sign: what speaks for a no never speaks against it.

The signals of a letter go together in the corpus, and a free regression plays
them off against each other: it takes back for "the search is on hold" what it
gave for "a no". That evens out on letters like those it learnt from. On mail
from strangers, where one signal comes without the other, a plain no would then
count for less than it says. With the sign held, more evidence never counts
against a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from rejoinder.learn.context import Array
from rejoinder.model.functions import JOB_NO, UNIONS
from rejoinder.types import Label

#: What can only speak for each label.
SPEAKS_FOR: dict[str, frozenset[str]] = {
    "rejection": frozenset(
        {JOB_NO, "any_no", "final_decision", "implied_decision", "hold", "any_soft", "any_reason"}
    ),
    Label.SOFT_NO: frozenset({"any_soft", *UNIONS["any_soft"]}),
    Label.FEEDBACK_GIVEN: frozenset({"any_reason", *UNIONS["any_reason"]}),
    Label.SKILL_GAP: frozenset({"reason_skill", "weakness", "any_reason"}),
    Label.CULTURE_FIT: frozenset({"reason_culture", "any_reason"}),
}
#: What can only speak against it.
SPEAKS_AGAINST: dict[str, frozenset[str]] = {
    "rejection": frozenset(
        {
            "receipt", "next_step", "invitation", "reschedule", "offer", "delay", "outreach", "refusal_other",
            "third_party", "candidate", "condition",
        }
    ),
    Label.FEEDBACK_GIVEN: frozenset({"no_feedback", "stock_reason"}),
    Label.SKILL_GAP: frozenset({"reason_culture", "stock_reason"}),
    Label.CULTURE_FIT: frozenset({"reason_skill", "stock_reason"}),
}  # fmt: skip


def sign(label: str, signal: str) -> int:
    """1 where the signal can only speak for the label, -1 where only against it, else 0."""
    return (signal in SPEAKS_FOR.get(label, ())) - (signal in SPEAKS_AGAINST.get(label, ()))


class SignedRegression(LogisticRegression):  # type: ignore[misc]
    """Logistic regression, yes or no, with a sign for each weight: 1 for never below zero, -1 never above, 0 free."""

    def __init__(self, C: float = 1.0, signs: Sequence[int] = ()) -> None:
        super().__init__(C=C)
        self.signs = signs

    def fit(self, X: Array, y: npt.NDArray[np.bool_]) -> SignedRegression:
        """Learn from rows and answers; the intercept is free and not held small."""
        width = X.shape[1]
        bounds = [(0 if sign > 0 else None, 0 if sign < 0 else None) for sign in self.signs]
        found = minimize(
            _loss,
            np.zeros(width + 1),
            args=(X, np.where(y, 1.0, -1.0), self.C),
            jac=True,
            method="L-BFGS-B",
            bounds=[*bounds, (None, None)],
            options={"maxiter": 2000},
        )
        self.coef_, self.intercept_ = found.x[None, :width], found.x[width:]
        self.classes_, self.n_features_in_ = np.array([False, True]), width
        return self


def _loss(weights: Array, rows: Array, answers: Array, penalty: float) -> tuple[Any, Array]:
    """What scikit-learn minimises too, and its gradient."""
    margins = answers * (rows @ weights[:-1] + weights[-1])
    pull = -penalty * answers / (1 + np.exp(np.clip(margins, -500, 500)))
    loss = penalty * np.logaddexp(0, -margins).sum() + 0.5 * weights[:-1] @ weights[:-1]
    return loss, np.append(rows.T @ pull + weights[:-1], pull.sum())
