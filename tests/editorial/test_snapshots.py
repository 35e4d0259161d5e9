"""What an object and its rows look like as JSON, and that they can be made to look so again."""

import datetime
import json
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crisiswatch.models import Development, Edition, Entry
from editorial.models import Publishable, Status
from editorial.rehearsing import rehearsal
from editorial.snapshots import (
    DRAFT_KEYS,
    apply_snapshot,
    draft_keys,
    give_draft_keys,
    is_draft_key,
    keys,
    owned,
    take_snapshot,
    without_keys,
)
from people.models import Person
from publications.models import Byline, Publication
from tests import factories

pytestmark = pytest.mark.django_db

FIRST = datetime.date(2020, 1, 1)
MOMENT = datetime.datetime(2024, 7, 1, 9, 30, 15, 123456, tzinfo=datetime.UTC)

# To shrink an example that fails takes minutes here, and the first one says enough.
without_shrinking = settings(max_examples=15, phases=[Phase.explicit, Phase.generate])

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
lines = texts.map(lambda text: " ".join(text.split()))
places = st.integers(0, 3)
moments = st.none() | st.datetimes(
    datetime.datetime(1990, 1, 1),  # noqa: DTZ001 - the zone is drawn
    datetime.datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([datetime.UTC, datetime.timezone(datetime.timedelta(hours=9))]),
)


def fresh(obj):
    return type(obj)._base_manager.get(pk=obj.pk)


def as_stored(snapshot):
    """As it comes back from the database."""
    return json.loads(json.dumps(snapshot))


def write(obj, fields, rows):
    """
    Bring an object and its rows to something by other means than those under test.

    Rows are dicts of columns; one with an ``id`` is the row of that key.
    """
    for name, value in fields.items():
        if obj._meta.get_field(name).many_to_many:
            getattr(obj, name).set(value)
        else:
            setattr(obj, name, value)
    obj.save()
    for name, link in owned(type(obj)).items():
        link.model._base_manager.filter(**{link.name: obj}).delete()
        for row in rows.get(name, []):
            inner = {each: row[each] for each in owned(link.model) if each in row}
            columns = {each: value for each, value in row.items() if each not in inner}
            write(link.model(**{link.name: obj}), columns, inner)


def with_keys_of(data, snapshot, rows):
    """Give some of the rows, in any order, keys of rows that there were."""
    for name, new in rows.items():
        old = [row["pk"] for row in snapshot[name]]
        shuffled = data.draw(st.permutations(old + [None] * len(new)))
        for row, pk in zip(new, shuffled, strict=False):
            if pk:
                row["id"] = pk
    return rows


def check_the_way_there_and_back(data, make):
    """Something, then something else, then what there was: for real, and in a rehearsal."""
    with rehearsal():
        obj, contents = make()
        write(obj, *data.draw(contents))
        first = as_stored(take_snapshot(fresh(obj)))
        fields, rows = data.draw(contents)
        write(fresh(obj), fields, with_keys_of(data, first, rows))
        second = as_stored(take_snapshot(fresh(obj)))
        with rehearsal():
            assert apply_snapshot(fresh(obj), first, rehearsing=True) == []
            assert take_snapshot(fresh(obj)) == first
        assert take_snapshot(fresh(obj)) == second
        piece = fresh(obj)
        assert apply_snapshot(piece, first) == []
        assert take_snapshot(piece) == take_snapshot(fresh(obj)) == first
        check_drafts(obj, first, second)


def check_drafts(obj, first, second):
    """Rows that only a draft has keep their keys in a rehearsal, and get real ones for good."""
    with rehearsal():
        known = keys(type(obj), [obj])
        apply_snapshot(fresh(obj), second)
        drafted = give_draft_keys(second, type(obj), known)
        apply_snapshot(fresh(obj), first)
        with rehearsal():
            assert apply_snapshot(fresh(obj), drafted, rehearsing=True) == []
            assert take_snapshot(fresh(obj)) == drafted
        assert apply_snapshot(fresh(obj), drafted) == []
        assert without_keys(take_snapshot(fresh(obj))) == without_keys(second)
        assert not rows_with_draft_keys()


