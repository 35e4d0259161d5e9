"""The front page of the desk, its calendar and its search, as each editor meets them."""

import datetime
import re

import hypothesis
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crisiswatch.models import Edition
from editorial import drafting, scheduling
from editorial.addresses import keep_old_addresses
from editorial.models import Revision, ScheduledChange, Status
from editorial.snapshots import take_snapshot
from publications.models import Publication
from regions.models import Region
from tests import factories
from tests.forms import form_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = factories.make_editor(username="ed")
    client.force_login(user)
    return user


@pytest.fixture
def colleague():
    return factories.make_editor(username="bea")


def in_days(days):
    return timezone.now() + datetime.timedelta(days=days)


def a_draft(piece, by, title="Another title"):
    """A draft of a live publication."""
    snapshot = take_snapshot(piece) | {"title": title}
    return drafting.save_snapshot(piece, snapshot, by=by, version=piece.version)


def an_unfinished(title, by, status=Status.DRAFT, **kwargs):
    return factories.make_publication(title, status=status, created_by=by, **kwargs)


def names(items):
    return [str(item.piece) for item in items]


def front(client):
    return form_page(client, "/admin/")


# My drafts


def test_pieces_that_i_began_and_drafts_of_live_pages_that_i_wrote_are_mine(
    client, editor, colleague
):
    an_unfinished("Begun", editor)
    an_unfinished("Theirs", colleague)
    a_draft(factories.make_publication("Live"), editor)
    a_draft(factories.make_publication("Live of theirs"), colleague)
    factories.make_publication("Finished", created_by=editor)

    assert sorted(names(front(client)["mine"].shown)) == ["Begun", "Live"]


def test_a_piece_of_a_colleague_that_i_saved_last_is_mine_too(client, editor, colleague):
    piece = an_unfinished("Handed over", colleague)
    a_draft(piece, editor, title="Taken over")
    assert names(front(client)["mine"].shown) == ["Taken over"]


def test_what_is_published_given_up_or_scheduled_is_not_a_draft_any_more(client, editor):
    pieces = [factories.make_publication(name) for name in ("Published", "Given up", "Scheduled")]
    drafts = [a_draft(piece, editor) for piece in pieces]
    published, given_up, scheduled = pieces
    drafting.publish(published, by=editor, version=published.version)
    drafting.discard(given_up, by=editor, version=given_up.version)
    scheduling.schedule(drafts[2], at=in_days(1), by=editor, version=scheduled.version)

    assert not front(client)["mine"].shown


def test_a_long_queue_says_how_much_more_there_is(client, editor):
    for number in range(11):
        an_unfinished(f"Piece {number}", editor)
    queue = front(client)["mine"]
    assert (len(queue.shown), queue.more) == (8, 3)
    assert "and 3 more" in client.get("/admin/").content.decode()


# Waiting for my review


def test_what_was_submitted_waits_the_longest_waiting_first(client, editor, colleague):
    live = factories.make_publication("Live")
    a_draft(live, colleague)
    drafting.submit(live, by=colleague, version=live.version)
    new = an_unfinished("New", colleague, regions=[factories.make_region()])
    drafting.submit(new, by=colleague, version=new.version)
    an_unfinished("Not yet", colleague)

    page = client.get("/admin/")
    assert names(page.context["waiting"].shown) == ["Live", "New"]
    assert f"/admin/publications/publication/{live.pk}/compare/" in page.content.decode()


def test_changes_saved_after_the_submission_go_on_waiting(client, editor, colleague):
    live = factories.make_publication("Live")
    a_draft(live, colleague)
    drafting.submit(live, by=colleague, version=live.version)
    a_draft(live, colleague, title="A better one")
    assert names(front(client)["waiting"].shown) == ["Live"]


@pytest.mark.parametrize(("rule", "waits"), [(False, ["Own"]), (True, [])])
def test_under_the_two_person_rule_my_own_words_do_not_wait_for_me(
    client, editor, settings, rule, waits
):
    settings.TWO_PERSON_RULE = rule
    an_unfinished("Own", editor, status=Status.IN_REVIEW)
    assert names(front(client)["waiting"].shown) == waits


def test_nothing_waits_for_those_who_may_not_approve(client, colleague):
    an_unfinished("New", colleague, status=Status.IN_REVIEW)
    reader = factories.make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_publication"))
    client.force_login(reader)
    assert not front(client)["waiting"].shown


# Scheduled


