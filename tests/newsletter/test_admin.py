"""What editors can do at the desk, and what nobody can."""

import pytest
from django.urls import reverse

from newsletter.addresses import fingerprint
from newsletter.models import Consent, SignUp, Subscriber, Suppression, Wording
from tests.factories import make_editor, make_region
from tests.newsletter.factories import (
    ADDRESS,
    make_issue,
    make_sign_up,
    make_subscriber,
    make_suppression,
    make_wording,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(make_editor())
    return client


def page(model, view, *args):
    return reverse(f"admin:newsletter_{model}_{view}", args=args)


def test_an_editor_starts_from_the_wording_that_readers_see(editor):
    form = editor.get(page("wording", "add")).content.decode()
    assert "Email Updates" in form
    assert "Receive the best source of conflict analysis right in your inbox." in form


def test_an_editor_changes_the_wording_and_readers_see_it(editor, client):
    fields = {
        "language": "en",
        "heading": "Hear from us",
        "sentence": "At once.",
        "consent": "Fine.",
    }
    assert editor.post(page("wording", "add"), fields).status_code == 302
    wording = Wording.objects.get()
    assert wording.version == 1
    assert "Hear from us" in client.get("/newsletter/").content.decode()
    change = page("wording", "change", wording.pk)
    assert editor.post(change, fields | {"heading": "Hear more"}).status_code == 302
    wording.refresh_from_db()
    assert (wording.heading, wording.version) == ("Hear more", 2)
    editor.post(change, fields | {"heading": "Hear more"})
    wording.refresh_from_db()
    assert wording.version == 2
    assert "Hear more" in client.get("/newsletter/").content.decode()


def test_the_second_wording_is_offered_for_the_second_language(editor):
    make_wording(language="en")
    form = editor.get(page("wording", "add")).content.decode()
    assert '<option value="he" selected>' in form


def test_nobody_is_subscribed_at_the_desk(editor):
    subscriber = make_subscriber(ADDRESS)
    assert editor.get(page("subscriber", "add")).status_code == 403
    form = editor.get(page("subscriber", "change", subscriber.pk)).content.decode()
    assert ADDRESS in form
    for name in ("address", "confirmed_at", "left_at", "subscriptions-0-region"):
        assert f'name="{name}' not in form


def test_a_subscriber_is_found_by_address(editor):
    make_subscriber(ADDRESS)
    make_subscriber("other@example.com")
    found = editor.get(page("subscriber", "changelist"), {"q": "reader@"}).content.decode()
    assert ADDRESS in found
    assert "other@example.com" not in found


def test_deleting_a_subscriber_at_the_desk_erases_all(editor):
    subscriber = make_subscriber(ADDRESS, regions=[make_region()])
    subscriber.consents.create(action=Consent.Action.CONFIRMED)
    make_sign_up(ADDRESS)
    delete = page("subscriber", "delete", subscriber.pk)
    assert editor.get(delete).status_code == 200
    assert editor.post(delete, {"post": "yes"}).status_code == 302
    assert not Subscriber.objects.exists()
    assert not Consent.objects.exists()
    assert not SignUp.objects.exists()


def test_the_log_of_the_desk_does_not_keep_the_address(editor):
    subscriber = make_subscriber(ADDRESS)
    editor.post(page("subscriber", "delete", subscriber.pk), {"post": "yes"})
    assert ADDRESS not in editor.get("/admin/").content.decode()


def test_an_editor_suppresses_an_address_and_only_its_fingerprint_is_kept(editor):
    add = page("suppression", "add")
    assert editor.post(add, {"address": "Reader@Example.org", "reason": "asked"}).status_code == 302
    suppression = Suppression.objects.get()
    assert (suppression.fingerprint, suppression.reason) == (fingerprint(ADDRESS), "asked")
    again = editor.post(add, {"address": ADDRESS, "reason": "bounced"})
    assert "suppressed already" in again.content.decode()
    wrong = editor.post(add, {"address": "nobody", "reason": "asked"})
    assert "Please type an e-mail address" in wrong.content.decode()


def record(model):
    subscriber = make_subscriber()
    return {
        "consent": lambda: subscriber.consents.create(action=Consent.Action.LEFT),
        "delivery": lambda: make_issue().deliveries.create(subscriber=subscriber),
        "signup": make_sign_up,
        "subscription": subscriber.subscriptions.get,
        "suppression": make_suppression,
    }[model]()


@pytest.mark.parametrize("model", ["consent", "delivery", "signup", "subscription", "suppression"])
def test_a_record_is_read_and_not_changed(editor, model):
    row = record(model)
    assert editor.get(page(model, "changelist")).status_code == 200
    change = page(model, "change", row.pk)
    assert editor.get(change).status_code == 200
    assert editor.post(change, {}).status_code == 403
    assert editor.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_an_issue_is_written_and_approved(editor):
    fields = {"subject": "June", "body": "What happened.", "policy": "hold", "_approve": "1"}
    response = editor.post(page("issue", "add"), fields, follow=True)
    assert response.status_code == 200
    assert "public since" in response.content.decode()


@pytest.mark.parametrize("model", ["wording", "subscriber", "issue"])
def test_the_lists_open(editor, model):
    for make in (make_wording, make_subscriber, make_issue):
        make()
    assert editor.get(page(model, "changelist")).status_code == 200
