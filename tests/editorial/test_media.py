"""Files over HTTP, as the public gets them."""

import hashlib
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from editorial.images import RENDITIONS, picture_at, rendition_path
from editorial.models import Revision, Status
from tests import factories
from tests.forms import change, send, withdraw

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 " + bytes(range(256)) * 40
NAMES = ["region", "person", "publication", "figure", "attachment"]


def make_owner(name, **state):
    """Something with a file: the object whose state counts, and the file."""
    shown = {"size": (70, 50), "colour": f"#{factories.number() % 0xFFFFFF:06x}"}
    if name == "person":
        owner = factories.make_person(
            portrait=factories.picture(**shown), portrait_alt="A", **state
        )
        return owner, owner.portrait
    if name == "region":
        owner = factories.make_region(image=factories.picture(**shown), image_alt="A", **state)
        return owner, owner.image
    if name == "publication":
        owner = factories.make_publication(image=factories.picture(**shown), image_alt="A", **state)
        return owner, owner.image
    owner = factories.make_publication(**state)
    if name == "figure":
        return owner, owner.figures.create(image=factories.picture(**shown), alt="A").image
    return owner, make_attachment(owner).file


def make_attachment(owner, content=PDF, name="r.pdf", label="Full report"):
    content += f" {factories.number()}".encode()
    return owner.attachments.create(file=ContentFile(content, name=name), label=label)


def ask(address, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    response = Client().get(address, headers={"Accept-Encoding": "gzip", **headers})
    return response, b"".join(response)


def addresses(file):
    """Where the public could look for a file: itself, and its renditions."""
    yield f"/media/{file.name}"
    if hasattr(file, "_ppoi"):
        for name in ("wide-480.avif", "portrait-80.webp", "share-1200.jpg"):
            yield f"/media/{rendition_path(file, name)}"


def statuses(file):
    found = set()
    for address in addresses(file):
        found.add(ask(address)[0].status_code)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_as_public_as_its_owner(name):
    owner, file = make_owner(name, status=Status.DRAFT, publish_at=None)
    for state in factories.hidden_states().values():
        type(owner).objects.filter(pk=owner.pk).update(**state)
        assert statuses(file) == {404}
    type(owner).objects.filter(pk=owner.pk).update(**factories.public())
    assert statuses(file) == {200}


def test_who_is_signed_in_and_not_at_the_desk_gets_what_everybody_gets(client):
    client.force_login(factories.make_user())
    _owner, file = make_owner("publication", status=Status.DRAFT)
    assert {client.get(address).status_code for address in addresses(file)} == {404}


@pytest.mark.parametrize("name", ["person", "figure", "attachment"])
def test_what_is_withdrawn_takes_its_files_along(client, name):
    client.force_login(factories.make_editor())
    owner, file = make_owner(name)
    assert statuses(file) == {200}
    withdraw(client, owner)
    assert statuses(file) == {404}
    staff = client.get(f"/media/{file.name}")
    assert b"".join(staff)
    assert staff["Cache-Control"] == "private, no-store"


def test_a_picture_chosen_for_a_live_piece_waits_with_the_draft(client):
    client.force_login(factories.make_editor())
    owner, old = make_owner("publication")
    send(client, change(owner), image=factories.picture(size=(90, 90)), image_alt="B")
    new = Revision.objects.of(owner).latest("number").snapshot["image"]
    assert statuses(old) == {200}
    assert Client().get(f"/media/{new}").status_code == 404
    send(client, change(owner), "_publish")
    owner.refresh_from_db()
    assert owner.image.name == new
    assert statuses(owner.image) == {200}
    assert statuses(old) == {404}


def test_a_file_of_two_is_public_while_one_of_them_is():
    owner, file = make_owner("publication")
    factories.make_publication(image=file.name, image_alt="A", image_ppoi="0.5x0.5")
    type(owner).objects.filter(pk=owner.pk).update(status=Status.DRAFT)
    assert statuses(file) == {200}


@pytest.mark.parametrize("name", NAMES)
def test_asking_for_a_file_takes_one_query(name, django_assert_num_queries):
    _owner, file = make_owner(name)
    for address in addresses(file):
        with django_assert_num_queries(1):
            assert ask(address)[1]


def test_a_file_is_kept_for_long_and_shared_caches_soon_ask_again():
    _owner, file = make_owner("attachment")
    response, _content = ask(f"/media/{file.name}")
    assert response["Cache-Control"] == "public, max-age=86400, s-maxage=600, immutable"
    again = Client().get(f"/media/{file.name}", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert not response.cookies


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("Full report", 'inline; filename="Full report.pdf"'),
        ("דוח מלא", f"inline; filename*=utf-8''{quote('דוח מלא.pdf')}"),
        ('A "b"\r\nSet-Cookie: c', 'inline; filename="A b Set-Cookie c.pdf"'),
    ],
)
def test_an_attachment_is_saved_under_its_label(label, says):
    attachment = make_attachment(factories.make_publication(), label=label)
    response, _content = ask(f"/media/{attachment.file.name}")
    assert response["Content-Disposition"] == says