def rows_with_draft_keys():
    numbered = (models.AutoField, models.BigAutoField)
    return [
        row
        for model in apps.get_models()
        if isinstance(model._meta.pk, numbered)
        for row in model._base_manager.filter(pk__gte=DRAFT_KEYS)
    ]


def rows_of(**columns):
    return st.lists(st.fixed_dictionaries(columns), max_size=3)


def pictures():
    """Names of pictures that lie in the storage."""
    return [
        default_storage.save(
            f"publications/publication/image/{side}.png", factories.picture(size=(side, side))
        )
        for side in (20, 30, 40)
    ]


# The way there and back


def some_publication():
    files = pictures()
    people = [factories.make_person() for _ in range(2)]
    regions = [factories.make_region() for _ in range(3)]
    outlet = factories.make_outlet()
    series = factories.make_series()
    placed = {"position": places}
    byline = st.one_of(
        st.fixed_dictionaries({"person": st.sampled_from(people), "title": lines, **placed}),
        st.fixed_dictionaries({"outside_name": lines.map(lambda name: name or "X"), **placed}),
    )
    fields = st.fixed_dictionaries(
        {
            "title": lines,
            "subtitle": lines,
            "slug": st.from_regex(r"[a-z]{1,8}-piece", fullmatch=True),
            "standfirst": texts,
            "body": texts,
            "number": st.none() | st.integers(0, 500),
            "kind": st.sampled_from(Publication.Kind.values),
            "publish_at": moments,
            "image": st.sampled_from(["", *files]),
            "image_ppoi": st.sampled_from(["0.5x0.5", "0.1x0.9"]),
            "image_alt": lines,
            "original_outlet": st.sampled_from([None, outlet]),
            "regions": st.lists(st.sampled_from(regions), unique=True),
            "tags": st.lists(st.sampled_from(["war", "peace", "ceasefire"]), unique=True),
        }
    )
    in_series = st.sampled_from([{"series": None, "part": None}, {"series": series, "part": 2}])
    rows = st.fixed_dictionaries(
        {
            "bylines": st.lists(byline, max_size=3),
            "findings": rows_of(label=lines, text=texts, **placed),
            "questions": rows_of(question=lines, answer=texts, **placed),
            "recommendations": rows_of(addressee=lines, text=texts, **placed),
            "figures": rows_of(image=st.sampled_from(files), alt=lines, **placed),
            "attachments": rows_of(file=st.sampled_from(files), label=lines, **placed),
        }
    )
    every = st.builds(lambda one, other: one | other, fields, in_series)
    piece = factories.make_publication(status=Status.DRAFT)
    return piece, st.tuples(every, rows)


@pytest.mark.slow
@without_shrinking
@given(data=st.data())
def test_a_publication_with_all_that_it_owns_comes_back_as_it_was(data):
    check_the_way_there_and_back(data, some_publication)


def some_edition():
    situations = [factories.make_situation() for _ in range(4)]
    entry = st.fixed_dictionaries(
        {
            "situation": st.sampled_from(situations),
            "trend": st.sampled_from(["", *Entry.Trend.values]),
            "risk_alert": st.booleans(),
            "lead": texts,
            "developments": rows_of(lead_sentence=texts, body=texts, position=places),
        }
    )
    entries = st.lists(entry, max_size=4, unique_by=lambda each: each["situation"].pk)
    months = st.dates(FIRST, datetime.date(2023, 1, 1)).map(lambda day: day.replace(day=1))
    fields = st.fixed_dictionaries({"overview": texts, "month": months, "publish_at": moments})
    edition = factories.make_edition(status=Status.DRAFT, approved_at=None, approved_by=None)
    return edition, st.tuples(fields, st.fixed_dictionaries({"entries": entries}))


