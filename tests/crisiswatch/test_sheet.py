"""The sheet of a month: its rows, and saving them one by one."""

import datetime
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisiswatch.models import Edition
from editorial import drafting
from editorial.models import Revision
from editorial.snapshots import take_snapshot
from tests import factories
from tests.crisiswatch.sheets import (
    PAIRS,
    TEXT,
    as_member,
    ask,
    row,
    rows,
    sheet_of,
    shown,
    token,
    write,
)

pytestmark = pytest.mark.django_db

MAY, JUNE = datetime.date(2024, 5, 1), datetime.date(2024, 6, 1)


@pytest.fixture
def june():
    return Edition.objects.create(month=JUNE)


@pytest.fixture
def korea():
    return factories.make_situation("Korea")


@pytest.fixture
def editor(client):
    editor = factories.make_editor(first_name="Edda", last_name="Rill")
    client.force_login(editor)
    return editor


# Rows


def test_what_is_monitored_is_a_row_and_so_is_what_has_an_entry(client, editor, june, korea):
    standby = factories.make_situation("Standby")
    standby.coverage.update(level="standby")
    ended = factories.make_situation("Ended")
    ended.coverage.update(last_month=MAY)
    factories.make_entry(edition=june, situation=ended)
    found = rows(client, june)
    assert found.keys() == {"Korea", "Ended"}
    assert not found["Korea"].is_there
    assert "no entry yet" in client.get(sheet_of(june)).content.decode()
    assert any("not covered" in check.sentence for check in found["Ended"].checks)


def test_rows_stand_along_the_region_tree_with_the_progress_of_each(client, editor, june):
    asia = factories.make_region("Asia")
    east = factories.make_region("East Asia", parent=asia)
    for name, region, lead in [("Sahel", None, "L."), ("Korea", east, "L."), ("Taiwan", east, "")]:
        situation = factories.make_situation(name, region=region or factories.make_region("Zone"))
        factories.make_entry(edition=june, situation=situation, lead=lead)
    sheet = client.get(sheet_of(june)).context["sheet"]
    found = [([str(r) for r in g.path], [str(r.situation) for r in g.rows]) for g in sheet.groups]
    assert found == [(["Asia", "East Asia"], ["Korea", "Taiwan"]), (["Zone"], ["Sahel"])]
    assert [(group.done, len(group.rows)) for group in sheet.groups] == [(1, 2), (1, 1)]
    assert sheet.done == 2


def test_last_month_stands_beside_each_row_and_what_has_changed(client, editor, june, korea):
    may = Edition.objects.create(month=MAY)
    for edition, trend in [(may, "improved"), (june, "deteriorated")]:
        factories.make_entry(PAIRS, edition=edition, situation=korea, trend=trend, lead="Same.")
    found = row(client, june, korea)
    assert (found.last.trend, found.entry.trend) == ("improved", "deteriorated")
    assert found.says_the_same
    write(client, june, korea, lead="New.")
    assert not row(client, june, korea).says_the_same


def test_the_filter_is_an_address(client, editor, june):
    mine = factories.make_situation("Mine")
    factories.make_entry(edition=june, situation=mine, author=editor, risk_alert=True)
    waits = factories.make_situation("Waits")
    factories.make_entry(edition=june, situation=waits, state="in_review")
    factories.make_situation("Missing", region=mine.region)
    assert shown(client, june, "?show=mine") == shown(client, june, "?show=alerts") == {"Mine"}
    assert shown(client, june, "?show=missing") == {"Missing"}
    assert shown(client, june, "?show=in_review") == {"Waits"}
    assert shown(client, june, f"?region={mine.region.slug}") == {"Mine", "Missing"}
    assert shown(client, june, "?q=wai") == {"Waits"}
    assert shown(client, june, "?show=nonsense") == {"Mine", "Waits", "Missing"}


