"""What an editor types or opens by mistake gets a sentence, and no error page."""

import io

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from crisiswatch.models import Edition
from editorial.models import Status
from tests import factories
from tests.forms import change, fields_of, send

pytestmark = pytest.mark.django_db
ABSURD = "9" * 30


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


def new_rows(prefix, *rows):
    numbered = {f"{prefix}-{n}-{key}": value for n, row in rows for key, value in row.items()}
    return {f"{prefix}-TOTAL_FORMS": max(n for n, _ in rows) + 1, **numbered}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED])
def test_new_rows_come_last_in_the_order_in_which_they_were_typed(client, editor, status):
    piece = factories.make_publication(authors=[factories.make_person("Han Bora")], status=status)
    piece.bylines.create(outside_name="Somebody", position=6)
    role = {"role": "author", "title": "Analyst", "position": 0}
    rows = [
        (2, {**role, "outside_name": "First typed"}),
        (3, {**role, "outside_name": "Placed by hand", "position": 3}),
        (4, {**role, "outside_name": "Second typed"}),
    ]
    send(client, change(piece), **new_rows("bylines", *rows))
    if status == Status.APPROVED:
        send(client, change(piece), "_publish")
    names = [byline.outside_name or byline.person.name for byline in piece.bylines.all()]
    assert names == ["Han Bora", "Placed by hand", "Somebody", "First typed", "Second typed"]
    assert [byline.position for byline in piece.bylines.all()] == [0, 3, 6, 7, 8]


def test_a_new_development_comes_last(client, editor):
    entry = factories.make_entry(
        [("Old.", "It was.")],
        edition=factories.make_edition(status=Status.DRAFT),
    )
    row = {"lead_sentence": "New.", "body": "It is.", "position": 0}
    send(client, change(entry), **new_rows("developments", (1, row)))
    assert [each.lead_sentence for each in entry.developments.all()] == ["Old.", "New."]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("regions", [ABSURD]),
        ("series", ABSURD),
        ("translation_of", ABSURD),
        ("regions", ["-" + ABSURD]),
    ],
)
def test_a_choice_that_no_key_can_be_is_refused_in_the_form(client, editor, field, value):
    piece = factories.make_publication(regions=[factories.make_region()])
    response = send(client, change(piece), refused=True, **{field: value})
    assert response.context["adminform"].form.errors[field]


def test_a_topic_is_no_longer_than_a_topic_can_be(client, editor):
    piece = factories.make_publication()
    response = send(client, change(piece), tags=f"short, {'x' * 101}", refused=True)
    [error] = response.context["adminform"].form.errors["tags"]
    assert "101 characters; a topic has 100 at most" in error
    send(client, change(piece), tags=f"short, {'x' * 100}")


def test_a_folder_of_files_is_no_file(client, editor):
    factories.make_publication(image=factories.picture(), image_alt="A bridge")
    assert client.get("/media/publications/publication/image/").status_code == 404
    assert client.get("/media/publications/publication/image").status_code == 404


@pytest.mark.parametrize(
    ("month", "taken"),
    [("1989-12", 0), ("1990-01", 1), ("2199-12", 1), ("2200-01", 0), ("9999-12", 0)],
)
def test_an_edition_is_of_a_month_that_an_edition_can_be_of(client, editor, month, taken):
    path = "/admin/crisiswatch/edition/add/"
    response = send(client, path, month=month, refused=not taken)
    assert Edition.objects.count() == taken
    if not taken:
        [error] = response.context["adminform"].form.errors["month"]
        assert "years go from 1990 to 2199" in error


def test_who_may_only_read_sees_rich_text_as_readers_do(client):
    client.force_login(factories.make_member("Contributor"))
    piece = factories.make_publication(
        body="<h2>Talks</h2>\n<p>A <strong>pause</strong> &lt;3.</p>"
    )
    piece.findings.create(label="New?", text="<p>A <em>truce</em><script>x</script>.</p>")
    html = client.get(change(piece)).content.decode()
    assert "<h2>Talks</h2> <p>A <strong>pause</strong> &lt;3.</p>" in html
    assert "<p>A <em>truce</em>.</p>" in html
    assert "&lt;p&gt;" not in html


def test_who_may_write_gets_the_source_into_the_editor(client, editor):
    piece = factories.make_publication(body="<p>A pause.</p>")
    assert fields_of(client, change(piece))["body"] == "<p>A pause.</p>"


def upload(mode, kind):
    content = io.BytesIO()
    Image.new(mode, (40, 50), (10, 20, 30, 40)[: len(mode)]).save(content, kind)
    return ContentFile(content.getvalue(), name=f"picture.{kind.lower()}")


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "JPEG"), ("RGBA", "PNG"), ("RGB", "WEBP"), ("RGBA", "WEBP"), ("RGB", "GIF")],
)
def test_pictures_of_the_usual_kinds_are_taken(client, editor, mode, kind):
    person = factories.make_person()
    send(client, change(person), "_publish", portrait=upload(mode, kind), portrait_alt="A face")
    person.refresh_from_db()
    assert person.portrait
    page = client.get(person.get_absolute_url()).content.decode()
    path = page.partition('src="/media/')[2].partition('"')[0]
    shown = client.get(f"/media/{path}")
    assert Image.open(io.BytesIO(b"".join(shown))).format == "WEBP"


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO"])
def test_pictures_of_other_kinds_are_refused_with_the_kinds_that_are_taken(client, editor, kind):
    person = factories.make_person()
    response = send(client, change(person), portrait=upload("RGB", kind), refused=True)
    [error] = response.context["adminform"].form.errors["portrait"]
    assert error == "This picture cannot be read. Take a JPEG, PNG, WebP or GIF."


def test_who_may_not_see_a_page_of_the_desk_reads_why_on_the_desk(client, editor):
    response = client.get(change(factories.make_region()).replace("change", "delete"))
    html = response.content.decode()
    assert response.status_code == 403
    assert "it can be withdrawn, not deleted" in html
    assert 'href="/admin/"' in html
    assert "ask them for a newer link" not in html

    client.force_login(factories.make_member("Editor"))
    response = client.get("/admin/editorial/event/")
    assert response.status_code == 403
    assert "Your role does not allow this." in response.content.decode()


def test_a_form_of_the_desk_that_was_not_sent_says_where_its_words_are():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/regions/region/add/", {"name": "Typed"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "kept in this browser" in html
    assert 'href="/admin/login/?next=/admin/regions/region/add/"' in html


def test_readers_get_the_pages_of_readers():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/updates/", {"address": "a@example.org"})
    assert "kept in this browser" not in response.content.decode()


def test_a_text_of_two_megabytes_is_refused_at_its_field_and_stays_in_the_form(client, editor):
    piece = factories.make_publication()
    body = f"<p>{'A long text. ' * 170_000}</p>"
    response = send(client, change(piece), body=body, refused=True)
    form = response.context["adminform"].form
    assert "2 MB" in form.errors["body"][0]
    assert form["body"].value() == body