def test_what_could_run_is_not_opened_and_what_opens_runs_nothing():
    owner, picture = make_owner("publication")
    table = make_attachment(owner, b"a,b", "t.csv", "Data")
    response, _content = ask(f"/media/{table.file.name}")
    assert response["Content-Disposition"] == 'attachment; filename="Data.csv"'
    for file in (picture, table.file, make_attachment(owner).file):
        response, _content = ask(f"/media/{file.name}")
        assert response["X-Content-Type-Options"] == "nosniff"
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert ("sandbox" in policy) != file.name.endswith(".pdf")


# Parts of files


@pytest.fixture
def report():
    attachment = make_attachment(factories.make_publication())
    with attachment.file.open() as file:
        return f"/media/{attachment.file.name}", file.read()


def test_a_part_of_a_file_can_be_asked_for(report):
    address, content = report
    whole, got = ask(address)
    assert (got, whole["Content-Length"]) == (content, str(len(content)))
    assert whole["Accept-Ranges"] == "bytes"
    part, got = ask(address, Range="bytes=100-199")
    assert (part.status_code, got) == (206, content[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert part["Content-Length"] == "100"
    assert part["ETag"] == whole["ETag"]


def test_behind_the_end_there_is_nothing(report):
    address, content = report
    response, got = ask(address, Range=f"bytes={len(content)}-")
    assert (response.status_code, got) == (416, b"")
    assert response["Content-Range"] == f"bytes */{len(content)}"


def test_a_part_is_given_if_the_file_is_still_the_same(report):
    address, content = report
    tag = ask(address)[0]["ETag"]
    assert ask(address, Range="bytes=0-4", If_Range=tag)[1] == content[:5]
    for other in (f"W/{tag}", '"x"', "Sun, 22 Nov 2026 10:00:00 GMT"):
        response, got = ask(address, Range="bytes=0-4", If_Range=other)
        assert (response.status_code, got) == (200, content)


def test_only_the_head_can_be_asked_for(report):
    address, content = report
    response = Client().head(address, headers={"Range": "bytes=0-4"})
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(content))


def test_nothing_can_be_sent_to_a_file(report):
    assert Client().post(report[0]).status_code == 405


def test_no_header_breaks_the_answer(report):
    address, content = report

    @given(st.from_regex(r"[ -~]{0,30}|bytes=\d{0,6}-\d{0,6}(,\d-)?", fullmatch=True))
    def asked(header):
        response, got = ask(address, Range=header)
        assert response.status_code in {200, 206, 416}
        assert got in content

    asked()


def test_nginx_is_told_where_the_file_lies(settings):
    settings.MEDIA_ACCEL = "/files/"
    _owner, picture = make_owner("publication")
    for address in addresses(picture):
        response = Client().get(address)
        assert response.content == b""
        told = response["X-Accel-Redirect"]
        assert told.startswith("/files/")
        assert default_storage.exists(told.removeprefix("/files/"))
        assert response["Cache-Control"].startswith("public")
    _hidden, file = make_owner("publication", status=Status.DRAFT)
    response = Client().get(f"/media/{file.name}")
    assert response.status_code == 404
    assert "X-Accel-Redirect" not in response


def test_addresses_that_nobody_has_made_are_not_found():
    _owner, picture = make_owner("publication")
    right = f"/media/{rendition_path(picture, 'wide-480.avif')}"
    tried = [right.replace("wide-480", each) for each in ("wide-481", "huge-480", "wide-00480")]
    tried += [right.replace(".avif", ".png"), f"{right}/x", f"/media/{'a' * 5000}", "/media/%00"]
    for address in tried:
        assert Client().get(address).status_code == 404, address


def test_a_picture_is_drawn_around_the_point_that_its_owner_says_and_no_other():
    """Whoever could name any point could fill the disk."""
    _owner, picture = make_owner("publication")
    other = picture_at(picture.field, picture.name, "0.1x0.1")
    for focus, status in [(picture, 200), (other, 404)]:
        assert ask(f"/media/{rendition_path(focus, 'wide-480.avif')}")[0].status_code == status


def test_renditions_have_names_of_their_own():
    _owner, picture = make_owner("publication")
    paths = {rendition_path(picture, name) for name in RENDITIONS}
    assert len(paths) == len(RENDITIONS)
    with default_storage.open(picture.name) as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest()[:24] in picture.name
