"""The documents say what the code does."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest
from django.db import models

from crisishub import settings
from crisishub.content import LAYOUTS
from crisiswatch.models import Entry
from editorial.importing import import_content
from editorial.models import Status
from people.models import Quote
from publications.models import Publication
from regions.models import Region
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def section(text, heading):
    """What stands under a heading, as far as the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading “{heading}”"
    return found[1]


def table(text):
    """The cells of each row of the first table in a text, without its two lines of head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def code(cell):
    return cell.strip("`")


# Links


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    for link in links:
        if not link.startswith(("http:", "https:")):
            path, _, anchor = link.partition("#")
            target = document.parent / path if path else document
            assert target.exists(), f"{link} leads nowhere"
            assert not anchor or anchor in anchors(target), f"{link}: there is no such heading"


def anchors(document):
    """The names that GitHub gives to headings."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def test_every_decision_is_listed():
    pages = {path.name for path in (ROOT / "docs/adr").glob("0*.md")}
    assert pages == set(re.findall(r"\]\((0[^)]*)\)", read("docs/adr/README.md")))


# docs/operators.md


def documented():
    """Name to (default, example)."""
    rows = table(section(read("docs/operators.md"), "Settings"))
    return {code(name): (code(default), code(example)) for name, _what, default, example in rows}


def calls(file, names):
    tree = ast.parse(read(file))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    # ast.walk goes level by level; a default may be made of variables that are read above it.
    found.sort(key=lambda call: call.lineno)
    return [call for call in found if ast.unparse(call.func) in names]


READERS = {"read", "flag", "number", "names", "one_of", "folder"}


def read_by_the_settings():
    """Name to default, as one would write it in var/env; VAR stands for the path of var/."""
    known = {**vars(settings), "BASE_DIR": PurePosixPath(), "VAR_DIR": PurePosixPath("VAR")}
    found = {}
    for call in calls("crisishub/settings.py", READERS):
        name = ast.literal_eval(call.args[ast.unparse(call.func) == "read"])
        default = {word.arg: ast.unparse(word.value) for word in call.keywords}.get("default")
        if ast.unparse(call.func) == "flag":
            default = default or "False"
        if default:
            known[name] = eval(default, known)
        found[name] = written(known[name]) if default else "required"
    for call in calls("crisishub/environment.py", {"os.environ.get"}):
        name, default = call.args
        found[ast.literal_eval(name)] = written(eval(ast.unparse(default), known))
    return found


def written(value):
    if isinstance(value, bool):
        return str(int(value))
    return ",".join(value) if isinstance(value, list) else str(value)


def test_every_variable_that_the_settings_read_is_documented_with_its_default():
    assert {name: default for name, (default, _) in documented().items()} == read_by_the_settings()


def test_no_other_file_reads_variables():
    reading = {
        path.relative_to(ROOT).as_posix()
        for room in ROOT.glob("*/apps.py")
        for path in room.parent.rglob("*.py")
        if re.search(r"environ(\.get\(|\[)|getenv", path.read_text(encoding="utf-8"))
    }
    assert reading == {"crisishub/environment.py"}


def test_every_example_is_taken():
    examples = {name: example for name, (_, example) in documented().items()}
    result = subprocess.run(
        [sys.executable, "-c", "import crisishub.settings as s; print(s.EMAIL_USE_TLS)"],
        env={"PATH": os.environ["PATH"], **examples},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert result.stdout == "True\n"


def test_every_make_target_is_documented():
    targets = set(re.findall(r"^([a-z-]+):.*##", read("Makefile"), re.MULTILINE))
    rows = table(section(read("docs/operators.md"), "Make targets"))
    assert {code(name).removeprefix("make ") for name, _ in rows} == targets


# docs/content.md


def kinds(layouts, above=()):
    """(headings, layout) of each kind, and of the rows that it owns."""
    for heading, layout in layouts:
        headings = (*above, heading)
        yield pytest.param(headings, layout, id=" ".join(headings))
        yield from kinds(layout.rows.items(), headings)


EVERY_KIND = list(kinds((layout.folder, layout) for layout in LAYOUTS if layout.folder))


def fields(headings, layout):
    """Name to (needed, what), from the table under the headings of a kind and of its rows."""
    text = read("docs/content.md")
    for place, heading in enumerate(headings):
        level = "####" if place else "###"
        text = text[text.index(f"\n{level} {heading}\n") :]
    return {code(name): (needed, what) for name, needed, what in table(section(text, headings[-1]))}


@pytest.mark.parametrize(("headings", "layout"), EVERY_KIND)
def test_every_field_of_a_content_file_is_documented(headings, layout):
    text = {layout.text} if layout.text else set()
    assert fields(headings, layout).keys() == layout.names | text


@pytest.mark.parametrize(("headings", "layout"), EVERY_KIND)
def test_the_table_says_what_is_needed_and_how_long_it_may_be(headings, layout):
    for name, (needed, what) in fields(headings, layout).items():
        if name not in layout.rows:
            field = layout.get(name)
            assert needed == need(layout, field), name
            if isinstance(field, models.CharField) and not field.choices and field.max_length > 20:
                assert f"at most {field.max_length} characters" in what, name


def need(layout, field):
    if field.name in getattr(layout.model, "needed_by_readers", ()):
        return "to approve"
    optional = field.blank or field.many_to_many or field.has_default()
    return "" if optional else "yes"


def examples():
    return re.findall(
        r"^`(\S+)`\n\n```\n(.*?)^```", read("docs/content.md"), re.MULTILINE | re.DOTALL
    )


@pytest.fixture
def folder(tmp_path):
    for name, content in examples():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        for beside in re.findall(r"^.*?: (\S+\.(?:jpg|pdf))$", content, re.MULTILINE):
            make = factories.pdf if beside.endswith("pdf") else factories.picture
            (path.parent / beside).write_bytes(make().read())
    return tmp_path


@pytest.mark.django_db
def test_the_examples_can_be_imported(folder):
    shown = {name.partition("/")[0] for name, _ in examples()}
    assert shown == {layout.folder for layout in LAYOUTS if layout.folder}

    assert import_content(folder, LAYOUTS) == len(examples())

    assert Region.objects.get(slug="korean-peninsula").image
    assert Quote.objects.public().get().text.startswith("[Neither side]")
    assert Entry.objects.public().get().developments.count() == 2
    french = Publication.objects.get(language="fr")
    assert (french.status, french.translation_of.number) == (Status.DRAFT, 300)
