"""Content folders, through the two commands that editors and operators use."""

import datetime
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from crisishub.content import LAYOUTS
from crisiswatch.models import Edition, Entry
from editorial.content import ContentProblems
from editorial.exporting import export_content
from editorial.importing import import_content
from editorial.models import Status
from people.models import Outlet, Person, Quote
from publications.models import Publication
from regions.models import Region
from tests import factories

pytestmark = pytest.mark.django_db

REGION = """---
name: Korean Peninsula
countries: [KP, KR]
status: approved
publish_at: 2020-01-01T00:00:00Z
---
<p>What is at stake.</p>
"""
EDITION = """---
status: approved
publish_at: 2024-07-01T09:00:00Z
entries:
- situation: korea
  trend: unchanged
  risk_alert: true
  lead: In one breath.
  developments:
  - lead_sentence: One thing happened.
    body: |-
      It went like this.

      And like that.
---
<p>The world.</p>
"""


def write(folder, **files):
    """Write files named ``folder__name`` (``.html`` if they open with dashes, else ``.yaml``)."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", "-")
        path = path.with_suffix(".html" if content.startswith("---") else ".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def load(folder):
    return import_content(folder, LAYOUTS)


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def problems(folder):
    """Import, expect it to fail, and return the reasons."""
    with pytest.raises(ContentProblems) as caught, transaction.atomic():
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def empty():
    for model in (Edition, Quote):
        model.objects.all().delete()
    Publication.objects.filter(translation_of__isnull=False).delete()
    Publication.objects.get(slug="report").corrections.all()._raw_delete("default")
    for layout in reversed(LAYOUTS):
        if layout.folder and layout.model is not Region:
            layout.model._default_manager.all().delete()
    Region.objects.filter(parent__isnull=False).delete()
    Region.objects.all().delete()


def test_what_is_exported_and_imported_into_an_empty_database_is_exported_the_same(tmp_path):
    factories.make_newsroom()
    call_command("export_content", tmp_path / "one", verbosity=0)
    empty()
    call_command("import_content", tmp_path / "one", verbosity=0)
    call_command("export_content", tmp_path / "two", verbosity=0)

    first, second = files(tmp_path / "one"), files(tmp_path / "two")
    assert first == second
    assert len([name for name in first if name.startswith("publications/")]) == 6 + 3


names = st.text(min_size=1, max_size=40).filter(str.strip)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))


@pytest.mark.slow
@settings(max_examples=30)
@given(name=names.map(lambda s: s.replace("\0", "").strip() or "x"), text=texts, contact=texts)
def test_the_way_there_and_back_keeps_every_letter(tmp_path_factory, name, text, contact):
    folder = tmp_path_factory.mktemp("content")
    with transaction.atomic():
        person = factories.make_person(name, slug="p", sort_name=name, contact=contact)
        factories.make_quote(speaker=person, slug="q", text=text or ".", outlet=the_outlet())
        export_content(folder / "one", LAYOUTS)
        Quote.objects.all().delete()
        Person.objects.all().delete()
        load(folder / "one")
        export_content(folder / "two", LAYOUTS)
        assert Quote.objects.get(slug="q").text == (text or ".")
        assert Person.objects.get(slug="p").contact == contact
        assert files(folder / "one") == files(folder / "two")
        transaction.set_rollback(True)


def the_outlet():
    return Outlet.objects.get_or_create(name="O", slug="o")[0]


def test_a_file_becomes_an_object_with_its_rows(tmp_path):
    situation = "name: Korea\nregion: korean-peninsula\ncountries: [KR]\n"
    write(tmp_path, regions__korean_peninsula=REGION, situations__korea=situation)
    write(tmp_path, editions__2024_06=EDITION)

    load(tmp_path)

    region = Region.objects.get(slug="korean-peninsula")
    assert region.is_public
    assert "<svg" in region.globe
    entry = Entry.objects.public().get()
    assert (entry.trend, entry.risk_alert, entry.lead) == ("unchanged", True, "In one breath.")
    assert entry.developments.get().body == "It went like this.\n\nAnd like that."
    assert entry.edition.month == datetime.date(2024, 6, 1)


def test_importing_again_changes_nothing(tmp_path):
    factories.make_newsroom()
    call_command("export_content", tmp_path / "all", verbosity=0)
    modified = dict(Publication.objects.values_list("slug", "modified_at"))
    attachment = Publication.objects.get(slug="report").attachments.get()

    load(tmp_path / "all")

    assert dict(Publication.objects.values_list("slug", "modified_at")) == modified
    assert Publication.objects.get(slug="report").attachments.get() == attachment


def test_an_entry_that_readers_may_have_seen_does_not_vanish(tmp_path):
    situation = "name: Korea\nregion: korean-peninsula\n"
    write(tmp_path, regions__korean_peninsula=REGION, situations__korea=situation)
    write(tmp_path, editions__2024_06=EDITION)
    load(tmp_path)
    write(tmp_path, editions__2024_06=EDITION.partition("entries:")[0] + "---\n")
    assert "entries: “korea” is missing" in problems(tmp_path)[0]


def test_a_known_slug_is_brought_to_what_its_file_says(tmp_path):
    write(tmp_path, regions__korean_peninsula=REGION)
    load(tmp_path)
    write(tmp_path, regions__korean_peninsula=REGION.replace("at stake", "new"))
    load(tmp_path)

    region = Region.objects.get()
    assert region.introduction == "<p>What is new.</p>"


def test_all_mistakes_are_told_at_once_with_file_line_and_field(tmp_path):
    write(
        tmp_path,
        regions__one=REGION.replace("KP", "XX").replace("2020-01-01T", "yesterday"),
        regions__two="---\nname: Two\nparent: nowhere\ncolour: red\n---\n",
        people__three="---\nsort_name: Three\nappointments:\n- title: A\n---\n",
        quotes__four="no dashes",
        series__five="title: [a, b]\n",
        outlets__six="name: x\nname: y\n",
        editions__seven="---\n---\n",
    )
    (tmp_path / "quotes/four.yaml").rename(tmp_path / "quotes/four.html")
    (tmp_path / "letters").mkdir()

    said = "\n".join(problems(tmp_path))

    for expected in [
        "regions/one.html, line 3, countries: there is no country “XX”.",
        "regions/one.html, line 5, publish_at: ",
        "regions/two.html, line 3, parent: there is no region “nowhere”.",
        "regions/two.html, line 4, colour: there is no such field",
        "people/three.html, line 2, name: This field cannot be blank",
        "people/three.html, line 4, started_on: This field cannot be null",
        "quotes/four.html, line 1, file: the values must stand between",
        "series/five.yaml, line 1, title: one value is expected",
        "outlets/six.yaml, line 2, file: every name stands once",
        "editions/seven.html, line 1, file: “seven” is not a month",
        "letters, line 0, folder: known are only",
    ]:
        assert expected in said
    assert not Region.objects.exists()


def test_nothing_is_imported_when_one_file_is_wrong(tmp_path):
    write(tmp_path, regions__korean_peninsula=REGION, regions__two="---\nname:\n---\n")
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"1 to mend; nothing was imported"):
        call_command("import_content", tmp_path, stdout=out, verbosity=0)
    assert not Region.objects.exists()


def test_a_reference_to_a_file_that_is_wrong_is_not_a_second_mistake(tmp_path):
    write(tmp_path, regions__one="---\n: [\n---\n", regions__two="---\nname: B\nparent: one\n---\n")
    assert len(problems(tmp_path)) == 1


def test_a_region_below_itself_is_refused(tmp_path):
    write(
        tmp_path,
        regions__one="---\nname: A\nparent: two\n---\n",
        regions__two="---\nname: B\nparent: one\n---\n",
    )
    assert "below itself" in "\n".join(problems(tmp_path))


def test_an_approved_piece_is_complete(tmp_path):
    write(tmp_path, regions__one="---\nname: A\nstatus: approved\n---\n")
    said = problems(tmp_path)
    assert said == ["regions/one.html, line 2, publish_at: this is needed: the status is approved."]
    write(tmp_path, regions__one=REGION.replace("<p>What is at stake.</p>", ""))
    assert "Introduction is still empty" in problems(tmp_path)[0]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (REGION.replace("approved", "aproved"), "line 4, status: “aproved” is not one of draft"),
        (REGION.replace("00:00Z", "00:00"), "line 5, publish_at: the time zone is missing"),
    ],
)
def test_a_state_that_is_none_and_a_moment_without_a_zone_are_refused(tmp_path, wrong, sentence):
    write(tmp_path, regions__one=wrong)
    assert sentence in problems(tmp_path)[0]


def test_a_picture_that_is_none_is_refused(tmp_path):
    person = "---\nname: A\nsort_name: A\nportrait: a.jpg\nportrait_alt: A\n---\n"
    write(tmp_path, people__a=person)
    assert "there is no file “a.jpg”" in problems(tmp_path)[0]
    (tmp_path / "people/a.jpg").write_bytes(b"not a picture")
    assert "This picture cannot be read." in problems(tmp_path)[0]


def test_a_file_from_another_folder_is_not_read(tmp_path):
    (tmp_path / "secret.jpg").write_bytes(b"x")
    person = "---\nname: A\nsort_name: A\nportrait: ../secret.jpg\nportrait_alt: A\n---\n"
    write(tmp_path, people__a=person)
    assert "there is no file “../secret.jpg”" in problems(tmp_path)[0]


def test_a_correction_cannot_be_taken_back(tmp_path):
    factories.make_newsroom()
    call_command("export_content", tmp_path / "all", verbosity=0)
    path = tmp_path / "all/publications/report.html"
    path.write_text(path.read_text().replace("Not 3 but 4.", "All was well."))
    assert (
        "corrections: what stands there for good cannot be changed" in problems(tmp_path / "all")[0]
    )


def test_aliases_are_refused_before_they_grow(tmp_path):
    bomb = "title: &a [x]\nb: [*a, *a]\n"
    write(tmp_path, series__bomb=bomb)
    assert "anchors and aliases" in problems(tmp_path)[0]


def test_what_is_withdrawn_stays_gone_after_the_move(tmp_path):
    write(tmp_path, regions__one=REGION.replace("approved", "withdrawn"))
    load(tmp_path)
    assert list(Region.objects.gone()) == [Region.objects.get()]
    assert Region.objects.get().status == Status.WITHDRAWN


def test_export_wants_an_empty_folder(tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(CommandError, match="is not empty"):
        call_command("export_content", tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_content", Path(tmp_path / "nowhere"))


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_file_however_odd_is_more_than_a_problem(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("odd")
    (folder / "people").mkdir()
    (folder / "people" / "odd.html").write_text(f"---\n{content}\n---\n", encoding="utf-8")
    with pytest.raises(ContentProblems), transaction.atomic():
        load(folder)


def test_what_is_referred_to_comes_first_whatever_the_files_are_called(tmp_path):
    """A translation shares the number of its original; a part has its whole from the first."""
    shared = "---\nkind: report\nnumber: 7\n"
    write(
        tmp_path,
        publications__a=f"{shared}title: A\nlanguage: fr\ntranslation_of: b\n---\n",
        publications__b=f"{shared}title: B\nparent: c\npart: 1\n---\n",
        publications__c="---\nkind: watch_list\ntitle: C\nrelated: [a, b]\n---\n",
    )
    load(tmp_path)
    original = Publication.objects.get(slug="b")
    assert original.translations.get().label == "Report 7"
    assert set(original.parent.related.values_list("slug", flat=True)) == {"a", "b"}
    before = Publication.objects.get(slug="c").modified_at
    load(tmp_path)
    assert Publication.objects.get(slug="c").modified_at == before


def test_two_pieces_that_are_part_of_each_other_are_refused(tmp_path):
    head = "---\nkind: report\ntitle: A\npart: 1\n"
    write(
        tmp_path,
        publications__a=f"{head}parent: b\n---\n",
        publications__b=f"{head}parent: a\n---\n",
    )
    assert any("part" in problem for problem in problems(tmp_path))