def test_the_next_fourteen_days_show_what_each_of_them_brings(client, editor):
    factories.make_publication("Tomorrow", publish_at=in_days(1))
    factories.make_publication("Next month", publish_at=in_days(30))
    live = factories.make_publication("Live")
    change = a_draft(live, editor)
    scheduling.schedule(change, at=in_days(2), by=editor, version=live.version)

    fortnight = front(client)["fortnight"]
    assert [names(day.items) for day in fortnight[:3]] == [[], ["Tomorrow"], ["Live"]]
    assert len(fortnight) == 14
    assert fortnight[0].is_today
    assert sum(len(day.items) for day in fortnight) == 2


def failed(piece, by, problem="The picture is gone."):
    change = ScheduledChange.objects.create(
        revision=a_draft(piece, by), change_at=in_days(-1), scheduled_by=by
    )
    scheduling.fail([change], change, problem)
    return change


def test_a_schedule_that_failed_is_shown_with_its_problem_until_somebody_sees_to_it(client, editor):
    live = factories.make_publication("Live")
    failed(live, editor)
    assert "The picture is gone." in client.get("/admin/").content.decode()

    live.refresh_from_db()
    drafting.discard(live, by=editor, version=live.version)
    assert "The picture is gone." not in client.get("/admin/").content.decode()
    assert "The picture is gone." in client.get("/admin/calendar/").content.decode()


def test_the_calendar_lists_everything_scheduled_by_day_with_who_and_utc(
    client, editor, colleague, settings
):
    settings.TIME_ZONE = "Asia/Seoul"
    far = datetime.datetime(2099, 7, 1, 20, tzinfo=datetime.UTC)
    first = factories.make_publication("First", publish_at=far, approved_by=colleague)
    live = factories.make_publication("Live")
    later = far + datetime.timedelta(hours=1)
    scheduling.schedule(a_draft(live, editor), at=later, by=editor, version=live.version)

    page = client.get("/admin/calendar/")
    assert [names(day.items) for day in page.context["days"]] == [["First", "Live"]]
    html = page.content.decode()
    assert "2 Jul 2099, 05:00 KST (1 Jul 2099, 20:00 UTC)" in html
    assert "scheduled by bea" in html
    assert "scheduled by ed" in html
    assert f"/admin/publications/publication/{first.pk}/schedule/" in html


# Just published, the edition, what is stale


def test_just_published_is_what_readers_have_got_this_week_new_or_changed(client, editor):
    factories.make_publication("New", publish_at=in_days(-2))
    factories.make_publication("Old", publish_at=in_days(-20))
    changed = factories.make_publication("Changed", publish_at=in_days(-20))
    a_draft(changed, editor, title="Changed since")
    drafting.publish(changed, by=editor, version=changed.version)
    factories.make_publication("To come", publish_at=in_days(2))

    shown = front(client)["published"].shown
    assert names(shown) == ["Changed since", "New"]
    assert [bool(item.revision) for item in shown] == [True, False]


def test_a_piece_that_was_new_and_changed_in_one_week_is_listed_once(client, editor):
    piece = factories.make_publication("New", publish_at=in_days(-2))
    a_draft(piece, editor, title="New, mended")
    drafting.publish(piece, by=editor, version=piece.version)
    assert names(front(client)["published"].shown) == ["New, mended"]


def test_the_edition_in_progress_says_how_far_it_has_come(client, editor):
    factories.make_edition(datetime.date(2024, 5, 1))
    edition = Edition.objects.create(month=datetime.date(2024, 6, 1))
    factories.make_entry(edition=edition, lead="All quiet.", risk_alert=True)
    factories.make_entry(edition=edition, lead="")
    factories.make_entry(edition=edition, lead="Talks.", trend="", author=editor)
    factories.make_situation("Followed since, and not begun")

    found = front(client)["edition"]
    assert (found, found.ready, found.in_all, found.risks, found.hopes) == (edition, 1, 4, 1, 0)
    html = client.get("/admin/").content.decode()
    assert "Entries with trend and lead: 1 of 4." in html
    mine = f"/admin/crisiswatch/edition/{edition.pk}/sheet/?show=mine"
    assert f'<a href="{mine}">My entries: 1</a>' in html


def test_without_an_edition_in_progress_the_page_says_so(client, editor):
    factories.make_edition()
    assert front(client)["edition"] is None
    assert "Every edition is with its readers." in client.get("/admin/").content.decode()


def test_introductions_that_nobody_has_touched_for_months_are_stale(client, editor, settings):
    settings.STALE_MONTHS = 6
    for name, months in [("Fresh", 5), ("Stale", 7), ("Forgotten", 30)]:
        region = factories.make_region(name)
        Region.objects.filter(pk=region.pk).update(modified_at=in_days(-months * 30.5))
    assert [str(region) for region in front(client)["stale"]] == ["Forgotten", "Stale"]


