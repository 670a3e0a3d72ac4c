"""What the model counts."""

import pytest

from rejoinder.model.features import sentence_features, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We've decided", "we have decided"),
        ("We’ve decided", "we've decided"),
        ("weve decided", "we have decided"),
        ("We haven't chosen", "we have not chosen"),
        ("cannot offer", "can't offer"),
        ("other candidates", "other candidate"),
        ("WE REGRET", "we regret"),
        ("call 020 7946 0173", "call 555 123 99"),
        ("see https://x.example/a", "see www.y.example"),
        ("mail a@b.example now", "mail c.d@e.example now"),
    ],
)
def test_spelling_does_not_matter(one: str, other: str) -> None:
    """Case, apostrophes, contractions, plurals, numbers and addresses are read alike."""
    assert tokens(one) == tokens(other)


def test_features_are_word_ngrams_and_pieces() -> None:
    """Words up to three in a row with the sentence's edges, and 4-grams of letters."""
    found = sentence_features("No offer")
    assert {"no", "no offer", "^ no offer", "offer $", "#<off", "#fer>"} <= set(found)