@pytest.mark.slow
@without_shrinking
@given(data=st.data())
def test_an_edition_with_its_entries_and_their_paragraphs_comes_back_as_it_was(data):
    check_the_way_there_and_back(data, some_edition)


@st.composite
def careers(draw):
    """Appointments whose primary ones share no day, however tightly they follow each other."""
    days = sorted(draw(st.lists(st.integers(0, 30), min_size=2, max_size=5, unique=True)))
    found = []
    for start, end in pairwise(days):
        last = None if end == days[-1] and draw(st.booleans()) else end - 1
        found.append((start, last, True))
    for start in draw(st.lists(st.integers(0, 30), max_size=2)):
        found.append((start, start + draw(st.integers(0, 9)), False))
    return [
        {
            "title": draw(lines),
            "started_on": FIRST + datetime.timedelta(days=start),
            "ended_on": None if last is None else FIRST + datetime.timedelta(days=last),
            "is_primary": primary,
            "position": draw(places),
        }
        for start, last, primary in draw(st.permutations(found))
    ]


def some_person():
    fields = st.fixed_dictionaries({"name": lines, "biography": texts, "contact": texts})
    person = factories.make_person(status=Status.DRAFT)
    rows = st.fixed_dictionaries({"appointments": careers()})
    return person, st.tuples(fields, rows)


@pytest.mark.slow
@without_shrinking
@given(data=st.data())
def test_a_person_whose_titles_change_places_comes_back_as_it_was(data):
    check_the_way_there_and_back(data, some_person)


def test_a_snapshot_says_every_value_as_json():
    region = factories.make_region()
    person = factories.make_person()
    piece = factories.make_publication(
        "Report",
        regions=[region],
        authors=[person],
        tags=["war", "peace"],
        body="<p>One.</p>\r\n<p>Two.</p>",
        publish_at=MOMENT.astimezone(datetime.timezone(datetime.timedelta(hours=2))),
        image=factories.picture(),
        image_alt="A bridge",
    )
    snapshot = take_snapshot(fresh(piece))
    assert snapshot["body"] == "<p>One.</p>\n<p>Two.</p>"
    assert snapshot["publish_at"] == "2024-07-01T09:30:15.123456+00:00"
    assert (snapshot["regions"], snapshot["tags"]) == ([region.pk], ["peace", "war"])
    assert (snapshot["number"], snapshot["image"]) == (None, piece.image.name)
    [byline] = snapshot["bylines"]
    assert (byline["pk"], byline["person"]) == (piece.bylines.get().pk, person.pk)
    assert not snapshot.keys() & {"status", "version", "approved_by", "created_at", "id"}
    assert json.loads(json.dumps(snapshot)) == snapshot
    assert take_snapshot(factories.make_person())["appointments"] == []
    assert take_snapshot(factories.make_edition())["month"] == "2024-06"


def test_the_queries_of_a_snapshot_do_not_grow_with_its_rows(django_assert_num_queries):
    edition = factories.make_edition()
    for _ in range(5):
        factories.make_entry([("A.", "B.")] * 3, edition=edition)
    with django_assert_num_queries(3):  # Entries, their developments, corrections.
        snapshot = take_snapshot(edition)
    assert sum(len(entry["developments"]) for entry in snapshot["entries"]) == 15


def test_what_is_so_already_is_not_written(django_assert_num_queries):
    piece = factories.make_publication(authors=[factories.make_person()])
    modified_at = fresh(piece).modified_at
    apply_snapshot(piece, take_snapshot(piece))
    assert fresh(piece).modified_at == modified_at


def test_a_picture_gets_its_size_and_an_attachment_its_hash():
    files = pictures()
    piece = factories.make_publication(status=Status.DRAFT, image=files[0], image_alt="A bridge")
    piece.attachments.create(file=files[0], label="Report")
    snapshot = take_snapshot(piece)
    [row] = snapshot["attachments"]
    changed = snapshot | {"image": files[1], "attachments": [row | {"file": files[2]}]}
    before = piece.attachments.get().sha256
    apply_snapshot(piece, changed)
    assert (fresh(piece).image_width, fresh(piece).image_height) == (30, 30)
    assert piece.attachments.get().sha256 != before
    assert default_storage.exists(files[0])