# The page as a whole


def test_an_empty_desk_has_a_friendly_word_everywhere(client, editor):
    html = client.get("/admin/").content.decode()
    for words in [
        "Nobody waits for you.",
        "You have nothing half-done.",
        "Nothing is scheduled for the next fourteen days.",
        "Readers have got nothing new in the last seven days.",
        "Every edition is with its readers.",
        "Every introduction has been looked at within 6 months.",
    ]:
        assert words in html
    assert "Nothing is scheduled." in client.get("/admin/calendar/").content.decode()


def test_everybody_sees_only_what_they_may_view(client, editor, colleague):
    reader = factories.make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_region"))
    an_unfinished("Secret", reader, status=Status.IN_REVIEW)
    factories.make_publication("Embargoed", publish_at=in_days(1))
    failed(factories.make_publication("Broken"), reader, problem="Nobody may know")
    a_draft(factories.make_publication("Live"), reader)
    Edition.objects.create(month=datetime.date(2031, 1, 1))
    client.force_login(reader)

    for path in ("/admin/", "/admin/calendar/", "/admin/search/?q=e"):
        html = client.get(path).content.decode()
        for words in ("Secret", "Embargoed", "Broken", "Nobody may", "Live", "2031", "publication"):
            assert words not in html, path
    assert not front(client)["begin"]


def test_the_pages_of_the_desk_need_a_sign_in(client):
    for path in ("/admin/", "/admin/calendar/", "/admin/search/?q=x"):
        assert client.get(path).status_code == 302


def test_the_box_for_searching_is_on_every_page_and_on_none_before_the_sign_in(client, editor):
    for path in ("/admin/", "/admin/calendar/", "/admin/regions/region/add/"):
        assert 'id="desk-search"' in client.get(path).content.decode()
    client.logout()
    assert 'id="desk-search"' not in client.get("/admin/login/").content.decode()


def fill_every_queue(editor, colleague, rounds):
    for _ in range(rounds):
        an_unfinished(f"Mine {factories.number()}", editor)
        an_unfinished(f"Waits {factories.number()}", colleague, status=Status.IN_REVIEW)
        factories.make_publication(publish_at=in_days(1))
        a_draft(factories.make_publication(), editor)
        failed(factories.make_publication(), editor)
        live = factories.make_publication()
        change = a_draft(live, colleague)
        scheduling.schedule(change, at=in_days(3), by=colleague, version=live.version)
        factories.make_quote(publish_at=in_days(2))
        region = factories.make_region()
        Region.objects.filter(pk=region.pk).update(modified_at=in_days(-900))


@pytest.mark.parametrize("path", ["/admin/", "/admin/calendar/", "/admin/search/?q=a"])
def test_the_number_of_queries_does_not_grow_with_the_pieces(client, editor, colleague, path):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(path)
        return len(queries)

    fill_every_queue(editor, colleague, rounds=1)
    client.get(path)
    few = count()
    fill_every_queue(editor, colleague, rounds=5)
    client.get(path)  # Who asks first brings the search index up to date.
    assert count() == few
    assert few < 70


# Search


def found(client, words):
    """What a search shows: pairs of a group and the names in it."""
    groups = client.get("/admin/search/", {"q": words}).context["groups"]
    return [(group.name, [str(each.obj) for each in group.found]) for group in groups]


def test_what_the_library_calls_tags_the_desk_calls_topics(client, editor):
    html = client.get("/admin/taggit/tag/").content.decode()
    assert "Select topic to change" in html
    assert not re.search(">[^<]*(Taggit|[Tt]ags?\\b)[^<]*<", html)


def test_words_are_found_everywhere_the_exact_title_first(client, editor):
    region = factories.make_region("Kaesong")
    factories.make_publication("Why Kaesong Matters", slug="why")
    factories.make_publication("Kaesong", slug="exactly")
    factories.make_publication("Kaesong and the Sea", slug="sea")
    factories.make_person("Bora of Kaesong")

    assert found(client, "kaesong") == [
        ("Publications", ["Kaesong", "Kaesong and the Sea", "Why Kaesong Matters"]),
        ("Regions", ["Kaesong"]),
        ("People", ["Bora of Kaesong"]),
    ]
    assert (
        f"/admin/regions/region/{region.pk}/change/"
        in client.get("/admin/search/?q=kaesong").content.decode()
    )


