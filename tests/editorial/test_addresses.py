"""What readers find at addresses that they know."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from editorial import drafting
from editorial.addresses import keep_old_addresses
from editorial.models import Status
from tests import factories
from tests.forms import change, send, withdraw

pytestmark = pytest.mark.django_db

OLD, NEW = "/publications/report/", "/publications/canary/"


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def renamed(client, editor):
    """A piece that was withdrawn and has got another slug since."""
    piece = factories.make_publication("Report")
    withdraw(client, piece)
    send(client, change(piece), slug="canary")
    return piece


@pytest.mark.parametrize("query", ["", "?page=7"])
@pytest.mark.parametrize("prefix", ["", "/he"])
def test_a_withdrawn_piece_is_gone_with_its_reason_whatever_its_slug_is(renamed, prefix, query):
    for method in (Client().get, Client().head, Client().post):
        response = method(f"{prefix}{OLD}{query}")
        assert response.status_code == 410
        assert "canary" not in f"{response.headers}{response.content}"
    assert "It names a source." in Client().get(f"{prefix}{OLD}{query}").content.decode()


def test_a_slug_changed_in_a_withdrawal_is_known_when_readers_have_the_piece_again(client, renamed):
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)
    piece = type(renamed).objects.get()
    drafting.approve(piece, by=factories.make_editor(), version=piece.version, publish_at=tomorrow)
    assert Client().get(OLD).status_code == 410
    drafting.rework(piece, by=factories.make_editor(), version=piece.version)
    now = timezone.now()
    drafting.approve(piece, by=factories.make_editor(), version=piece.version, publish_at=now)
    response = Client().get(f"{OLD}?from=mail")
    assert (response.status_code, response["Location"]) == (301, f"{NEW}?from=mail")


def test_an_old_address_leads_on_though_nothing_answers_there():
    keep_old_addresses(["/publications/a/"], ["/publications/b/"])
    assert Client().get("/publications/a/")["Location"] == "/publications/b/"


def test_an_older_revision_takes_no_entry_away_from_readers(client, editor):
    edition = factories.make_entry().edition
    drafting.keep_how_it_was_found(edition)
    added = factories.make_situation("Added")
    entry = {"edition": edition.pk, "situation": added.pk, "trend": "unchanged", "lead": "New."}
    send(client, "/admin/crisiswatch/entry/add/", **entry)
    drafted = drafting.draft_of(edition)
    before = drafted.snapshot
    send(client, change(edition), "_publish")
    path = "/crisiswatch/2024/06/added/"
    assert Client().get(path).status_code == 200
    key = edition.entries.get(situation=added).pk
    first = drafting.Revision.objects.of(edition).get(number=1)
    for snapshot in (first.snapshot, before):  # The second has the entry under its draft's key.
        edition.refresh_from_db()
        first.snapshot = snapshot
        drafting.restore(edition, first, by=editor, version=edition.version)
        edition.refresh_from_db()
        drafting.publish(edition, by=editor, version=edition.version)
        assert Client().get(path).status_code == 200
        assert edition.entries.get(situation=added).pk == key


def test_an_entry_of_a_draft_goes_when_an_older_revision_comes_back(client, editor):
    edition = factories.make_edition(status=Status.DRAFT, approved_at=None)
    drafting.keep_how_it_was_found(edition)
    factories.make_entry(edition=edition)
    first = drafting.Revision.objects.of(edition).get()
    drafting.restore(edition, first, by=editor, version=edition.version)
    assert not edition.entries.exists()


def test_an_edition_that_gets_an_entry_and_another_month_leaves_all_redirects(client, editor):
    situation = factories.make_situation("Zone")
    edition = factories.make_entry(situation=situation).edition
    added = factories.make_situation("Added")  # Before the other by name.
    entry = {"edition": edition.pk, "situation": added.pk, "trend": "unchanged", "lead": "New."}
    send(client, "/admin/crisiswatch/entry/add/", **entry)
    edition.refresh_from_db()  # The form keeps the month; an older revision may bring another.
    snapshot = drafting.current(edition) | {"month": "2024-05"}
    drafting.save_snapshot(edition, snapshot, by=editor, version=edition.version)
    send(client, change(edition), "_publish")
    for end in ("", "zone/"):
        response = Client().get(f"/crisiswatch/2024/06/{end}")
        assert response["Location"] == f"/crisiswatch/2024/05/{end}"