def test_when_readers_got_it_is_a_fact_that_no_draft_changes():
    piece = factories.make_publication()
    snapshot = take_snapshot(piece) | {"publish_at": "1999-01-01T00:00:00+00:00", "title": "New"}
    apply_snapshot(piece, snapshot)
    assert fresh(piece).title == "New"
    assert fresh(piece).publish_at.year != 1999


# What stays for good


def test_an_entry_that_readers_may_know_the_address_of_stays_whatever_a_draft_says():
    entry = factories.make_entry([("A.", "B.")])
    snapshot = take_snapshot(entry.edition)
    [row] = snapshot["entries"]
    apply_snapshot(entry.edition, snapshot | {"entries": []})
    assert take_snapshot(fresh(entry.edition)) == snapshot
    other = row | {"pk": next(draft_keys()), "lead": "New."}
    apply_snapshot(entry.edition, snapshot | {"entries": [other]})
    assert (fresh(entry).lead, fresh(entry).pk) == ("New.", entry.pk)


@pytest.fixture
def corrected():
    piece = factories.make_publication()
    piece.corrections.create(text="Not 3 but 4.", corrected_on=FIRST)
    return piece


@pytest.mark.parametrize("rehearsing", [True, False])
@pytest.mark.parametrize("text", ["Not 3 but 5.", None])
def test_a_correction_is_neither_changed_nor_taken_out(corrected, rehearsing, text):
    snapshot = take_snapshot(corrected)
    [row] = snapshot["corrections"]
    snapshot["corrections"] = [row | {"text": text}] if text else []
    apply_snapshot(corrected, snapshot | {"title": "New"}, rehearsing=rehearsing)
    assert corrected.corrections.get().text == "Not 3 but 4."
    assert fresh(corrected).title == "New"


def test_a_correction_is_added_to_those_that_there_are(corrected):
    snapshot = take_snapshot(corrected)
    [row] = snapshot["corrections"]
    new = {"pk": next(draft_keys()), "corrected_on": "2024-07-01", "text": "Nor 4."}
    apply_snapshot(corrected, snapshot | {"corrections": [new, row]})
    assert [each.text for each in corrected.corrections.all()] == ["Nor 4.", "Not 3 but 4."]
    assert not rows_with_draft_keys()


# What can no longer be as it was


def problems(obj, snapshot, **changes):
    """
    The sentences about a snapshot. A rehearsal applies the rest; for real, nothing is applied.
    """
    snapshot = as_stored(snapshot | changes)
    before = take_snapshot(fresh(obj))
    with rehearsal():
        found = apply_snapshot(fresh(obj), snapshot, rehearsing=True)
        shown = take_snapshot(fresh(obj))
    if found:
        with pytest.raises(ValidationError) as refused:
            apply_snapshot(fresh(obj), snapshot)
        assert refused.value.messages == found
    assert take_snapshot(fresh(obj)) == before
    return " ".join(found), shown


@pytest.fixture
def piece():
    person, gone = factories.make_person("Han Bora"), factories.make_person("Gone")
    piece = factories.make_publication("Report", authors=[person, gone], status=Status.DRAFT)
    piece.findings.create(label="New?", text="<p>Yes.</p>", position=1)
    return piece


def test_a_field_that_is_no_more_is_said_and_left_out(piece):
    said, shown = problems(piece, take_snapshot(piece), heading="Old", title="New")
    assert "“heading” is no field any more" in said
    assert shown["title"] == "New"


def test_a_field_of_rows_that_is_no_more_is_said_and_left_out(piece):
    snapshot = take_snapshot(piece)
    [row] = snapshot["findings"]
    said, shown = problems(piece, snapshot, findings=[row | {"colour": "red", "label": "New!"}])
    assert "“colour” is no field any more" in said
    assert shown["findings"][0]["label"] == "New!"


