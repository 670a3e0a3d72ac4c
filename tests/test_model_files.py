"""Model files from anywhere: refused in one line when they are not whole, and never run."""

import json
import math
import os
import pickle
import shutil
from pathlib import Path

import joblib
import pytest
from click.testing import CliRunner

from rejoinder import RejoinderError
from rejoinder.cli import main
from rejoinder.learn.pipelines import load_pipeline, save_pipeline
from rejoinder.model.card import is_own_label
from rejoinder.model.kept import kept_names, models, put_in_force, write_atomically
from rejoinder.model.scorer import load
from rejoinder.model.store import in_force, model_path
from rejoinder.resources import shipped

MODELS = shipped("models")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped model in a folder of its own."""
    for ending in ("bin", "json"):
        shutil.copy(MODELS / f"rejoinder-en.{ending}", tmp_path)
    return tmp_path / "rejoinder-en.bin"


def card(change):
    """Damage that changes the parsed card."""

    def damage(path: Path) -> None:
        place = path.with_suffix(".json")
        content = json.loads(place.read_text("utf-8"))
        change(content)
        place.write_text(json.dumps(content))

    return damage


def text(content: str):
    return lambda path: path.with_suffix(".json").write_text(content)


def sparse(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(10 * 1024**3)


def sparse_card(path: Path) -> None:
    with path.with_suffix(".json").open("r+b") as file:
        file.truncate(10 * 1024**3)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def pipe_as_card(path: Path) -> None:
    path.with_suffix(".json").unlink()
    os.mkfifo(path.with_suffix(".json"))


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 4
    path.write_bytes(bytes(data))


def head(**changes):
    return card(lambda content: content["heads"]["rejection"].update(changes))


DAMAGES = {
    "flipped bit": flip,
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "ten gigabytes": sparse,
    "a card of ten gigabytes": sparse_card,
    "a folder": folder,
    "a link to itself": loop,
    "a pipe": pipe,
    "a pipe as card": pipe_as_card,
    "version": card(lambda content: content.update(format=99)),
    "version true": card(lambda content: content.update(format=True)),
    "a list as card": text("[]"),
    "deep nesting": text("[" * 200_000),
    "not a number": card(lambda content: content["scales"].__setitem__(0, math.nan)),
    "infinite": card(lambda content: content["intercepts"].__setitem__(0, math.inf)),
    "huge": card(lambda content: content["intercepts"].__setitem__(0, 1e300)),
    "text for a number": card(lambda content: content["scales"].__setitem__(0, "1")),
    "true for a number": card(lambda content: content["scales"].__setitem__(0, True)),
    "too few scales": card(lambda content: content["scales"].pop()),
    "other outputs": card(lambda content: content["outputs"].reverse()),
    "an own label like a path": card(lambda content: content["outputs"].append("../x")),
    "an own label that is taken": card(lambda content: content["outputs"].append("hard_no")),
    "an own label without weights": card(lambda content: content["outputs"].append("salary")),
    "no head": card(lambda content: content["heads"].pop("soft_no")),
    "heads as list": card(lambda content: content.update(heads=[])),
    "input out of range": head(inputs=[99_999], weights=[[1.0]]),
    "negative input": head(inputs=[-1], weights=[[1.0]]),
    "input that is no whole number": head(inputs=[1.5], weights=[[1.0]]),
    "weights of another width": head(weights=[[1.0]]),
    "two rows": head(weights=[[1.0], [2.0]], inputs=[1]),
    "no intercepts": head(intercepts=[]),
    "threshold of two": card(lambda content: content["thresholds"].update(rejection=2)),
    "no threshold": card(lambda content: content["thresholds"].pop("rejection")),
    "thresholds as list": card(lambda content: content.update(thresholds=[0.5])),
    "a name that moves the cursor": card(lambda content: content.update(name="\x1b[2J")),
    "no hash": card(lambda content: content.update(sha256=None)),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_model_that_is_not_whole_is_refused(copy: Path, damage) -> None:
    """Whatever is wrong, it is found before anything is scored, and said with what to do next."""
    damage(copy)
    with pytest.raises(RejoinderError) as caught:
        load(copy)
    assert caught.value.tip


@pytest.mark.parametrize("damage", [flip, sparse, loop, folder, pipe, DAMAGES["deep nesting"]])
def test_the_command_line_refuses_in_one_line(copy: Path, damage, rejoinder, samples) -> None:
    """A damaged model ends `reply` with one error line and nothing on standard output."""
    damage(copy)
    done = rejoinder("reply", samples / "soft_no.txt", "--model", copy)
    assert (done.returncode, done.stdout) == (1, b"")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(b"Error: ")


def test_verify_names_what_is_damaged(copy: Path, rejoinder, home) -> None:
    """`model verify` says of every model whether it is whole, and ends with 1 when one is not."""
    assert rejoinder("model", "verify", copy).returncode == 0
    (home / "models").mkdir(parents=True)
    for ending in ("bin", "json"):
        shutil.copy(copy.with_suffix(f".{ending}"), home / "models" / f"odd.{ending}")
    assert rejoinder("model", "verify").returncode == 0
    flip(home / "models" / "odd.bin")
    done = rejoinder("model", "verify")
    assert done.returncode == 1
    assert b"odd" in done.stderr
    assert rejoinder("model", "use", "odd").returncode == 1
    assert in_force() == "rejoinder-en"


class Bomb:
    """What unpickling would run."""

    def __reduce__(self):
        return Path.touch, (Path(os.environ["REJOINDER_HOME"]).parent / "ran",)


def test_a_pipeline_from_elsewhere_is_not_opened(tmp_path: Path, home) -> None:
    """A joblib file that nobody vouches for is refused unopened; one made on this machine opens."""
    strange = tmp_path / "strange.joblib"
    strange.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(RejoinderError, match="was not opened"):
        load_pipeline(strange)
    joblib.dump({"a": 1}, tmp_path / "plain.joblib")
    with pytest.raises(RejoinderError, match="was not opened"):
        load_pipeline(tmp_path / "plain.joblib")
    save_pipeline({"a": 1}, home / "models" / "mine.joblib")
    assert load_pipeline(home / "models" / "mine.joblib") == {"a": 1}
    with (home / "models" / "mine.joblib").open("ab") as file:
        file.write(pickle.dumps(Bomb()))
    with pytest.raises(RejoinderError, match="was not opened"):
        load_pipeline(home / "models" / "mine.joblib")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("content", [b"", b"../../etc/passwd\n", b"\xff\xfe\n", b"two words\n", b"x" * 5000])
def test_a_damaged_choice_is_said(home, content: bytes) -> None:
    """When the file that names the model in force is damaged, that is said, with the way back."""
    (home / "models").mkdir(parents=True)
    (home / "models" / "in-force").write_bytes(content)
    with pytest.raises(RejoinderError, match="rejoinder model use rejoinder-en"):
        model_path()
    put_in_force("rejoinder-en")
    assert model_path().parent == MODELS


def test_a_chosen_model_that_is_gone_is_missed(home) -> None:
    """A model in force whose file was removed is an error, not silently another model."""
    write_atomically({home / "models" / "in-force": b"gone\n"})
    with pytest.raises(RejoinderError, match="gone"):
        model_path()
    assert [one.name for one in models()] == ["rejoinder-en"]


def test_names_are_looked_up_in_ones_own_folder(copy: Path, home) -> None:
    """`--model NAME` finds a kept model by its name alone."""
    (home / "models").mkdir(parents=True)
    for ending in ("bin", "json"):
        shutil.copy(copy.with_suffix(f".{ending}"), home / "models" / f"other.{ending}")
    assert kept_names() == ["other"]
    assert model_path(Path("other")) == home / "models" / "other.bin"
    assert model_path(copy) == copy


def test_a_model_without_a_first_look(copy: Path, samples, monkeypatch) -> None:
    """A large scan by a model that reads every mail in full says that it takes longer; the shipped one need not."""
    monkeypatch.setattr("rejoinder.cli.scan._LARGE", 0)
    run = CliRunner().invoke
    assert "reads every mail in full" in run(main, ["scan", str(samples), "--model", str(copy)]).stderr
    assert "in full" not in run(main, ["scan", str(samples)]).stderr


def test_the_shipped_pipeline_opens() -> None:
    """The pipeline that came with the program is vouched for by the model's card."""
    assert hasattr(load_pipeline(), "sentences_")


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """When one of several files cannot be written, none of them is changed and nothing else is left."""
    kept = tmp_path / "kept"
    kept.write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RejoinderError, match="cannot be written"):
        write_atomically({kept: b"new", tmp_path / "file" / "below": b""})
    assert kept.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == ["file", "kept"]


def test_what_can_be_a_label_of_ones_own() -> None:
    """Own labels are plain words that no label, signal or verdict has."""
    assert is_own_label("salary")
    assert is_own_label("visa_needed")
    assert not any(map(is_own_label, ("hard_no", "job", "stage", "Salary", "a b", "", "é", "not_rejection")))
