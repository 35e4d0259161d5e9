import datetime
from threading import Barrier, Thread
from unittest.mock import Mock

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from crisiswatch.models import Coverage, Edition
from crisiswatch.starting import next_to_start, start_month
from editorial.drafting import newest
from tests import factories

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = (datetime.date(2024, month, 1) for month in (5, 6, 7))
START = "/admin/crisiswatch/edition/start/"


@pytest.fixture
def june():
    return factories.make_edition(JUNE)


@pytest.fixture
def editor(client):
    editor = factories.make_editor()
    client.force_login(editor)
    return editor


def add(edition, name, **kwargs):
    return factories.make_entry(edition=edition, situation=factories.make_situation(name), **kwargs)


def started(edition):
    return {entry.situation.name: entry for entry in edition.entries.select_related("situation")}


def test_a_month_carries_coverage_order_and_authors_and_no_text(june):
    author = factories.make_user(is_staff=True)
    add(june, "Sahel", author=author, position=7, risk_alert=True, trend="improved", state="ready")
    edition, made = start_month(JULY, by=author)
    entry = started(edition)["Sahel"]
    assert made
    assert (entry.author, entry.position) == (author, 7)
    assert (entry.trend, entry.lead, entry.risk_alert, entry.state) == ("", "", False, "writing")
    assert not entry.developments.exists()
    assert (edition.month, edition.status, edition.created_by) == (JULY, "draft", author)


def test_the_coverage_of_the_new_month_counts(june):
    for name in ("Ended", "Standby", "Again"):
        add(june, name)
    Coverage.objects.filter(situation__name="Ended").update(last_month=JUNE)
    Coverage.objects.filter(situation__name="Standby").update(level="standby")
    factories.make_situation("New", covered=JULY)
    factories.make_situation("Later", covered=datetime.date(2024, 8, 1))
    edition, _made = start_month(JULY, by=factories.make_editor())
    assert set(started(edition)) == {"Again", "New"}


@pytest.mark.parametrize(("places", "place"), [((0, 0), 0), ((1, 2), 3)])
def test_what_is_new_comes_last_in_its_region_unless_nobody_has_set_an_order(june, places, place):
    region = factories.make_region()
    for name, position in zip("AB", places, strict=True):
        situation = factories.make_situation(name, region=region)
        factories.make_entry(edition=june, situation=situation, position=position)
    add(june, "Elsewhere", position=9)
    factories.make_situation("New", region=region)
    edition, _made = start_month(JULY, by=factories.make_editor())
    assert started(edition)["New"].position == place


@pytest.mark.parametrize("gone", ["is_active", "is_staff"])
def test_an_author_who_has_left_is_left_out(june, gone):
    author = factories.make_user(is_staff=True)
    add(june, "Sahel", author=author)
    setattr(author, gone, False)
    author.save()
    edition, _made = start_month(JULY, by=factories.make_editor())
    assert started(edition)["Sahel"].author is None


def test_how_it_began_is_kept_as_a_revision(june):
    add(june, "Sahel")
    editor = factories.make_editor()
    edition, _made = start_month(JULY, by=editor)
    revision = newest(edition)
    assert (revision.author, revision.note) == (editor, "Started from June 2024")
    assert len(revision.snapshot["entries"]) == 1


@time_machine.travel("2024-06-20")
def test_the_first_month_of_a_house_is_this_one_from_coverage_alone():
    factories.make_situation("Sahel")
    assert str(next_to_start()) == "Start June 2024"
    edition, made = start_month(JUNE, by=factories.make_editor())
    assert made
    assert set(started(edition)) == {"Sahel"}


@time_machine.travel("2024-06-20")
def test_no_month_is_started_that_is_not_the_next_nor_long_before_its_time(june):
    assert str(next_to_start()) == "Start July 2024 from June 2024"
    with pytest.raises(ValidationError, match="August 2024 is not the month to start"):
        start_month(datetime.date(2024, 8, 1), by=factories.make_editor())
    factories.make_edition(JULY)
    assert next_to_start() is None


def test_the_second_editor_is_led_to_what_the_first_one_started(client, june, editor):
    first = client.post(START, {"month": "2024-07"})
    edition = Edition.objects.get(month=JULY)
    assert first.url == f"/admin/crisiswatch/edition/{edition.pk}/sheet/"
    client.force_login(factories.make_editor())
    second = client.post(START, {"month": "2024-07"}, follow=True)
    assert second.redirect_chain[0][0] == first.url
    assert f"July 2024 was there already, started by {editor}." in second.content.decode()
    assert Edition.objects.count() == 2


@pytest.mark.parametrize("month", ["", "2024-13", "2024-09", "July", "\0"])
def test_a_month_that_cannot_be_started_gets_a_sentence(client, june, editor, month):
    response = client.post(START, {"month": month}, follow=True)
    assert response.status_code == 200
    assert Edition.objects.count() == 1
    assert [str(message) for message in response.context["messages"]]


def test_the_button_stands_on_the_list_and_on_the_desk_and_is_no_get(client, june, editor):
    for page in ("/admin/crisiswatch/edition/", "/admin/"):
        assert "Start July 2024 from June 2024" in client.get(page).content.decode()
    assert client.get(START).status_code == 405
    client.force_login(factories.make_member("Contributor"))
    assert "Start July" not in client.get("/admin/").content.decode()
    assert client.post(START, {"month": "2024-07"}).status_code == 403


def test_what_fails_leaves_no_empty_month_behind(client, june, editor, monkeypatch):
    monkeypatch.setattr("crisiswatch.starting.keep_revision", Mock(side_effect=DatabaseError))
    with pytest.raises(DatabaseError):
        client.post(START, {"month": "2024-07"})
    assert not Edition.objects.filter(month=JULY).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_the_same_moment_one_makes_it():
    add(factories.make_edition(JUNE), "Sahel")
    editors, together, got = [factories.make_editor() for _ in "ab"], Barrier(2), []

    def press(editor):
        together.wait(timeout=10)
        try:
            got.append(start_month(JULY, by=editor))
        finally:
            connection.close()

    threads = [Thread(target=press, args=[editor]) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(made for _edition, made in got) == [False, True]
    assert len({edition.pk for edition, _made in got}) == 1
    assert Edition.objects.get(month=JULY).entries.count() == 1


def test_starting_asks_no_more_for_more_situations(june, django_assert_max_num_queries):
    for number in range(10):
        add(june, f"Place {number}", author=factories.make_user(is_staff=True))
    with django_assert_max_num_queries(20):
        start_month(JULY, by=factories.make_editor())
