"""Who else has a page open: what the page asks, and what colleagues are told."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from editorial.models import Presence
from editorial.presence import Colleague, arrive, leave, others
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2024, 7, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture
def piece():
    return factories.make_region("Sahel")


@pytest.fixture
def han():
    return factories.make_editor(first_name="Han", last_name="Bora")


@pytest.fixture
def me():
    return factories.make_editor(username="me")


def after(**time):
    return NOON + datetime.timedelta(**time)


def url(piece):
    return reverse("admin:regions_region_presence", args=[piece.pk])


def change(piece):
    return reverse("admin:regions_region_change", args=[piece.pk])


def test_a_colleague_is_seen_by_name_and_i_am_not(piece, han, me):
    with time_machine.travel(NOON, tick=False):
        arrive(piece, han)
        arrive(piece, me)
        assert others(piece, me) == [Colleague("Han Bora", NOON)]
        assert [other.name for other in others(piece, han)] == ["me"]


def test_other_pages_are_other_pages(piece, han, me):
    arrive(factories.make_region("Asia"), han)
    arrive(factories.make_person(), han)
    assert others(piece, me) == []


def test_who_says_nothing_for_a_minute_is_away_and_comes_back_anew(piece, han, me):
    with time_machine.travel(NOON, tick=False) as clock:
        arrive(piece, han)
        clock.move_to(after(seconds=50))
        arrive(piece, han)
        clock.move_to(after(seconds=100))
        assert others(piece, me)[0].since == NOON
        clock.move_to(after(seconds=111))
        assert others(piece, me) == []
        arrive(piece, han)
        assert others(piece, me)[0].since == after(seconds=111)


def test_who_leaves_is_away_after_ten_seconds(piece, han, me):
    with time_machine.travel(NOON, tick=False) as clock:
        arrive(piece, han)
        leave(piece, han)
        clock.move_to(after(seconds=11))
        assert others(piece, me) == []


def test_who_saves_and_is_back_at_once_has_been_there_all_along(piece, han, me):
    with time_machine.travel(NOON, tick=False) as clock:
        arrive(piece, han)
        clock.move_to(after(seconds=40))
        leave(piece, han)
        clock.move_to(after(seconds=45))
        arrive(piece, han)
        assert others(piece, me) == [Colleague("Han Bora", NOON)]


def test_leaving_late_does_not_bring_anybody_back(piece, han, me):
    with time_machine.travel(NOON, tick=False) as clock:
        arrive(piece, han)
        clock.move_to(after(minutes=5))
        leave(piece, han)
        assert others(piece, me) == []


def test_old_rows_of_the_same_page_are_thrown_away(piece, han, me):
    elsewhere = factories.make_region("Asia")
    with time_machine.travel(NOON, tick=False) as clock:
        arrive(piece, han)
        arrive(elsewhere, han)
        clock.move_to(after(hours=2))
        arrive(piece, me)
    assert {(row.object_id, row.user) for row in Presence.objects.all()} == {
        (piece.pk, me),
        (elsewhere.pk, han),
    }


@pytest.mark.django_db(transaction=True)
def test_many_tabs_that_arrive_at_once_are_one_person(piece, han):
    def tab(_):
        try:
            arrive(piece, han)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tab, range(12)))
    assert Presence.objects.count() == 1


@pytest.mark.parametrize(
    ("zone", "words"), [("Europe/Brussels", "14:00 (12:00 UTC)"), ("UTC", "12:00 UTC")]
)
def test_the_hour_is_said_in_the_zone_of_the_editor_and_in_utc(zone, words):
    with time_machine.travel(NOON, tick=False), timezone.override(zone):
        assert Colleague("Han Bora", NOON).since_in_words == words
        yesterday = Colleague("Han Bora", after(days=-1)).since_in_words
        assert yesterday.startswith("30 Jun 2024, ")


def test_the_page_tells_that_it_is_open_and_hears_who_else_is(client, piece, han, me):
    client.force_login(han)
    assert client.post(url(piece)).json() == {"others": []}
    client.force_login(me)
    with time_machine.travel(timezone.now(), tick=False):
        answer = client.post(url(piece)).json()
    assert [other["name"] for other in answer["others"]] == ["Han Bora"]
    assert answer["others"][0]["since"].endswith("UTC")


def test_opening_the_page_shows_who_has_it_open_and_tells_nobody(client, piece, han, me):
    arrive(piece, han)
    client.force_login(me)
    assert "Han Bora has this page open since " in client.get(change(piece)).content.decode()
    assert not Presence.objects.filter(user=me).exists()


def test_closing_the_page_is_told_too(client, piece, me):
    client.force_login(me)
    client.post(url(piece))
    before = Presence.objects.get().seen_at
    client.post(url(piece), {"leave": "1"})
    assert Presence.objects.get().seen_at < before


def test_only_those_who_may_change_the_page_are_told(client, piece, han):
    arrive(piece, han)
    assert client.post(url(piece)).status_code == 302  # to the sign-in
    client.force_login(factories.make_user(is_staff=True))
    assert client.post(url(piece)).status_code == 403
    assert Presence.objects.get().user == han


def test_a_page_that_is_not_there_and_a_method_that_is_not_meant(client, piece, me):
    client.force_login(me)
    assert client.get(url(piece)).status_code == 405
    piece.pk += 1
    assert client.post(url(piece)).status_code == 403
