"""An import under the hands of editors: they notice it, and neither side undoes the other."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from editorial import drafting
from editorial.imported import IMPORTER, importer
from editorial.models import Revision, Status
from editorial.snapshots import take_snapshot
from publications.models import Publication
from publications.translating import outdated
from tests import factories
from tests.forms import change, fields_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def report(editor):
    region = factories.make_region("Sahel")
    return factories.make_publication("Report", regions=[region], body="<p>Old.</p>")


def exported(folder):
    """What is on the site, as files."""
    call_command("export_content", folder, verbosity=0)
    return folder


@pytest.fixture
def folder(tmp_path, report):
    return exported(tmp_path / "before")


def bring(folder, before="<p>Old.</p>", after="<p>Imported.</p>"):
    """Change the file of the report, and import all of them."""
    path = folder / "publications" / "report.html"
    said = path.read_text(encoding="utf-8")
    assert before in said
    path.write_text(said.replace(before, after), encoding="utf-8")
    call_command("import_content", folder, verbosity=0)
    return Publication.objects.get(slug="report")


def test_what_nobody_has_edited_here_gets_no_revision_and_another_version(report, folder):
    piece = bring(folder)
    assert (piece.body, piece.version) == ("<p>Imported.</p>", report.version + 1)
    assert not Revision.objects.exists()


def test_files_that_say_what_is_so_already_touch_nothing(client, report, folder):
    send(client, change(report), title="New title")
    before = Publication.objects.get(pk=report.pk).version
    call_command("import_content", folder, verbosity=0)
    assert Publication.objects.get(pk=report.pk).version == before
    assert Revision.objects.of(report).count() == 2


def test_what_is_live_gets_a_published_revision_signed_by_the_import(client, report, tmp_path):
    send(client, change(report), "_publish", subtitle="Published here")
    piece = bring(exported(tmp_path / "after"))
    newest = drafting.newest_published(piece)
    assert (newest.author, newest.note) == (importer(), "Imported")
    assert newest.snapshot == take_snapshot(piece)
    assert newest.published_at <= timezone.now()
    assert drafting.draft_of(piece) is None
    page = client.get(change(report).replace("/change/", "/history/"))
    assert "Imported" in page.content.decode()


def test_what_is_approved_for_later_is_published_then(client, report, tmp_path):
    tomorrow = factories.hidden_states()["scheduled"]
    Publication.objects.filter(pk=report.pk).update(**tomorrow)
    piece = Publication.objects.get(pk=report.pk)
    send(client, change(piece), title="A draft")
    piece = bring(exported(tmp_path / "after"))
    assert drafting.newest_published(piece).published_at == piece.publish_at


def test_a_draft_outlives_an_import_and_is_joined_with_it(client, editor, report, folder):
    send(client, change(report), title="A draft")
    piece = bring(folder)
    draft = drafting.draft_of(piece)
    assert (draft.snapshot["title"], draft.author) == ("A draft", editor)
    assert fields_of(client, change(piece))["title"] == "A draft"
    response = send(client, change(piece), "_publish")
    assert "/merge/" in response.url
    piece.refresh_from_db()
    assert (piece.title, piece.body) == ("Report", "<p>Imported.</p>")


def test_a_form_left_open_over_an_import_is_shown_both_texts(client, report, folder):
    form = fields_of(client, change(report))
    bring(folder)
    response = client.post(change(report), {**form, "title": "Typed", "_save": "1"}, follow=True)
    assert "/merge/" in response.redirect_chain[-1][0]
    assert Publication.objects.get(pk=report.pk).body == "<p>Imported.</p>"
    assert Revision.objects.get(is_aside=True).snapshot["title"] == "Typed"


def test_what_is_not_live_gets_a_revision_that_is_not_published(client, report, tmp_path):
    Publication.objects.filter(pk=report.pk).update(status=Status.DRAFT)
    send(client, change(report), subtitle="Typed")
    piece = bring(exported(tmp_path / "after"))
    newest = drafting.newest(piece)
    assert (newest.author, newest.published_at) == (importer(), None)
    assert newest.snapshot["body"] == "<p>Imported.</p>"
    assert newest.snapshot["subtitle"] == "Typed"


def test_nobody_can_sign_in_as_the_import(client):
    user = importer()
    assert importer() == user
    assert (user.username, user.is_active, user.is_staff) == (IMPORTER, False, False)
    assert not user.has_usable_password()


def test_a_translation_from_files_is_outdated_once_its_original_is_edited(client, report, tmp_path):
    factories.make_publication("Rapport", slug="a-rapport", language="fr", translation_of=report)
    folder = exported(tmp_path / "both")
    for piece in Publication.objects.order_by("-pk"):  # The translation before its original.
        piece.delete()
    call_command("import_content", folder, verbosity=0)
    assert not outdated().exists()
    send(client, change(Publication.objects.get(slug="report")), "_publish", body="<p>New.</p>")
    assert [piece.slug for piece in outdated()] == ["a-rapport"]
