"""The house rules: who may import whom, where third parties live, what start-up loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "rejoinder"
LAYERS = [
    ["errors", "types", "patterns"],
    ["resources"],
    ["corrections"],  # below the model, since what the user said goes before what the model says
    ["mail"],
    ["model"],
    ["reply"],
    ["pipeline"],
    ["scan", "learn"],
    ["output"],
    ["cli"],
]
RANK = {name: at for at, names in enumerate(LAYERS) for name in names}
ROOMS = {
    "bs4": ["mail/cleaning/"],
    "lxml": [],
    "jinja2": [
        "reply/templating.py",
        "reply/sandbox.py",
        "reply/checking.py",
        "output/pages.py",
    ],
    "sklearn": ["learn/"],
    "joblib": ["learn/", "scan/shards.py"],
    "pandas": ["learn/examples.py", "output/tables.py"],
    "numpy": ["learn/"],
    "click": ["cli/"],
    "platformdirs": ["resources.py"],
    "holidays": ["reply/workdays.py"],
    "icalendar": ["output/calendar.py"],
    "pyarrow": ["output/tables.py"],
    "pyperclip": ["cli/"],
    "tqdm": ["cli/"],
    "oxmsg": ["mail/outlook.py"],
    "pypff": ["mail/outlook.py"],
    "striprtf": ["mail/outlook.py"],
    "compressed_rtf": ["mail/outlook.py"],
    "dask": ["scan/shards.py"],
    "distributed": ["scan/shards.py"],
    "matplotlib": [],
}
FILES = sorted(SOURCE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_layers(path: Path) -> None:
    """A module imports only from layers below its own, never from a sibling of its layer."""
    own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if own in ("__init__", "__main__"):
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "rejoinder" and len(parts) > 1 and parts[1] != own:
            assert RANK[parts[1]] < RANK[own] or {parts[1], own} == {"errors", "types"}, (
                f"{own} imports {name}"
            )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_third_parties_stay_in_their_room(path: Path) -> None:
    """Each dependency is imported in one place only."""
    where = path.relative_to(SOURCE).as_posix()
    for name in {name.split(".")[0] for name in imports(path)} & set(ROOMS):
        assert any(where.startswith(room) for room in ROOMS[name]), f"{where} imports {name}"


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["reply", "--help"], ["reply", "--today", "2026-03-12", "data/samples/soft_no.txt"]],
)
def test_start_up_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help and a plain-text reply load neither scikit-learn, pandas, numpy, BeautifulSoup nor what only other verbs need."""
    code = (
        "import sys; from rejoinder.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "heavy = {'sklearn', 'pandas', 'numpy', 'scipy', 'joblib', 'bs4', 'lxml', 'pyarrow', 'holidays', 'icalendar', 'tqdm'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=SOURCE.parent.parent
    )
    assert run.returncode == 0, run.stderr[-300:]


def test_the_public_api_is_closed_and_documented() -> None:
    """Every name in `__all__` is there and says what it is."""
    import rejoinder

    assert sorted(rejoinder.__all__) == rejoinder.__all__
    for name in rejoinder.__all__:
        assert getattr(rejoinder, name).__doc__, name
