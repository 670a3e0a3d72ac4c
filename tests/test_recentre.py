"""What the model calls probable after its thresholds were moved to one half."""

from types import SimpleNamespace

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from rejoinder.learn.build import PLAINER, recentre


def test_thresholds_come_to_stand_at_one_half_and_nothing_crosses_them() -> None:
    """What was at or above its threshold is at or above one half, of every head, and nothing else is."""
    rows = np.random.default_rng(0).normal(size=(300, 2))
    thresholds = {"rejection": 0.7, "soft_no": 0.42}
    heads = {
        name: make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, rows[:, 0] > 0)
        for name in thresholds
    }
    before = {name: head.decision_function(rows) for name, head in heads.items()}
    recentre(SimpleNamespace(heads_=heads), thresholds)
    for name, limit in thresholds.items():
        stretched = PLAINER if name == "rejection" else 1
        expected = stretched * (before[name] - np.log(limit / (1 - limit)))
        np.testing.assert_allclose(heads[name].decision_function(rows), expected)
