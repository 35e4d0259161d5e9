"""Several people, and several pages, at one sheet: who may, who is where, and nothing is lost."""

import datetime
import re

import pytest
import time_machine
from django.test import Client

from crisiswatch.models import Edition, Entry
from editorial import drafting
from editorial.models import Preferences, Revision
from tests import factories
from tests.crisiswatch.sheets import PAIRS, TEXT, as_member, ask, row, rows, sheet_of, write
from tests.forms import change, fields_of, form_page, send

pytestmark = pytest.mark.django_db

JUNE = datetime.date(2024, 6, 1)


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


# A month that readers have


def test_a_row_of_a_live_month_is_a_draft_until_it_is_published(client, editor, korea):
    june = factories.make_edition(JUNE)
    entry = factories.make_entry(PAIRS, edition=june, situation=korea, lead="Read.")
    added = factories.make_situation("Sahel")
    write(client, june, korea, lead="Better.")
    write(client, june, added, trend="improved", lead="Late.")
    entry.refresh_from_db()
    assert (entry.lead, june.entries.count()) == ("Read.", 1)
    assert "Better." not in client.get("/crisiswatch/2024/06/").content.decode()
    assert row(client, june, korea).entry.lead == "Better."
    assert row(client, june, added).entry.lead == "Late."
    june.refresh_from_db()
    send(client, change(june), "_publish")
    entry.refresh_from_db()
    assert (entry.lead, june.entries.count()) == ("Better.", 2)


def test_a_form_opened_before_a_row_was_saved_joins_by_itself(client, editor, june, korea):
    entry = factories.make_entry(PAIRS, edition=june, situation=korea, lead="First.")
    write(client, june, factories.make_situation("Sahel"), trend="improved")
    whole, part = (fields_of(client, change(obj)) for obj in (june, entry))
    write(client, june, korea, trend="deteriorated")
    client.post(change(june), {**whole, "overview": "<p>All.</p>", "_save": "1"})
    client.post(change(entry), {**part, "lead": "Second.", "_save": "1"})
    june, entry = Edition.objects.get(pk=june.pk), june.entries.get(situation=korea)
    assert (june.overview, entry.trend, entry.lead) == ("<p>All.</p>", "deteriorated", "Second.")
    assert not Revision.objects.of(june).filter(is_aside=True).exists()


def test_a_form_at_odds_with_a_row_is_set_aside_though_its_revision_was_amended(
    client, editor, june, korea
):
    entry = factories.make_entry(PAIRS, edition=june, situation=korea, lead="First.")
    write(client, june, korea, trend="improved")
    typed = {**fields_of(client, change(entry)), "lead": "Mine.", "_save": "1"}
    write(client, june, korea, lead="Theirs.")
    assert Revision.objects.of(june).count() == 2  # The form's own was amended.
    other, _member = as_member("Editor")
    response = other.post(change(entry), typed, follow=True)
    assert june.entries.get().lead == "Theirs."
    page = response.content.decode()
    assert "Mine." in page
    assert "Theirs." in page
    conflicts = [each for each in response.context["joining"].found if each.is_conflict]
    assert [each.name for each in conflicts] == [f"entries.{entry.pk}.lead"]


# Who may


def test_an_editor_writes_on_their_desk_and_reads_the_rest(june, korea):
    sahel = factories.make_situation("Sahel")
    client, _member = as_member("Editor", korea.region)
    found = rows(client, june)
    assert (found["Korea"].may_edit, found["Sahel"].may_edit) == (True, False)
    assert write(client, june, korea, trend="improved").status_code == 200
    assert write(client, june, sahel, trend="improved").status_code == 403
    assert june.entries.count() == 1


def test_a_contributor_writes_what_is_theirs_and_says_not_who_writes(june, korea):
    client, member = as_member("Contributor")
    factories.make_entry(edition=june, situation=korea, author=member)
    sahel = factories.make_situation("Sahel")
    assert write(client, june, sahel, trend="improved").status_code == 403
    for name, value in [("author", ""), ("state", "ready")]:
        assert write(client, june, korea, **{name: value}).status_code == 403
    assert write(client, june, korea, state="in_review", lead="Mine.").status_code == 200
    entry = june.entries.get()
    assert (entry.author, entry.state, entry.lead) == (member, "in_review", "Mine.")
    page = client.get(sheet_of(june)).content.decode()
    assert 'name="author"' not in page
    assert 'value="ready"' not in page


def test_only_who_is_at_the_desk_can_be_named_as_the_author(client, editor, june, korea):
    author = factories.make_user(is_staff=True)
    assert write(client, june, korea, author=author.pk).status_code == 200
    for left in ("is_active", "is_staff"):
        gone = factories.make_user(**{"is_staff": True, left: False})
        assert write(client, june, korea, author=gone.pk).status_code == 422
    assert june.entries.get().author == author


def test_what_a_contributor_begins_in_a_form_is_theirs(june, korea):
    client, member = as_member("Contributor")
    path = "/admin/crisiswatch/entry/add/"
    send(client, path, edition=june.pk, situation=korea.pk, lead="Begun.")
    entry = june.entries.get()
    assert entry.author == member
    form = fields_of(client, change(entry))
    assert "author" not in form
    client.post(change(entry), {**form, "state": "ready", "_save": "1"})
    entry.refresh_from_db()
    assert entry.state == "writing"


