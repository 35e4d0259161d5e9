"""What the years may take away of the revisions, and what they may not."""

import datetime

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from editorial import drafting
from editorial.models import PreviewLink, Revision, ScheduledChange, Status
from editorial.snapshots import take_snapshot
from editorial.thinning import thin_revisions
from tests import factories
from tests.forms import change, fields_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def region(client):
    client.force_login(factories.make_editor())
    return factories.make_region("Sahel", introduction="<p>Old.</p>")


def thinned():
    """Thin the revisions as if all of them had been saved more than a year ago."""
    Revision.objects.update(created_at=timezone.now() - datetime.timedelta(days=400))
    return thin_revisions(days=180)


def numbers(piece):
    return sorted(Revision.objects.of(piece).values_list("number", flat=True))


def set_aside(client, region):
    """A draft, and the text of somebody who had opened the form before."""
    other = Client()
    other.force_login(factories.make_editor())
    theirs = fields_of(other, change(region))
    send(client, change(region), introduction="<p>The draft.</p>")
    other.post(change(region), {**theirs, "introduction": "<p>Aside.</p>", "_save": "1"})
    return Revision.objects.get(is_aside=True)


def test_a_draft_stays_although_a_newer_text_was_set_aside_and_that_stays_too(client, region):
    aside = set_aside(client, region)
    send(client, change(region), introduction="<p>A better draft.</p>")
    thinned()
    assert drafting.draft_of(region).snapshot["introduction"] == "<p>A better draft.</p>"
    assert Revision.objects.filter(pk=aside.pk).exists()


def test_a_draft_stays_although_the_newest_text_was_set_aside_and_given_up(client, region):
    aside = set_aside(client, region)
    Revision.objects.filter(pk=aside.pk).update(discarded_at=timezone.now())
    thinned()
    assert drafting.draft_of(region).snapshot["introduction"] == "<p>The draft.</p>"


def test_a_text_set_aside_goes_once_somebody_has_decided_on_it(client, region):
    aside = set_aside(client, region)
    Revision.objects.filter(pk=aside.pk).update(discarded_at=timezone.now())
    send(client, change(region), introduction="<p>A better draft.</p>")
    thinned()
    assert not Revision.objects.filter(pk=aside.pk).exists()


def test_of_a_draft_the_steps_on_the_way_go_and_what_it_is_based_on_stays(client, region):
    for text in ("First", "Second", "Third"):
        send(client, change(region), introduction=f"<p>{text}.</p>")
    assert numbers(region) == [1, 2, 3, 4]
    assert thinned() == 2
    assert numbers(region) == [1, 4]


def test_drafts_that_were_given_up_go_but_for_the_last_whose_number_nobody_else_gets(
    client, region
):
    for text in ("First", "Second"):
        send(client, change(region), introduction=f"<p>{text}.</p>")
    region.refresh_from_db()
    drafting.discard(region, by=factories.make_editor(), version=region.version)
    thinned()
    assert numbers(region) == [1, 3]


def test_what_readers_have_had_stays_however_old(client, region):
    for text in ("First", "Second"):
        send(client, change(region), introduction=f"<p>{text}, a draft.</p>")
        send(client, change(region), "_publish", introduction=f"<p>{text}.</p>")
    assert thinned() == 2
    assert numbers(region) == [1, 3, 5]


@pytest.mark.parametrize("days", [181, 180, 179])
def test_what_is_young_stays(client, region, days):
    for text in ("First", "Second"):
        send(client, change(region), introduction=f"<p>{text}.</p>")
    then = timezone.now() - datetime.timedelta(days=days, seconds=1)
    Revision.objects.update(created_at=then)
    assert thin_revisions(days=180) == (1 if days >= 180 else 0)


def test_what_is_to_come_and_what_came_stays(client, region):
    send(client, change(region), introduction="<p>To come.</p>")
    planned = drafting.draft_of(region)
    ScheduledChange.objects.create(
        revision=planned,
        change_at=timezone.now() + datetime.timedelta(days=1),
        scheduled_by=planned.author,
        cancelled_at=timezone.now(),
    )
    send(client, change(region), introduction="<p>Another.</p>")
    assert thinned() == 0


@pytest.mark.parametrize(
    ("facts", "stays"),
    [
        ({}, True),
        ({"revoked_at": timezone.now()}, False),
        ({"expires_at": timezone.now() - datetime.timedelta(days=300)}, False),
    ],
)
def test_what_somebody_can_still_read_by_a_link_stays(client, region, facts, stays):
    send(client, change(region), introduction="<p>Shared.</p>")
    shared = drafting.draft_of(region)
    facts = {"expires_at": timezone.now() + datetime.timedelta(hours=1), **facts}
    PreviewLink.objects.create(revision=shared, made_by=shared.author, **facts)
    send(client, change(region), introduction="<p>Better.</p>")
    thinned()
    assert Revision.objects.filter(pk=shared.pk).exists() == stays


def test_a_piece_that_is_not_live_keeps_what_its_row_says(client):
    client.force_login(factories.make_editor())
    piece = factories.make_region("Draft", status=Status.DRAFT)
    for text in ("First", "Second", "Third"):
        send(client, change(piece), introduction=f"<p>{text}.</p>")
    thinned()
    piece.refresh_from_db()
    assert drafting.newest(piece).snapshot == take_snapshot(piece)
    assert numbers(piece) == [4]


def test_the_command_counts_first_and_deletes_in_great_numbers(client, region, capsys):
    send(client, change(region), introduction="<p>First.</p>")
    draft = drafting.draft_of(region)
    Revision.objects.bulk_create(
        Revision(piece=region, number=number, snapshot=draft.snapshot, based_on=1)
        for number in range(3, 1205)
    )
    Revision.objects.update(created_at=timezone.now() - datetime.timedelta(days=40))
    call_command("thin_revisions", days=30, dry_run=True)
    assert "1202 revisions could be deleted." in capsys.readouterr().out
    assert Revision.objects.count() == 1204
    call_command("thin_revisions", days=30)
    assert numbers(region) == [1, 1204]
    call_command("thin_revisions", days=30)
    assert "0 revisions were deleted." in capsys.readouterr().out
