"""The log: nobody alters it, Administrators read it, and their spreadsheet runs nothing of it."""

import csv
import datetime
import importlib
import io

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from editorial.auditing import log
from editorial.models import AppendOnly, Event
from editorial.spreadsheets import as_csv, defused
from tests.factories import make_editor, make_member, make_publication, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/editorial/event/"
migration = importlib.import_module("editorial.migrations.0003_append_only_log")


def write(action="published", by=None, **kwargs):
    return log(Event.Action(action), by=by or make_user(), **kwargs)


@pytest.fixture
def administrator(client):
    user = make_member("Administrator", username="keeper")
    client.force_login(user)
    return user


def exported(client, query=""):
    response = client.get(f"{ADDRESS}csv/{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


class TestNobodyAlters:
    def test_a_line_through_the_model(self):
        event = write()
        event.details = "something else"
        for change in (
            event.save,
            event.delete,
            Event.objects.all().delete,
            lambda: Event.objects.update(details=""),
        ):
            with pytest.raises(AppendOnly):
                change()

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE editorial_event SET details = 'another'", "DELETE FROM editorial_event"],
    )
    def test_a_line_in_the_database_itself(self, statement):
        event = write(details="as it was")
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":  # See django_db_setup in tests/conftest.py.
                for back in migration.SQLITE_BACK:
                    cursor.execute(back)
                for protection in migration.SQLITE:
                    cursor.execute(protection)
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                cursor.execute(statement)
        assert Event.objects.get(pk=event.pk).details == "as it was"

    def test_the_protection_has_outlived_all_migrations(self):
        if connection.vendor == "sqlite":
            names = (
                "SELECT name FROM sqlite_master"
                " WHERE type = 'trigger' AND tbl_name = 'editorial_event'"
            )
            expected = {"editorial_event_is_not_changed"}
        else:
            names = (
                "SELECT tgname FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgrelid = 'editorial_event'::regclass"
            )
            expected = {"editorial_event_stays"}
        with connection.cursor() as cursor:
            cursor.execute(names)
            assert {name for (name,) in cursor.fetchall()} == expected

    def test_a_line_through_the_admin_not_even_a_superuser(self, client):
        event = write()
        client.force_login(make_editor())
        assert client.get(ADDRESS).status_code == 200
        for path in ("add/", f"{event.pk}/change/", f"{event.pk}/delete/"):
            assert client.post(f"{ADDRESS}{path}", {"post": "yes"}).status_code == 403
        data = {"action": "delete_selected", "_selected_action": event.pk, "post": "yes"}
        client.post(ADDRESS, data)
        assert Event.objects.filter(pk=event.pk).exists()


class TestTheList:
    @pytest.mark.parametrize("role", ["Contributor", "Editor", "Publisher", "Newsletter"])
    def test_is_closed_to_all_roles_but_the_administrator(self, client, role):
        client.force_login(make_member(role))
        for path in ("", "csv/"):
            assert client.get(f"{ADDRESS}{path}").status_code == 403

    def test_says_when_in_the_zone_of_the_site_and_in_utc(self, client, administrator, settings):
        settings.TIME_ZONE = "Europe/Brussels"
        moment = datetime.datetime(2024, 7, 1, 9, tzinfo=datetime.UTC)
        Event.objects.create(at=moment, action="published", user=administrator)
        page = client.get(ADDRESS).content.decode()
        assert "1 Jul 2024, 11:00 CEST (09:00 UTC)" in page

    def test_leads_from_revision_to_revision_to_their_comparison(self, client, administrator):
        piece = make_publication("Ceasefire")
        write(piece=piece, from_revision=3, to_revision=5)
        page = client.get(ADDRESS).content.decode()
        address = f"/admin/publications/publication/{piece.pk}/compare/?from=3&amp;to=5"
        assert f'<a href="{address}">3 → 5</a>' in page
        assert "publication: Ceasefire" in page

    def test_is_filtered_and_searched(self, client, administrator):
        bora = make_user(username="bora")
        write("published", by=bora, details="spring")
        write("withdrawn", by=bora, details="autumn")
        write("published", details="winter")
        for query, seasons in {
            "?action__exact=published": {"spring", "winter"},
            f"?user__id__exact={bora.pk}": {"spring", "autumn"},
            "?q=autumn": {"autumn"},
            "?q=bora": {"spring", "autumn"},
        }.items():
            assert {row["details"] for row in exported(client, query)} == seasons
            page = client.get(f"{ADDRESS}{query}").content.decode()
            assert {s for s in ("spring", "autumn", "winter") if f">{s}<" in page} == seasons

    def test_costs_the_same_however_long_it_is(
        self, client, administrator, django_assert_max_num_queries
    ):
        for _each in range(30):
            write(piece=make_publication(), from_revision=1, to_revision=2)
        with django_assert_max_num_queries(20):
            client.get(ADDRESS)

    @pytest.mark.parametrize("query", ["?at__year=99999", "?at__day=x", "?color=red", "?p=x"])
    def test_asked_for_in_an_absurd_way_answers_all_the_same(self, client, administrator, query):
        write()
        for path in (ADDRESS, f"{ADDRESS}csv/"):
            assert client.get(f"{path}{query}").status_code in {200, 302}


class TestTheSpreadsheet:
    def test_holds_what_the_list_shows(self, client, administrator):
        piece = make_publication("Ceasefire")
        event = write(
            "withdrawn", piece=piece, from_revision=3, to_revision=5, details="Not so, “sic”.\nOr?"
        )
        assert exported(client) == [
            {
                "at": event.at.isoformat(timespec="seconds"),
                "user": event.user.username,
                "action": "withdrawn",
                "what": "publication: Ceasefire",
                "kind": "publication",
                "object_id": str(piece.pk),
                "from_revision": "3",
                "to_revision": "5",
                "details": "Not so, “sic”.\nOr?",
            }
        ]

    def test_is_linked_from_the_list_with_its_filters(self, client, administrator):
        page = client.get(f"{ADDRESS}?action__exact=published&q=x").content.decode()
        assert f'href="{ADDRESS}csv/?action__exact=published&amp;q=x"' in page

    def test_runs_nothing_that_somebody_typed(self, client, administrator):
        write("refused", details="=HYPERLINK(1)")
        assert exported(client)[0]["details"] == "'=HYPERLINK(1)"

    @pytest.mark.parametrize("sign", list("=+-@\t\r\n\0＝＋－＠"))
    def test_defuses_every_sign_that_opens_a_formula(self, sign):
        assert defused(f"{sign}1") == f"'{sign}1"
        assert defused(f"1{sign}") == f"1{sign}"

    @given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1)))
    def test_gives_back_every_cell_as_it_was_or_with_an_apostrophe(self, rows):
        text = "".join(as_csv(rows)).removeprefix("\ufeff")
        read = list(csv.reader(io.StringIO(text, newline="")))
        assert read == [[defused(cell) for cell in row] for row in rows]
        assert not any(cell[:1] in set("=+-@\t\r\n\0") for row in read for cell in row if cell)
