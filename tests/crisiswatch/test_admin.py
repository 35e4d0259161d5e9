"""The form of an edition, and what contributors may begin."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crisiswatch.models import Edition, Entry
from crisiswatch.saving import save_row
from crisiswatch.sheet import token_of
from editorial import drafting, scheduling
from tests import factories
from tests.forms import change, fields_of, send

pytestmark = pytest.mark.django_db

JUNE, JULY = datetime.date(2024, 6, 1), datetime.date(2024, 7, 1)
ADD = "/admin/crisiswatch/entry/add/"


@pytest.fixture
def editor(client):
    editor = factories.make_editor()
    client.force_login(editor)
    return editor


@pytest.fixture
def july():
    return Edition.objects.create(month=JULY)


def test_the_form_of_an_edition_takes_no_query_for_each_entry(client, editor):
    edition = factories.make_edition()
    counts = []
    for more in (3, 9):
        for _ in range(more):
            factories.make_entry(edition=edition)
        client.get(change(edition))
        with CaptureQueriesContext(connection) as queries:
            client.get(change(edition))
        counts.append(len(queries))
    assert counts[0] == counts[1], counts


def test_the_form_leads_to_the_sheet_and_each_check_to_its_row(client, editor, july):
    factories.make_entry(edition=july, situation=factories.make_situation("Sahel"), trend="")
    html = client.get(change(july)).content.decode()
    sheet = change(july).replace("change", "sheet")
    assert f'href="{sheet}"' in html
    assert f'<a href="{sheet}#sahel">Sahel has no trend yet.</a>' in html
    assert '<a href="#id_overview">There is no global overview.</a>' in html
    assert "1 of 1" not in html
    assert "0 of 1 with trend and lead" in html


def test_the_form_holds_no_entries_and_the_month_is_fixed_once_it_was_approved(
    client, editor, july
):
    factories.make_entry(edition=july)
    assert set(fields_of(client, change(july))) >= {"month", "overview"}
    assert "entries-TOTAL_FORMS" not in fields_of(client, change(july))
    public = factories.make_edition(JUNE)
    assert "month" not in fields_of(client, change(public))
    page = client.get(change(public)).content.decode()
    assert '<div class="readonly">June 2024</div>' in page
    assert "<title>CrisisWatch June 2024 |" in page
    send(client, change(public), month="2024-05", overview="<p>New.</p>")
    public.refresh_from_db()
    assert public.month == JUNE
    assert drafting.current(public)["month"] == "2024-06"


def test_an_overview_is_saved_while_others_save_rows(client, editor, july):
    entry = factories.make_entry(edition=july, lead="Old.")
    form = fields_of(client, change(july))
    row = drafting.current(july)["entries"][0]
    colleague = factories.make_editor()
    save_row(july, entry.situation, {"lead": "New."}, token=token_of(row), by=colleague)
    client.post(change(july), {**form, "overview": "<p>All.</p>", "_save": "1"})
    july.refresh_from_db()
    entry.refresh_from_db()
    assert (july.overview, entry.lead) == ("<p>All.</p>", "New.")


def draft(edition, overview, by):
    said = {**drafting.current(edition), "overview": overview}
    return drafting.save_snapshot(edition, said, by=by, version=edition.version)


def test_publishing_from_the_dry_run_asks_what_becomes_of_a_scheduled_change(client, editor):
    live, tomorrow = factories.make_edition(JUNE), timezone.now() + datetime.timedelta(days=1)
    planned = draft(live, "<p>Tomorrow.</p>", by=editor)
    scheduling.schedule(planned, at=tomorrow, by=editor, version=live.version)
    draft(live, "<p>Now.</p>", by=editor)
    path = change(live).replace("change", "dry-run")
    response = client.post(path, {"version": live.version}, follow=True)
    assert response.redirect_chain == [(change(live).replace("change", "publish"), 302)]
    assert [each.change_at for each in response.context["pending"]] == [tomorrow]


class TestTakingOut:
    def test_an_entry_that_should_not_be_there_goes_and_the_history_keeps_it(
        self, client, editor, july
    ):
        entry = factories.make_entry([("A.", "Written.")], edition=july)
        path = change(july).replace("change", f"take-out/{entry.pk}")
        assert f'href="{path}"' in client.get(change(entry)).content.decode()
        assert "Written." in client.get(path).content.decode()
        assert july.entries.exists()
        assert client.post(path, {"version": july.version}).status_code == 302
        assert not july.entries.exists()
        first, last = july_revisions(july)
        assert first.snapshot["entries"][0]["developments"][0]["body"] == "Written."
        assert last.author == editor

    def test_not_on_top_of_somebody_elses_save(self, client, editor, july):
        entry = factories.make_entry(edition=july)
        path = change(july).replace("change", f"take-out/{entry.pk}")
        Edition.objects.update(version=9)
        assert "Somebody has changed it" in client.post(path, {"version": 1}).content.decode()
        assert july.entries.exists()

    def test_what_readers_may_have_seen_stays(self, client, editor):
        entry = factories.make_entry()
        path = change(entry.edition).replace("change", f"take-out/{entry.pk}")
        assert path not in client.get(change(entry)).content.decode()
        assert client.post(path, {"version": entry.edition.version}).status_code == 403

    def test_nobody_takes_out_what_lies_on_another_desk(self, client, july):
        entry, mine = factories.make_entry(edition=july), factories.make_region()
        member = factories.make_member("Editor")
        factories.make_desk(mine, members=[member])
        client.force_login(member)
        path = change(july).replace("change", f"take-out/{entry.pk}")
        assert client.get(path).status_code == 403


def july_revisions(july):
    kept = drafting.Revision.objects.of(july).order_by("number")
    return kept.first(), kept.last()


class TestAContributor:
    @pytest.fixture
    def contributor(self, client):
        contributor = factories.make_member("Contributor")
        client.force_login(contributor)
        return contributor

    def add(self, client, edition, situation, **more):
        data = {**fields_of(client, ADD), "edition": edition.pk, "situation": situation.pk, **more}
        return client.post(ADD, {**data, "_save": "1"}, follow=True)

    def test_begins_entries_in_their_own_name_only(self, client, contributor, july):
        colleague = factories.make_user(is_staff=True)
        self.add(client, july, factories.make_situation(), author=colleague.pk)
        assert Entry.objects.get().author == contributor

    def test_begins_none_on_another_desk(self, client, contributor, july):
        factories.make_desk(factories.make_region(), members=[contributor])
        response = self.add(client, july, factories.make_situation())
        assert "your desk looks after" in response.content.decode()
        assert not Entry.objects.exists()

    def test_changes_what_is_theirs_and_reads_the_rest(self, client, contributor, july):
        own = factories.make_entry(edition=july, author=contributor)
        other = factories.make_entry(edition=july)
        send(client, change(own), lead="Mine.")
        own.refresh_from_db()
        assert own.lead == "Mine."
        assert client.get(change(other)).status_code == 200
        assert client.post(change(other), {"lead": "Mine."}).status_code == 403

    def test_neither_starts_a_month_nor_changes_one(self, client, contributor, july):
        assert client.post(change(july), {"overview": "Mine"}).status_code == 403
        assert client.get("/admin/crisiswatch/edition/add/").status_code == 403
