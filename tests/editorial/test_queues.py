"""Which failed schedules the front page goes on showing."""

import datetime

import pytest
from django.utils import timezone

from editorial import drafting, scheduling
from editorial.models import Revision, ScheduledChange
from tests import factories
from tests.forms import change, send, withdraw

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def region():
    return factories.make_region("Sahel")


def save(client, region, text):
    send(client, change(region), introduction=f"<p>{text}</p>")
    region.refresh_from_db()


def schedule(region, editor):
    region.refresh_from_db()
    at = timezone.now() + HOUR
    scheduling.schedule_piece(region, at=at, by=editor, version=region.version)
    return ScheduledChange.objects.order_by("pk").last()


def fail(planned):
    scheduling.fail([planned], planned, "It is incomplete.")


def publish(region, editor):
    region.refresh_from_db()
    drafting.publish(region, by=editor, version=region.version)


def shown(client):
    return [item.change for item in client.get("/admin/").context["failed"]]


@pytest.fixture
def planned(client, editor, region):
    """A text that is scheduled, and that will fail."""
    save(client, region, "Scheduled.")
    return schedule(region, editor)


def test_one_that_failed_after_another_draft_was_begun_is_shown(client, editor, region, planned):
    save(client, region, "Another.")
    fail(planned)
    assert shown(client) == [planned]
    publish(region, editor)  # This text does not hold the one that failed.
    assert shown(client) == [planned]


def test_one_that_was_saved_again_is_shown_until_readers_get_it(client, editor, region, planned):
    fail(planned)
    save(client, region, "Mended.")
    assert shown(client) == [planned]
    publish(region, editor)
    assert shown(client) == []


def test_one_that_is_planned_anew_is_not_shown_as_long_as_that_stands(
    client, editor, region, planned
):
    fail(planned)
    again = schedule(region, editor)
    assert again.revision == planned.revision
    assert shown(client) == []
    scheduling.cancel(again, by=editor)
    assert shown(client) == [planned]


def test_one_that_is_mended_and_planned_anew_is_not_shown(client, editor, region, planned):
    fail(planned)
    save(client, region, "Mended.")
    schedule(region, editor)
    assert shown(client) == []


def test_one_that_was_given_up_is_not_shown(client, editor, region, planned):
    fail(planned)
    region.refresh_from_db()
    drafting.discard(region, by=editor, version=region.version)
    assert Revision.objects.get(pk=planned.revision_id).discarded_at
    assert shown(client) == []


def test_one_of_a_piece_that_was_withdrawn_is_not_shown(client, editor, region, planned):
    fail(planned)
    withdraw(client, region)
    assert shown(client) == []
