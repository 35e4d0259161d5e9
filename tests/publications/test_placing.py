"""What a piece shares with no other; refused with a sentence at the field."""

import pytest
from django.core.exceptions import ValidationError

from editorial import drafting
from editorial.models import Revision
from publications.models import Publication
from publications.placing import free_slug
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db

ADD = "/admin/publications/report/add/"


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


def wrong(client, path, **changes):
    """What the form says at its fields, once it is refused."""
    page = send(client, path, refused=True, **changes)
    form = page.context["adminform"].form
    kept = {name: form[name].value() for name in changes if name in form.fields}
    assert {name: str(value) for name, value in kept.items()} == {
        name: str(changes[name]) for name in kept
    }
    return {name: " ".join(said) for name, said in form.errors.items()}


def new(**changes):
    return {"title": "New", "slug": "new", **changes}


# Numbers


def test_two_pieces_with_one_number_are_refused_at_the_number(client, editor):
    asia = factories.make_region("Asia")
    factories.make_publication("Old", number=294, numbered_in=asia)
    factories.make_publication("Also", number=296, numbered_in=asia)
    said = wrong(client, ADD, **new(number="294", numbered_in=asia.pk))
    assert said == {"number": "“Old” has this number. The next free one is 297."}


def test_each_region_counts_for_itself(client, editor):
    asia, europe = factories.make_region("Asia"), factories.make_region("Europe")
    factories.make_publication(number=294, numbered_in=asia)
    factories.make_publication(number=294, kind="briefing", numbered_in=europe)
    send(client, ADD, **new(number="294", numbered_in=europe.pk))
    assert Publication.objects.get(slug="new").label == "Europe Report 294"


def test_a_number_that_a_draft_of_something_live_has_taken_is_refused(client, editor):
    live = factories.make_publication("Live", number=3)
    send(client, change(live), number="4")
    assert wrong(client, ADD, **new(number="4"))["number"].startswith("“Live” has this number")
    send(client, change(live), number="5")
    send(client, ADD, **new(number="4"))
    assert Publication.objects.get(slug="new").number == 4


def test_the_form_says_which_numbers_come_next(client, editor):
    asia = factories.make_region("Asia")
    factories.make_publication(number=294, numbered_in=asia)
    factories.make_publication(number=12)
    factories.make_publication(number=900, kind="briefing")
    field = client.get(ADD).context["adminform"].form.fields["number"]
    assert set(field.help_text.removeprefix("Next: ").rstrip(".").split(", ")) == {
        "Report 13",
        "Asia Report 295",
    }


def test_a_translation_has_the_number_of_its_original(client, editor):
    asia = factories.make_region("Asia")
    original = factories.make_publication("Original", number=294, numbered_in=asia)
    french = new(language="fr", translation_of=original.pk)
    said = wrong(client, ADD, **french, number="7")
    assert said == {"number": "A translation has the number of its original: “Asia Report 294”."}
    send(client, ADD, **french)
    assert Publication.objects.get(slug="new").label == "Asia Report 294"


# Parts


def test_two_pieces_with_one_part_are_refused_at_the_part(client, editor):
    series = factories.make_series("Twofold")
    factories.make_publication("First", series=series, part=1)
    said = wrong(client, ADD, **new(series=series.pk, part="1"))
    assert said == {"part": "“First” is part 1. The next free one is 2."}


def test_a_part_of_another_piece_is_taken_once_for_each_language(client, editor):
    whole = factories.make_publication("The year", kind="watch_list")
    factories.make_publication("Spring", parent=whole, part=1)
    said = wrong(client, ADD, **new(parent=whole.pk, part="1"))
    assert said == {"part": "“Spring” is part 1. The next free one is 2."}
    send(client, ADD, **new(parent=whole.pk, part="1", language="fr"))
    assert whole.parts.count() == 2


@pytest.mark.parametrize(
    ("tied", "field", "sentence"),
    [
        ({"series"}, "part", "Say which part of “Twofold” it is."),
        ({"part"}, "part", "Choose the series, or the piece, that it is a part of."),
        ({"series", "parent", "part"}, "parent", "It is part of a series or of another piece,"),
    ],
)
def test_part_and_whole_go_together(client, editor, tied, field, sentence):
    there = {
        "series": factories.make_series("Twofold").pk,
        "parent": factories.make_publication().pk,
        "part": "1",
    }
    said = wrong(client, ADD, **new(**{name: there[name] for name in tied}))
    assert list(said) == [field]
    assert said[field].startswith(sentence)


def test_a_piece_is_no_part_of_itself_or_of_its_own_parts(client, editor):
    whole = factories.make_publication("Whole", status="draft")
    part = factories.make_publication("Part", parent=whole, part=1)
    smaller = factories.make_publication("Smaller", parent=part, part=1)
    for parent in (whole, part, smaller):
        said = wrong(client, change(whole), parent=parent.pk, part="9")
        assert said == {"parent": "That piece is this one, or a part of it."}


def test_drafts_that_would_make_a_ring_together_are_not_published(client, editor):
    one, other = [factories.make_publication(title) for title in ("One", "Other")]
    send(client, change(one), parent=other.pk, part="1")
    send(client, change(other), parent=one.pk, part="1")
    send(client, change(one), "_publish")
    draft = Revision.objects.of(other).newest()
    with pytest.raises(ValidationError, match="That piece is this one, or a part of it"):
        drafting.publish(other, by=editor, version=draft.piece.version)


# Slugs


def test_a_slug_that_is_taken_is_refused_and_a_free_one_named(client, editor):
    factories.make_publication("Old", slug="nuclear-test")
    factories.make_publication("Older", slug="nuclear-test-2")
    said = wrong(client, ADD, **new(slug="nuclear-test"))
    assert said == {"slug": "“Old” has the address “nuclear-test”. “nuclear-test-3” is free."}


def test_a_slug_that_a_draft_of_something_live_has_taken_is_refused(client, editor):
    live = factories.make_publication("Live")
    send(client, change(live), slug="renamed")
    said = wrong(client, ADD, **new(slug="renamed"))
    assert said == {"slug": "“Live” has the address “renamed”. “renamed-2” is free."}


def test_a_free_slug_fits_the_column():
    factories.make_publication(slug="a" * 120)
    assert len(free_slug(Publication(), "a" * 120)) <= 120
    assert free_slug(Publication(), "b") == "b"