def test_a_field_that_an_older_snapshot_does_not_have_stays_as_it_is(piece):
    piece.subtitle = "Came later"
    piece.save()
    snapshot = take_snapshot(piece) | {"title": "New"}
    for name in ("subtitle", "tags", "findings"):
        del snapshot[name]
    said, shown = problems(piece, snapshot)
    assert not said
    assert (shown["title"], shown["subtitle"]) == ("New", "Came later")
    assert len(shown["findings"]) == 1


def test_whatever_was_deleted_is_named_and_the_rest_comes_back(piece):
    region, other = factories.make_region(), factories.make_region()
    outlet, series = factories.make_outlet(), factories.make_series()
    original = factories.make_publication()
    write(
        piece,
        {
            "regions": [region, other],
            "original_outlet": outlet,
            "series": series,
            "part": 1,
            "translation_of": original,
            "language": "fr",
            "title": "New",
        },
        {"bylines": [{"person": byline.person} for byline in piece.bylines.all()]},
    )
    snapshot = take_snapshot(piece)
    write(
        piece,
        {
            "regions": [],
            "original_outlet": None,
            "series": None,
            "part": None,
            "translation_of": None,
            "title": "Old",
        },
        {},
    )
    for gone in (region, outlet, original, Person.objects.get(name="Gone")):
        gone.delete()
    said, shown = problems(piece, snapshot)
    for label in ("regions", "originally published in", "translation of", "person"):
        assert f"{label}: what it named" in said
    assert shown["title"] == "New"
    assert shown["regions"] == [other.pk]
    assert shown["series"] == series.pk
    names = [Person.objects.get(pk=row["person"]).name for row in shown["bylines"]]
    assert names == ["Han Bora"]


def test_a_slug_taken_meanwhile_is_named_and_the_old_one_stays(piece):
    factories.make_publication(slug="taken")
    said, shown = problems(piece, take_snapshot(piece), slug="taken", title="New")
    assert "“taken” has been taken meanwhile" in said
    assert (shown["slug"], shown["title"]) == ("report", "New")


def test_a_month_taken_meanwhile_is_named():
    edition = factories.make_edition(status=Status.DRAFT)
    factories.make_edition(datetime.date(2024, 7, 1))
    said, shown = problems(edition, take_snapshot(edition), month="2024-07", overview="New")
    assert "has been taken meanwhile" in said
    assert (shown["month"], shown["overview"]) == ("2024-06", "New")


def test_a_part_of_a_series_taken_meanwhile_is_named(piece):
    series = factories.make_series()
    factories.make_publication(series=series, part=1)
    said, shown = problems(piece, take_snapshot(piece), series=series.pk, part=1, title="New")
    assert said
    assert (shown["series"], shown["part"], shown["title"]) == (None, None, "New")


def test_a_file_that_is_lost_is_named_and_the_rest_comes_back(piece):
    files = pictures()
    piece.attachments.create(file=files[0], label="Report")
    piece.figures.create(image=files[0], alt="Chart")
    snapshot = take_snapshot(piece) | {"image": files[1], "image_alt": "A bridge", "title": "New"}
    for relation in ("attachments", "figures"):
        [row] = snapshot[relation]
        lost = {name: "lost.png" for name in ("file", "image") if name in row}
        snapshot[relation] = [row | lost]
    default_storage.delete(files[1])
    said, shown = problems(piece, snapshot)
    assert said.count("the file is lost; choose it again.") == 3
    assert (shown["title"], shown["image"]) == ("New", "")


def test_rows_at_odds_are_named_and_the_rest_comes_back():
    person = factories.make_person(status=Status.DRAFT)
    held = factories.make_appointment(person, title="Analyst", started_on=FIRST)
    snapshot = take_snapshot(person) | {"contact": "New"}
    [row] = snapshot["appointments"]
    snapshot["appointments"] = [row, row | {"pk": next(draft_keys()), "title": "Adviser"}]
    said, shown = problems(person, snapshot)
    assert said
    assert shown["contact"] == "New"
    assert held.pk in [row["pk"] for row in shown["appointments"]]