def test_no_more_than_eight_of_a_kind_are_shown_and_the_rest_is_one_link_away(client, editor):
    for number in range(9):
        factories.make_publication(f"Kaesong {number}")
    (group,) = client.get("/admin/search/?q=kaesong").context["groups"]
    assert len(group.found) == 8
    assert group.more == "/admin/publications/publication/?q=kaesong"
    assert client.get(group.more).status_code == 200


@pytest.mark.parametrize("words", ["300", "#300", "Report 300", "report 300"])
def test_a_number_finds_its_report(client, editor, words):
    factories.make_publication("The Case", number=300)
    factories.make_publication("Another", number=301)
    assert found(client, words) == [("Publications", ["The Case"])]


@pytest.mark.parametrize("words", ["2024-06", "June 2024", "jun 2024", "יוני 2024"])
def test_a_month_finds_its_edition(client, editor, words):
    factories.make_edition(datetime.date(2024, 6, 1))
    factories.make_edition(datetime.date(2023, 6, 1))
    assert found(client, words)[0] == ("Editions", ["CrisisWatch June 2024"])


def test_the_key_of_a_piece_finds_it(client, editor):
    piece = factories.make_publication("The Case")
    assert ("Publications", ["The Case"]) in found(client, str(piece.pk))


def test_a_slug_finds_its_object(client, editor):
    factories.make_publication("The Case", slug="case-for-kaesong")
    assert found(client, "case-for-kaesong") == [("Publications", ["The Case"])]


@pytest.mark.parametrize(
    "address",
    [
        "/regions/korea/",
        "/regions/korea",
        "/he/regions/korea/updates/",
        "http://testserver/regions/korea/?utm_source=mail#top",
        "https://www.example.org/he/regions/korea/",
        "www.example.org/regions/korea/",
    ],
)
def test_an_address_from_anywhere_finds_its_page(client, editor, address):
    factories.make_region("The Peninsula", slug="korea")
    assert found(client, address)[0] == ("At this address", ["The Peninsula"])


def test_an_old_address_finds_what_stands_there_now(client, editor):
    factories.make_region("The Peninsula", slug="korea")
    keep_old_addresses(["/regions/old/"], ["/regions/korea/"])
    assert found(client, "/regions/old/")[0] == ("At this address", ["The Peninsula"])


def test_addresses_of_every_kind_of_page_are_known(client, editor):
    factories.make_newsroom()
    pages = [
        *Publication.objects.filter(slug="report"),
        *Edition.objects.all(),
        *Edition.objects.get().entries.all(),
        *Region.objects.all(),
    ]
    for page in pages:
        assert found(client, page.get_absolute_url())[0] == ("At this address", [str(page)])


def test_an_address_of_the_desk_finds_its_object(client, editor):
    region = factories.make_region("The Peninsula")
    for page in ("change", "history", "compare"):
        address = f"http://testserver/admin/regions/region/{region.pk}/{page}/"
        assert found(client, address)[0] == ("At this address", ["The Peninsula"])


def test_a_draft_is_found_without_a_link_to_a_page_that_readers_do_not_have(client, editor):
    an_unfinished("Secret", editor)
    factories.make_publication("Secret no more", slug="told")
    (group,) = client.get("/admin/search/?q=secret").context["groups"]
    assert [each.public for each in group.found] == ["", "/publications/told/"]


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("calendar", "/admin/calendar/"),
        ("new publication", "/admin/publications/publication/add/"),
        ("add quote", "/admin/people/quote/add/"),
        ("log", "/admin/editorial/event/"),
    ],
)
def test_pages_of_the_desk_are_found_by_name(client, editor, words, page):
    pages = client.get("/admin/search/", {"q": words}).context["pages"]
    assert page in [address for _says, address in pages]


def test_nothing_found_and_nothing_asked_each_have_a_sentence(client, editor):
    assert (
        "Nothing here bears the words “zzz”." in client.get("/admin/search/?q=zzz").content.decode()
    )
    assert "all of them find it" in client.get("/admin/search/").content.decode()


@given(
    st.one_of(
        st.text(max_size=300),
        st.text(alphabet="/:?#[]@%. 0123456789-\"'admin", max_size=40),
        st.from_regex(r"/(he/)?crisiswatch/[0-9]{4}/[0-9]{2}/", fullmatch=True),
    )
)
@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
def test_no_words_break_the_search(client, editor, words):
    assert client.get("/admin/search/", {"q": words}).status_code == 200


def test_revisions_are_never_loaded_with_their_snapshots(client, editor):
    a_draft(factories.make_publication(), editor)
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    loads = [each["sql"] for each in queries if Revision._meta.db_table in each["sql"]]
    assert loads
    assert not [sql for sql in loads if '"snapshot"' in sql]
