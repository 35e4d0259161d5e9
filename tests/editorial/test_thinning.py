"""What the years may take away of the revisions, and what they may not."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from editorial import drafting
from editorial.models import Revision
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