def test_a_row_without_what_the_table_needs_is_named_and_the_rest_comes_back():
    """As after a migration that gave the rows a column, and the drafts none."""
    person = factories.make_person(status=Status.DRAFT)
    snapshot = take_snapshot(person) | {"contact": "New"}
    snapshot["appointments"] = [{"pk": next(draft_keys()), "title": "Analyst"}]
    said, shown = problems(person, snapshot)
    assert said
    assert (shown["contact"], shown["appointments"]) == ("New", [])


def test_the_key_of_a_row_that_somebody_else_owns_is_not_taken_over(piece):
    other = factories.make_publication("Other", authors=[factories.make_person()])
    theirs = other.bylines.get()
    snapshot = take_snapshot(piece)
    stolen = {"pk": theirs.pk, "outside_name": "Thief", "position": 9}
    said, shown = problems(piece, snapshot, bylines=[*snapshot["bylines"], stolen], title="New")
    assert said
    assert Byline.objects.get(pk=theirs.pk).publication == other
    assert shown["title"] == "New"


values = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | texts
    | st.just("x" * 600)
)


@pytest.mark.parametrize("name", ["title", "number", "publish_at", "image", "series", "kind"])
@given(value=values)
def test_whatever_an_older_schema_kept_there_the_rest_comes_back_or_nothing(name, value):
    """A snapshot is read, whatever it holds: what does not fit is a sentence, and no crash."""
    with rehearsal():
        piece = factories.make_publication("Report", status=Status.DRAFT)
        snapshot = take_snapshot(piece) | {"subtitle": "New", name: value}
        if not apply_snapshot(piece, snapshot, rehearsing=True):
            assert take_snapshot(fresh(piece))["subtitle"] == "New"


@given(pks=st.lists(st.integers(10**6, 2**62), unique=True))
def test_relations_to_what_never_was_are_named_and_the_rest_comes_back(pks):
    with rehearsal():
        piece = factories.make_publication("Report", status=Status.DRAFT, regions=[])
        snapshot = take_snapshot(piece) | {"subtitle": "New", "regions": pks}
        assert len(apply_snapshot(piece, snapshot, rehearsing=True)) == len(pks)
        assert take_snapshot(fresh(piece))["subtitle"] == "New"


def test_keys_of_a_draft_rise_and_are_exact_in_a_browser():
    fresh_keys = draft_keys()
    some = [next(fresh_keys) for _ in range(5)]
    assert some == sorted(set(some))
    assert all(is_draft_key(key) and key < 2**53 for key in some)
    assert not is_draft_key(None)
    assert not is_draft_key(DRAFT_KEYS - 1)


def test_new_rows_of_a_rehearsal_get_keys_that_no_table_hands_out():
    edition = factories.make_edition()
    entry = factories.make_entry([("A.", "B.")], edition=edition)
    known = keys(Edition, [edition])
    with rehearsal():
        Development.objects.create(entry=entry, lead_sentence="C.", body="D.", position=2)
        factories.make_entry([("E.", "F.")], edition=edition)
        typed = give_draft_keys(take_snapshot(edition), Edition, known)
    old, new = sorted(typed["entries"], key=lambda row: row["pk"])
    assert old["pk"] == entry.pk
    assert [is_draft_key(row["pk"]) for row in old["developments"]] == [False, True]
    assert is_draft_key(new["pk"])
    assert is_draft_key(new["developments"][0]["pk"])
    assert keys(Edition, [edition]) == known


PIECES = [m for m in apps.get_models() if issubclass(m, Publishable) and not m._meta.proxy]


@pytest.mark.parametrize("model", PIECES)
def test_the_rows_of_every_kind_of_piece_are_named_once_and_lead_back(model):
    for name, link in owned(model).items():
        assert link.related_model is model
        assert link.model._meta.ordering, name
