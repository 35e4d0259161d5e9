import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = [
    "editorial",
    "regions",
    "people",
    "publications",
    "crisiswatch",
    "newsletter",
    "crisishub",
]
NEVER = {"core", "common", "utils", "helpers", "services", "misc"}


def imported_rooms(path):
    """The rooms that a file imports from, inside functions and strings of code too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def code(room):
    return sorted((ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("room", ORDER)
def test_a_room_imports_only_from_rooms_to_its_left(room):
    to_the_right = set(ORDER[ORDER.index(room) + 1 :])
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in code(room)
        for name in imported_rooms(path)
        if name in to_the_right
    }
    assert not wrong


@pytest.mark.parametrize("room", ORDER)
def test_a_room_imports_by_whole_names(room):
    relative = {
        str(path.relative_to(ROOT))
        for path in code(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    }
    assert not relative


def test_there_is_no_room_for_what_belongs_nowhere():
    names = {path.stem for room in ORDER for path in code(room)} | {
        path.name for path in ROOT.iterdir() if path.is_dir()
    }
    assert not names & NEVER


def test_every_room_stands_in_the_order():
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert rooms == set(ORDER)


def test_no_file_of_code_is_longer_than_400_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for room in ORDER
        for path in code(room)
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_no_file_listens_to_signals_but_the_content_clock():
    clock = ROOT / "editorial" / "searching" / "noting.py"
    for room in ORDER:
        for path in code(room):
            if path == clock:
                continue
            assert "django.dispatch" not in path.read_text(encoding="utf-8"), path
            assert "db.models.signals" not in path.read_text(encoding="utf-8"), path
