"""The exported model: the same numbers as scikit-learn, and nothing accepted that is not whole."""

import json
import shutil
from pathlib import Path

import joblib
import numpy as np
import pytest

from rejoinder import RejoinderError, load_model
from rejoinder.learn.corpus import load_corpus
from rejoinder.learn.material import letter_sentences
from rejoinder.learn.training import LetterModel
from rejoinder.learn.vectorizer import NgramVectorizer
from rejoinder.model.scorer import load
from rejoinder.resources import shipped

MODELS = shipped("models")


@pytest.fixture(scope="module")
def pipeline() -> LetterModel:
    # Our own file, from our own checkout: the one place where opening a pickle is in order.
    return joblib.load(MODELS / "rejoinder-en.joblib")


def test_parity_on_the_whole_corpus(pipeline: LetterModel) -> None:
    """Exported scorer and scikit-learn agree within 1e-6 on every head of every mail of the corpus."""
    scorer = load_model()
    letters = [letter_sentences(mail.text) for mail in load_corpus().mails]
    expected = pipeline.head_values(pipeline.pooled_letters(letters))
    for at, sentences in enumerate(letters):
        pooled = scorer.pooled([scorer.sentence_logits(sentence) for sentence in sentences])
        for name, values in expected.items():
            np.testing.assert_allclose(
                scorer.head(name, pooled), np.atleast_1d(values[at]), atol=1e-6, rtol=0
            )


def test_shipped_files_are_small() -> None:
    """All shipped model files together stay under 6 MB."""
    assert sum(path.stat().st_size for path in MODELS.iterdir()) <= 6_000_000


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for ending in ("bin", "json"):
        shutil.copy(MODELS / f"rejoinder-en.{ending}", tmp_path)
    return tmp_path / "rejoinder-en.bin"


def test_a_copy_loads_by_either_name(copy: Path) -> None:
    """The weights, the card, or their common stem name the same model."""
    assert load(copy).id == load(copy.with_suffix(".json")).id == load(copy.with_suffix("")).id


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def declare_huge(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4:8] = b"\xff\xff\xff\xff"
    path.write_bytes(bytes(data))


def other_format(path: Path) -> None:
    card = path.with_suffix(".json")
    card.write_text(json.dumps({**json.loads(card.read_text()), "format": 99}))


@pytest.mark.parametrize(
    "damage",
    [
        flip,
        declare_huge,
        other_format,
        lambda path: path.write_bytes(path.read_bytes()[:1000]),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: path.with_suffix(".json").unlink(),
        lambda path: path.with_suffix(".json").write_text("{"),
        lambda path: path.with_suffix(".json").write_text("{}"),
    ],
    ids=[
        "flipped bit",
        "declared size",
        "format",
        "truncated",
        "empty",
        "no weights",
        "no card",
        "broken card",
        "empty card",
    ],
)
def test_a_damaged_model_is_refused(copy: Path, damage) -> None:
    """Anything not whole is refused with a line that says what to do next."""
    damage(copy)
    with pytest.raises(RejoinderError) as caught:
        load(copy)
    assert caught.value.tip


def test_the_vocabulary_is_kept_in_order():
    """The n-grams of the pipeline stand in one order in every run, so that the same corpus gives the same bytes."""
    vectorizer = NgramVectorizer(1)
    vectorizer.fit_transform(["We have chosen somebody else.", "We wish you well."])
    assert list(vectorizer.vocabulary_) == sorted(vectorizer.vocabulary_)
    assert list(vectorizer.vocabulary_.values()) == list(range(len(vectorizer.vocabulary_)))