def test_an_outsider_sees_no_sheet(june, korea):
    client = Client()
    client.force_login(factories.make_user(is_staff=True))
    assert client.get(sheet_of(june)).status_code == 403
    assert client.post(sheet_of(june, "people/")).status_code == 403
    path = sheet_of(june, "rows/korea/")
    assert client.post(path, {"fields": "trend", "trend": "improved"}).status_code == 403
    assert not june.entries.exists()


def test_a_row_says_that_its_author_cannot_edit_it(client, editor, june, korea):
    author = factories.make_member("Contributor")
    factories.make_desk(factories.make_region(), members=[author])
    factories.make_entry(edition=june, situation=korea, lead="Waits.", author=author)
    assert [
        "its author cannot edit it" in each.sentence for each in row(client, june, korea).checks
    ] == [True]


# The state of the month


def test_the_sheet_says_in_what_state_its_month_is(client, editor, june, korea):
    Preferences.objects.create(user=editor, time_zone="Asia/Seoul")
    factories.make_entry(edition=june, situation=korea)

    def says():
        html = client.get(sheet_of(june)).content.decode()
        found = re.search(r'<p id="sheet-readers"[^>]*>(.*?)</p>', html)[1]
        assert ask(client, june)["readers_see"] == found  # As an open page hears it.
        june.refresh_from_db()
        return found

    def do(verb, **kwargs):
        getattr(drafting, verb)(june, by=editor, version=june.version, **kwargs)
        return says()

    assert says() == ""
    assert do("submit").startswith("Readers do not see this: it waits for review.")
    at = datetime.datetime(2100, 7, 1, 1, tzinfo=datetime.UTC)
    draft = "What is saved here is a draft until it is published."
    scheduled = "Scheduled for 1 Jul 2100, 10:00 KST (01:00 UTC)."
    assert do("approve", publish_at=at) == f"{scheduled} {draft}"
    with time_machine.travel(at):
        client.force_login(editor)
        public = "Public since 1 Jul 2100, 10:00 KST (01:00 UTC)."
        assert says() == f"{public} {draft}"
        assert "it was withdrawn on 1 Jul 2100, 10:00 KST" in do("withdraw", reason="Wrong.")


# Without JavaScript


def test_without_javascript_an_author_is_named_in_the_entry_s_form(client, editor, june, korea):
    entry = factories.make_entry(edition=june, situation=korea)
    author = factories.make_member("Contributor")
    send(client, change(entry), author=author.pk)
    entry.refresh_from_db()
    assert entry.author == author


def test_without_javascript_a_row_is_a_form_with_a_button(client, editor, june, korea):
    data = {"fields": "trend lead text state", "trend": "improved", "state": "ready", "text": TEXT}
    response = client.post(sheet_of(june, "rows/korea/"), {**data, "lead": "L.", "token": ""})
    assert response["Location"] == sheet_of(june) + "#korea"
    entry = Entry.objects.get(situation=korea)
    assert (entry.trend, entry.lead, entry.state) == ("improved", "L.", "ready")


def test_without_javascript_nothing_typed_is_lost_to_a_faster_colleague(
    client, editor, june, korea
):
    write(client, june, korea, lead="Theirs.")
    data = {"fields": "trend lead text", "trend": "improved", "lead": "Mine.", "text": TEXT}
    response = client.post(sheet_of(june, "rows/korea/"), {**data, "token": ""})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Mine." in page
    assert "Ministers met." in page
    assert "Theirs." in page
    assert "has saved this row" in page
    assert june.entries.get().lead == "Theirs."


# Who is where


def test_a_row_knows_who_is_in_it(client, editor, june, korea):
    other, _member = as_member("Editor", first_name="Bora", last_name="Han")
    july = Edition.objects.create(month=datetime.date(2024, 7, 1))
    ask(other, june, at=korea.pk)
    assert ask(client, june)["people"] == {str(korea.pk): ["Bora Han"]}
    assert "Bora Han" in client.get(sheet_of(june)).content.decode()
    assert ask(client, july)["people"] == ask(other, june, at=korea.pk)["people"] == {}
    sahel = factories.make_situation("Sahel")
    ask(other, june, at=sahel.pk)
    assert ask(client, june)["people"] == {str(sahel.pk): ["Bora Han"]}
    ask(other, june, at="")
    assert ask(client, june, at="1" * 30)["people"] == {}


def test_who_has_the_form_of_an_entry_open_is_in_its_row(client, editor, june, korea):
    entry = factories.make_entry(edition=june, situation=korea)
    other, _member = as_member("Editor", first_name="Bora", last_name="Han")
    other.post(change(entry).replace("change", "presence"))
    assert ask(client, june, at=korea.pk)["people"] == {str(korea.pk): ["Bora Han"]}
    page = form_page(other, change(entry))
    assert [each.name for each in page["others"]] == ["Edda Rill"]


def test_tokens_come_only_when_something_was_saved(client, editor, june, korea):
    version = ask(client, june)["version"]
    assert "tokens" not in ask(client, june, version=version)
    write(client, june, korea, trend="improved")
    answer = ask(client, june, version=version)
    assert answer["tokens"].keys() == {str(korea.pk)}
    fresh = client.get(sheet_of(june) + f"?rows={korea.pk}").content.decode()
    assert answer["tokens"][str(korea.pk)] in fresh
    assert fresh.count("<tr ") == 1