def test_queries_do_not_grow_with_the_rows(client, editor, june):
    may = Edition.objects.create(month=MAY)
    region, counts = factories.make_region(), []
    for more in (4, 12):
        for _ in range(more):
            situation = factories.make_situation(region=region)
            for edition in (may, june):
                author = factories.make_user(is_staff=True)
                factories.make_entry(PAIRS, edition=edition, situation=situation, author=author)
        its = token(client, june, situation)
        write(client, june, situation, trend="improved")
        counts.append([])
        for act in (
            lambda: client.get(sheet_of(june)),
            lambda: write(client, june, situation, lead=f"L {more}", token=its),  # noqa: B023
            lambda: ask(client, june, version="1"),
            lambda: ask(client, june, version=Edition.objects.get(pk=june.pk).version),
        ):
            with CaptureQueriesContext(connection) as queries:
                act()
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0][-1] < 8  # Of these one is the test's own.


# Saving a row


def test_a_row_is_saved_with_what_was_changed_in_it_alone(client, editor, june, korea):
    entry = factories.make_entry(edition=june, situation=korea, lead="Stays.", trend="")
    answer = write(client, june, korea, trend="improved", risk_alert="on", text=TEXT)
    entry.refresh_from_db()
    assert (entry.trend, entry.risk_alert, entry.lead) == ("improved", True, "Stays.")
    assert list(entry.developments.values_list("lead_sentence", "body")) == PAIRS
    assert token(client, june, korea) in answer.json()["row"]
    assert drafting.newest(june).author == editor


def test_a_situation_without_an_entry_gets_one_with_the_first_save(client, editor, june, korea):
    may = Edition.objects.create(month=MAY)
    factories.make_entry(edition=may, situation=korea, position=7)
    assert write(client, june, korea, trend="unchanged").status_code == 200
    entry = june.entries.get()
    assert (entry.situation, entry.trend, entry.position) == (korea, "unchanged", 7)
    write(client, june, korea, trend="")
    assert june.entries.get() == entry
    assert june.entries.get().trend == ""


def test_saving_nothing_makes_nothing(client, editor, june, korea):
    assert write(client, june, korea, trend="").status_code == 200
    factories.make_entry(PAIRS, edition=june, situation=korea)
    write(client, june, korea, text=TEXT.replace("\n", "\r\n"))
    assert not Revision.objects.of(june).exists()


def test_a_paragraph_that_was_only_changed_stays_the_same_row(client, editor, june, korea):
    entry = factories.make_entry([*PAIRS, ("", "End.")], edition=june, situation=korea)
    first, second, third = entry.developments.all()
    write(client, june, korea, text="New.\n\n**Talks resumed.** Ministers met.\n\nShut.\n\nEnd.")
    found = list(entry.developments.all())
    assert [each.body for each in found] == ["New.", "Ministers met.", "Shut.", "End."]
    assert [each.pk for each in found[1:]] == [first.pk, second.pk, third.pk]


@pytest.mark.parametrize(
    ("name", "value"), [("trend", "worse"), ("state", ""), ("author", "999"), ("text", "a\x00b")]
)
def test_what_cannot_be_is_refused_with_a_sentence(client, editor, june, korea, name, value):
    answer = write(client, june, korea, **{name: value})
    assert answer.status_code == 422
    assert answer.json()["problems"]
    assert not june.entries.exists()


def test_a_row_that_somebody_else_has_saved_is_never_overwritten(client, editor, june, korea):
    factories.make_entry(edition=june, situation=korea, lead="First.")
    mine = token(client, june, korea)
    other, _member = as_member("Editor", first_name="Bora", last_name="Han")
    write(other, june, korea, lead="Theirs.")
    write(client, june, factories.make_situation("Sahel"), trend="improved")
    answer = write(client, june, korea, token=mine, lead="Mine.")
    assert answer.status_code == 409
    assert "Theirs." in answer.json()["row"]
    assert "Bora Han has saved this row" in answer.json()["who"]
    assert june.entries.get(situation=korea).lead == "Theirs."


