"""The corpus keeps its own rules."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from rejoinder.learn.corpus import Corpus, load_corpus
from rejoinder.learn.examples import read_examples
from rejoinder.model.functions import FUNCTIONS, UNIONS
from rejoinder.types import Label, Stage

SAMPLES = [Path(__file__).parent.parent / "data" / "samples" / name for name in ("labelled.csv", "labelled")]
UNSEEN = Path(__file__).parent / "unseen"
EVALUATION = Path(__file__).parent.parent.parent / "shared" / "eval" / "dev.jsonl"
#: A rejection says no, or says why: a mail that only gives the reason is one too.
NO = set(UNIONS["any_no"])


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


def grams(text: str, size: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}


def test_it_is_broad_enough(corpus: Corpus) -> None:
    """Every label, stage and kind of neighbouring mail has enough examples."""
    rejections = [mail for mail in corpus.mails if mail.labels]
    labels = Counter(label for mail in rejections for label in mail.labels)
    stages = Counter(mail.stage for mail in rejections)
    kinds = Counter(mail.kind for mail in corpus.mails if not mail.labels)
    other_feedback = sum(
        mail.labels >= {"feedback_given"} and not mail.labels & {"skill_gap", "culture_fit"}
        for mail in rejections
    )
    assert len(corpus.mails) >= 1500
    assert len(rejections) >= 750
    assert len(corpus.mails) - len(rejections) >= 750
    assert labels["soft_no"] >= 180
    assert labels["skill_gap"] >= 180
    assert labels["culture_fit"] >= 150
    assert other_feedback >= 200
    assert min(stages[stage] for stage in Stage) >= 120
    assert kinds["acknowledgement"] >= 150
    assert len(corpus.sentences) >= 5000
    assert len({mail.voice for mail in corpus.mails}) >= 15


def test_mails_follow_the_logic_of_the_labels(corpus: Corpus) -> None:
    """One outcome a rejection, reasons bring feedback, and the tags of its sentences agree."""
    for mail in corpus.mails:
        functions = {function for sentence in mail.sentences for function in sentence.functions}
        assert mail.labels <= set(Label), mail.id
        assert mail.stage in set(Stage), mail.id
        assert functions <= set(FUNCTIONS), (mail.id, functions - set(FUNCTIONS))
        if not mail.labels:
            assert mail.kind != "rejection", mail.id
            assert not functions & NO, mail.id
            continue
        assert len(mail.labels & {"hard_no", "soft_no"}) == 1, mail.id
        assert functions & NO, mail.id
        assert ("skill_gap" in mail.labels) == ("reason_skill" in functions), mail.id
        assert ("culture_fit" in mail.labels) == ("reason_culture" in functions), mail.id
        assert ("feedback_given" in mail.labels) == bool(functions & set(UNIONS["any_reason"])), mail.id
        assert "soft_no" not in mail.labels or functions & set(UNIONS["any_soft"]), mail.id


def test_sentences_stand_in_their_mail(corpus: Corpus) -> None:
    """Every tagged sentence is found in the mail's text, in order, and every id is used once."""
    assert len({mail.id for mail in corpus.mails}) == len(corpus.mails)
    for mail in corpus.mails:
        at = 0
        for sentence in mail.sentences:
            at = mail.text.index(sentence.text, at) + len(sentence.text)


def test_single_sentences_use_known_functions(corpus: Corpus) -> None:
    """Each has at least one function, all of them from the list, and no two are the same."""
    for sentence in corpus.sentences:
        assert sentence.functions, sentence.text
        assert sentence.functions <= set(FUNCTIONS), sentence.text
    assert len({sentence.text for sentence in corpus.sentences}) == len(corpus.sentences)


def test_no_two_mails_are_near_copies(corpus: Corpus) -> None:
    """No mail shares half of its word 5-grams with another."""
    index: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for mail in corpus.mails:
        own = grams(mail.text)
        hits = Counter(other for gram in own for other in index[gram])
        if len(own) >= 12 and hits:
            other, shared = hits.most_common(1)[0]
            assert shared <= len(own) / 2, f"{mail.id} repeats {other}"
        for gram in own:
            index[gram].append(mail.id)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_samples_are_in_order(path: Path, corpus: Corpus) -> None:
    """The labelled samples have no problem, every label, and nothing of the corpus."""
    found = read_examples(path)
    assert (found.problems, found.notes) == ((), ())
    assert {label for mail in found.mails for label in mail.labels} == {label.value for label in Label}
    known = {gram for mail in corpus.mails for gram in grams(mail.text)}
    for mail in found.mails:
        own = grams(mail.text)
        assert len(own) < 12 or sum(gram in known for gram in own) <= len(own) / 2, mail.where


def assert_nothing_comes_near(others: list[Path], texts: list[str]) -> None:
    """None of the longer texts shares half of its word 5-grams with a mail of other files."""
    index: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for line in (line for path in others for line in path.read_text("utf-8").splitlines()):
        record = json.loads(line)
        for gram in grams(record["text"]):
            index[gram].append(record["id"])
    for text in texts:
        own = grams(text)
        hits = Counter(name for gram in own for name in index.get(gram, ()))
        if len(own) >= 12 and hits:
            assert hits.most_common(1)[0][1] <= len(own) / 2, text[:80]


def test_nothing_comes_near_the_unseen_mails(corpus: Corpus) -> None:
    """What is measured as unseen was not learnt from; single sentences of form mail are the same everywhere."""
    assert_nothing_comes_near(sorted(UNSEEN.glob("*.jsonl")), [mail.text for mail in corpus.mails])


@pytest.mark.skipif(
    not EVALUATION.exists(), reason="the evaluation set lies beside the checkout of maintainers only"
)
def test_nothing_comes_near_the_evaluation_set(corpus: Corpus) -> None:
    """No mail, no longer sentence and no sample is other people's mail."""
    texts = [mail.text for mail in corpus.mails] + [sentence.text for sentence in corpus.sentences]
    texts += [mail.text for name in SAMPLES for mail in read_examples(name).mails]
    assert_nothing_comes_near([EVALUATION], texts)
