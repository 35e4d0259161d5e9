"""The rows of a publication in its form: bylines, figures, attachments."""

import datetime

import pytest

from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def analyst():
    """Who was an adviser until the end of 2019, and left after two years as a consultant."""
    person = factories.make_person("Bora Han")
    for title, first, last in [
        ("Senior Adviser", datetime.date(2018, 1, 1), datetime.date(2019, 12, 31)),
        ("Senior Consultant", datetime.date(2020, 1, 1), datetime.date(2021, 12, 31)),
    ]:
        factories.make_appointment(person, title=title, started_on=first, ended_on=last)
    return person


def of_2019(**kwargs):
    then = datetime.datetime(2019, 6, 24, tzinfo=datetime.UTC)
    return factories.make_publication("The Risk", publish_at=then, **kwargs)


def rows(client, piece, relation):
    formsets = [
        inline.formset for inline in client.get(change(piece)).context["inline_admin_formsets"]
    ]
    return next(formset for formset in formsets if formset.prefix == relation)


def test_an_empty_title_says_which_one_was_held_on_the_day_of_publication(client, editor, analyst):
    piece = of_2019(authors=[analyst, factories.make_person()], status="draft")
    titles = [
        form.fields["title"].widget.attrs.get("placeholder")
        for form in rows(client, piece, "bylines").initial_forms
    ]
    assert titles == ["Senior Adviser", None]


def test_an_old_byline_keeps_its_title_where_the_person_s_page_says_formerly(
    client, editor, analyst
):
    piece = of_2019(authors=[analyst], status="draft")
    send(client, change(piece), "_approve")
    assert piece.bylines.get().title == "Senior Adviser"
    page = client.get(piece.get_absolute_url()).content.decode()
    assert "Senior Adviser" in page
    assert "ormerly" not in page
    hers = client.get(analyst.get_absolute_url()).content.decode()
    assert "Formerly" in hers
    assert "Senior Consultant" in hers


def test_a_title_that_was_typed_stays(client, editor, analyst):
    piece = of_2019(authors=[analyst], status="draft")
    send(client, change(piece), "_approve", **{"bylines-0-title": "Guest of the Institute"})
    assert piece.bylines.get().title == "Guest of the Institute"


def test_a_figure_gets_the_mark_that_the_editor_wrote_or_one_of_its_own(client, editor):
    piece = factories.make_publication(status="draft")
    new = {"figures-TOTAL_FORMS": "2"}
    for number, mark in enumerate(["abc12345", ""]):
        new |= {
            f"figures-{number}-image": factories.picture(f"{number}.png", size=(9, 9 + number)),
            f"figures-{number}-image_ppoi": "0.5x0.5",
            f"figures-{number}-alt": "A chart",
            f"figures-{number}-position": number,
            f"figures-{number}-mark": mark,
        }
    send(client, change(piece), **new)
    given, drawn = piece.figures.order_by("pk")
    assert given.mark == "abc12345"
    assert len(drawn.mark) == 8
    form = rows(client, piece, "figures").initial_forms[0]
    assert form["mark"].is_hidden
    assert rows(client, piece, "figures").empty_form["mark"].value() in (None, "")


def test_an_attachment_says_how_large_it_is(client, editor):
    piece = factories.make_publication(status="draft")
    attachment = piece.attachments.create(file=factories.picture("r.pdf"), label="Full report")
    type(attachment).objects.update(size=1_300_000, pages=24)
    assert "1.2\u00a0MB, 24 pages" in client.get(change(piece)).content.decode()


def test_no_two_figures_of_a_piece_share_a_mark(client, editor):
    piece = factories.make_publication(status="draft")
    piece.figures.create(image=factories.picture(), alt="One", mark="same", position=1)
    piece.figures.create(image=factories.picture(), alt="Two", mark="other", position=2)
    send(client, change(piece), **{"figures-1-mark": "same", "figures-1-alt": "Two, typed"})
    assert piece.figures.get(mark="same").alt == "One"
    assert piece.figures.exclude(mark="same").get().alt == "Two, typed"