def test_two_rows_are_saved_at_once_and_nobody_is_asked(client, editor, june, korea):
    sahel = factories.make_situation("Sahel")
    mine = token(client, june, korea)
    other, _member = as_member("Editor")
    write(other, june, sahel, trend="improved")
    assert write(client, june, korea, token=mine, trend="deteriorated").status_code == 200
    assert set(june.entries.values_list("trend", flat=True)) == {"improved", "deteriorated"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_who_save_a_row_at_the_same_moment_one_is_told(korea):
    june = Edition.objects.create(month=JUNE)
    factories.make_entry(edition=june, situation=korea, lead="First.")
    statuses, start = [], Barrier(2)

    def save(member, lead):
        client = Client()
        client.force_login(member)
        its = token(client, june, korea)
        start.wait(10)
        statuses.append(write(client, june, korea, token=its, lead=lead).status_code)
        connection.close()

    threads = [
        Thread(target=save, args=(factories.make_editor(), lead)) for lead in ("One.", "Other.")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == [200, 409]
    assert june.entries.get().lead in {"One.", "Other."}


# The order of the rows


class TestMovingARow:
    @pytest.fixture
    def asia(self, june):
        """Four rows of a region, in the order of their names; nobody has begun the last one."""
        region, may = factories.make_region("Asia"), Edition.objects.create(month=MAY)
        found = [factories.make_situation(name, region=region) for name in "ABCD"]
        for situation in found[:3]:
            factories.make_entry(edition=june, situation=situation, lead=f"{situation}.")
        factories.make_entry(edition=may, situation=found[3])
        factories.make_entry(edition=june, situation=factories.make_situation("Elsewhere"))
        return found

    def order(self, client, june):
        return "".join(name for name in rows(client, june) if name in "ABCD")

    def test_puts_it_below_another_one_or_first(self, client, editor, june, asia):
        a, _b, c, d = asia
        answer = write(client, june, c, after=a.pk)
        assert self.order(client, june) == "ACBD"
        for each in asia:  # All of them have other places now: the page hears their tokens.
            assert token(client, june, each) in answer.json()["row"]
        write(client, june, d, after="")
        assert self.order(client, june) == "DACB"
        assert june.entries.get(situation=a).lead == "A."
        assert june.entries.get(situation__name="Elsewhere").position == 0
        assert drafting.newest(june).snapshot == take_snapshot(Edition.objects.get(pk=june.pk))
        revisions = Revision.objects.of(june).count()
        write(client, june, d, after="")
        assert Revision.objects.of(june).count() == revisions

    def test_is_kept_from_month_to_month_and_in_a_draft_from_readers(self, client, editor, asia):
        july = factories.make_edition(datetime.date(2024, 7, 1))
        for each in asia:
            factories.make_entry(edition=july, situation=each)
        write(client, july, asia[3], after="")
        assert self.order(client, july) == "DABC"
        assert set(july.entries.values_list("position", flat=True)) == {0}

    def test_that_somebody_has_saved_or_that_is_not_there_is_refused(
        self, client, editor, june, asia
    ):
        _a, b, _c, _d = asia
        stale = token(client, june, b)
        write(client, june, b, lead="Theirs.")
        assert write(client, june, b, token=stale, after="").status_code == 409
        elsewhere = june.entries.get(situation__name="Elsewhere").situation_id
        for key, status in [(elsewhere, 409), (b.pk, 409), (10**9, 409), ("x", 422)]:
            assert write(client, june, b, after=key).status_code == status
        assert self.order(client, june) == "ABCD"

    def test_is_for_those_who_edit_all_of_its_region(self, june, asia):
        elsewhere, _member = as_member("Editor", factories.make_region())
        hers, member = as_member("Contributor")
        june.entries.filter(situation=asia[1]).update(author=member)
        for client in (elsewhere, hers):
            assert write(client, june, asia[1], after="").status_code == 403
            assert self.order(client, june) == "ABCD"
        there, _member = as_member("Editor", asia[0].region)
        assert write(there, june, asia[1], after="").status_code == 200


def test_the_row_of_the_snapshot_is_the_row_of_the_database(client, editor, june, korea):
    write(client, june, korea, trend="improved", lead="  L\r\n", text=TEXT)
    assert drafting.newest(june).snapshot == take_snapshot(Edition.objects.get(pk=june.pk))
