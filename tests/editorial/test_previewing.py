"""Previews at the desk, links for outsiders, and that neither tells anybody else anything."""

import datetime
import io
import os
import re
import time
from urllib.parse import quote, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crisiswatch.models import Edition
from editorial import drafting, scheduling, sharing
from editorial.images import picture_at, rendition_file, rendition_path
from editorial.models import Event, PreviewLink, Revision, ScheduledChange, Status
from editorial.snapshots import take_snapshot
from publications.models import Publication
from regions.models import Region
from tests import factories
from tests.forms import change, fields_of, send

pytestmark = pytest.mark.django_db

TOMORROW = datetime.timedelta(days=1)


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def public():
    """Somebody who has never signed in."""
    return Client()


def preview_of(obj):
    return change(obj).replace("/change/", "/preview/")


def preview(client, obj, query="", status=200, **changes):
    """What the preview of the form shows with some fields changed."""
    data = {**fields_of(client, change(obj)), **changes, "_preview": "1"}
    response = client.post(f"{preview_of(obj)}{query}", data)
    assert response.status_code == status, response.content.decode()[:2000]
    return response


def text_of(response):
    return response.content.decode()


def fetch(client, path):
    """The answer to a request for a file, read to its end."""
    response = client.get(path)
    if response.streaming:
        b"".join(response)
    return response


def make_draft(client, piece, **changes):
    send(client, change(piece), "_draft", **changes)
    return Revision.objects.of(piece).standing().newest()


def make_link(client, piece, **data):
    client.post(change(piece).replace("/change/", "/links/"), data)
    return PreviewLink.objects.order_by("pk").last()


def path_of(link):
    return urlsplit(sharing.address_of(link)).path


# What is typed


def test_what_is_typed_on_a_live_page_is_shown_and_nothing_of_it_is_saved(client, editor, public):
    region = factories.make_region("Sahel")
    rows, revisions = list(Region.objects.values()), Revision.objects.count()
    response = preview(client, region, introduction="<p>It rained.</p>")
    assert "It rained." in text_of(response)
    assert '<html lang="en"' in text_of(response)
    assert list(Region.objects.values()) == rows
    assert Revision.objects.count() == revisions
    assert not Event.objects.exists()
    assert "It rained." not in text_of(public.get("/regions/sahel/"))


def test_a_draft_without_a_page_yet_is_shown_as_if_it_were_public(client, editor, public):
    piece = factories.make_publication("Draft", status=Status.DRAFT, publish_at=None)
    assert "Typed just now" in text_of(preview(client, piece, subtitle="Typed just now"))
    piece.refresh_from_db()
    assert (piece.status, piece.publish_at) == (Status.DRAFT, None)
    assert public.get(piece.get_absolute_url()).status_code == 404


def test_something_that_has_never_been_saved_is_shown(client, editor):
    add = "/admin/publications/publication/add/"
    region = factories.make_region("Sahel")
    data = {
        **fields_of(client, add),
        "kind": "report",
        "title": "Brand new",
        "slug": "brand-new",
        "regions": [str(region.pk)],
    }
    response = client.post(f"{add}preview/", data)
    assert "Brand new" in text_of(response)
    assert "Sahel" in text_of(response)
    assert not Publication.objects.exists()


def test_rows_and_tags_and_files_of_the_form_are_shown(client, editor):
    piece = factories.make_publication("Report")
    response = preview(
        client,
        piece,
        tags="war",
        **{
            "findings-TOTAL_FORMS": 1,
            "findings-0-label": "What’s new?",
            "findings-0-text": "<p>Everything.</p>",
            "findings-0-position": 1,
            "image": factories.picture("bridge.png", size=(800, 600)),
            "image_alt": "A bridge at dawn",
        },
    )
    html = text_of(response)
    assert "What’s new?" in html
    assert "Everything." in html
    assert 'alt="A bridge at dawn"' in html
    assert not piece.findings.exists()
    address = html.partition('<img src="')[2].partition('"')[0]
    picture = client.get(address)
    assert b"".join(picture).startswith(b"RIFF")
    assert picture["Cache-Control"] == "private, no-store"


def test_a_picture_that_no_row_names_yet_is_for_staff_only(client, editor, public):
    piece = factories.make_publication("Report")
    image = factories.picture("secret.png", size=(640, 480), colour="navy")
    html = text_of(preview(client, piece, image=image, image_alt="Secret"))
    address = html.partition('<img src="')[2].partition('"')[0]
    original = address.rpartition("/")[0]
    for path in (address, original):
        assert fetch(client, path).status_code == 200
        assert fetch(public, path).status_code == 404


@pytest.mark.parametrize("focus", ["0.1x0.1", "2x0.5", "nanx0.5", "0.5x0.50", "x", "0.5"])
def test_a_rendition_is_made_only_where_a_page_could_ask_for_it(client, editor, public, focus):
    piece = factories.make_publication("R", image=factories.picture(), image_alt="A")
    shown = rendition_path(piece.image, "wide-480.webp")
    guessed = shown.replace("0.5x0.5", focus)
    assert fetch(public, f"/media/{shown}").status_code == 200
    assert fetch(public, f"/media/{guessed}").status_code == 404
    assert fetch(client, f"/media/{guessed}").status_code == 404


def test_two_public_pieces_show_one_picture_each_with_its_own_focal_point(public):
    for focus in ("0.2x0.2", "0.8x0.8"):
        piece = factories.make_publication(
            image=factories.picture(size=(900, 900)), image_alt="A", image_ppoi=focus
        )
        path = rendition_path(piece.image, "card-320.avif")
        assert focus in path
        assert fetch(public, f"/media/{path}").status_code == 200


def test_an_incomplete_draft_is_shown_with_a_gap(client, editor):
    piece = factories.make_publication("Report")
    response = preview(client, piece, standfirst="", image=factories.picture(), image_alt="")
    assert 'alt="…"' in text_of(response)


def test_a_form_with_mistakes_is_answered_with_sentences(client, editor):
    piece = factories.make_publication("Report")
    response = preview(
        client,
        piece,
        status=422,
        title="",
        **{"questions-TOTAL_FORMS": 1, "questions-0-position": "x"},
    )
    assert "Title: This field is required." in text_of(response)
    assert "Question 1, Position: Enter a whole number." in text_of(response)


def test_a_slug_that_another_piece_has_is_told(client, editor):
    factories.make_publication("Taken")
    piece = factories.make_publication("Report")
    assert "Slug: " in text_of(preview(client, piece, status=422, slug="taken"))


# In which language, when


def test_a_preview_speaks_every_language_of_the_interface(client, editor):
    region = factories.make_region("Sahel")
    html = text_of(preview(client, region, "?language=he", introduction="<p>It rained.</p>"))
    assert '<html lang="he" dir="rtl">' in html
    assert "It rained." in html
    assert '<html lang="en"' in text_of(preview(client, region, "?language=xx"))


def test_a_look_ahead_shows_what_will_be_public_by_then(client, editor):
    region = factories.make_region("Sahel")
    now = timezone.now()
    factories.make_publication("Soon", regions=[region], publish_at=now + TOMORROW)
    factories.make_publication("Later", regions=[region], publish_at=now + 9 * TOMORROW)
    assert "Soon" not in text_of(preview(client, region))
    html = text_of(preview(client, region, f"?at={(now + 2 * TOMORROW):%Y-%m-%dT%H:%M}"))
    assert "Soon" in html
    assert "Later" not in html


def test_a_look_ahead_shows_changes_of_others_that_are_scheduled(client, editor):
    region = factories.make_region("Sahel")
    piece = factories.make_publication("Report", regions=[region])
    draft = make_draft(client, piece, title="Report, second edition")
    moment = timezone.now() + TOMORROW
    ScheduledChange.objects.create(revision=draft, change_at=moment, scheduled_by=editor)
    query = f"?at={(moment + TOMORROW):%Y-%m-%dT%H:%M}"
    assert "second edition" not in text_of(client.get(preview_of(region)))
    assert "second edition" in text_of(client.get(preview_of(region) + query))
    assert "second edition" in text_of(client.get(preview_of(piece) + query))
    piece.refresh_from_db()
    assert piece.title == "Report"
    assert ScheduledChange.objects.pending().exists()


def test_a_look_ahead_keeps_what_went_live_since_a_change_was_scheduled(client, editor):
    region = factories.make_region("Sahel", introduction="<p>Old.</p>")
    child = factories.make_region("Child", parent=region)
    moment = timezone.now() + TOMORROW
    make_draft(client, region, introduction="<p>Scheduled.</p>")
    region.refresh_from_db()
    scheduling.schedule_piece(region, at=moment, by=editor, version=region.version)
    make_draft(client, region, name="Renamed")
    region.refresh_from_db()
    scheduling.publish(region, by=editor, version=region.version, keep_pending=True)
    query = f"?at={(moment + TOMORROW):%Y-%m-%dT%H:%M}"
    html = text_of(client.get(preview_of(region) + query))
    assert "Scheduled." in html
    assert "Renamed</h1>" in html
    html = text_of(client.get(preview_of(child) + query))
    assert "Renamed" in html
    assert "Sahel" not in html


def test_a_look_ahead_puts_one_scheduled_change_on_top_of_the_other(client, editor):
    piece = factories.make_publication("Report")
    for number, changes in enumerate([{"title": "Retitled"}, {"subtitle": "And more"}], 1):
        make_draft(client, piece, **changes)
        piece.refresh_from_db()
        at = timezone.now() + number * TOMORROW
        scheduling.schedule_piece(piece, at=at, by=editor, version=piece.version)
    query = f"?at={(at + TOMORROW):%Y-%m-%dT%H:%M}"
    html = text_of(client.get(preview_of(piece) + query))
    assert "Retitled</h1>" in html
    assert "And more" in html


def test_a_look_ahead_leaves_out_a_change_that_is_going_to_fail(client, editor):
    region = factories.make_region("Sahel")
    piece = factories.make_publication("Report", regions=[region])
    draft = make_draft(client, piece, title="Without a summary", standfirst="")
    moment = timezone.now() + TOMORROW
    ScheduledChange.objects.create(revision=draft, change_at=moment, scheduled_by=editor)
    query = f"?at={(moment + TOMORROW):%Y-%m-%dT%H:%M}"
    html = text_of(client.get(preview_of(region) + query))
    assert "Report" in html
    assert "Without a summary" not in html


def test_a_piece_is_dated_the_day_that_it_is_previewed_for(client, editor):
    piece = factories.make_publication("Report", status=Status.DRAFT, publish_at=None)
    moment = timezone.now() + 40 * TOMORROW
    html = text_of(preview(client, piece, f"?at={moment:%Y-%m-%dT%H:%M}"))
    assert f'datetime="{moment:%Y-%m-%d}"' in html


@pytest.mark.parametrize(
    "said", ["yesterday", "2024-13-01", "2024-02-30T10:00", "9999-12-31T23:00"]
)
def test_a_moment_that_is_none_is_answered_with_a_sentence(client, editor, said):
    region = factories.make_region("Sahel")
    response = client.get(preview_of(region), {"at": said})
    assert response.status_code == 422
    assert "such as 2026" in text_of(response) or "ten years" in text_of(response)


def test_a_moment_that_has_passed_is_now(client, editor):
    region = factories.make_region("Sahel")
    factories.make_publication("Old", regions=[region])
    assert "Old" in text_of(client.get(preview_of(region), {"at": "2001-01-01T00:00"}))


class AnyQuery(TestCase):
    @given(at=st.text(max_size=40) | st.datetimes().map(str), language=st.text(max_size=5))
    def test_no_query_breaks_a_preview(self, at, language):
        client = Client()
        client.force_login(factories.make_editor())
        region = factories.make_region()
        for revision in ("", at):
            query = {"at": at, "language": language, "revision": revision}
            response = client.get(preview_of(region), query)
            assert response.status_code in {200, 404, 422}


# What is saved


def test_each_saved_revision_has_a_preview(client, editor):
    region = factories.make_region("Sahel")
    first = make_draft(client, region, introduction="<p>First try.</p>")
    make_draft(client, region, introduction="<p>Second try.</p>")
    address = preview_of(region)
    assert "First try." in text_of(client.get(f"{address}?revision={first.number}"))
    assert "Second try." in text_of(client.get(address))
    for unknown in ("99", "x", "-1", "9" * 30, "²"):
        assert client.get(f"{address}?revision={unknown}").status_code == 404


def test_a_preview_keeps_the_day_since_when_readers_have_a_piece(client, editor):
    piece = factories.make_publication("Report", publish_at=timezone.now() - 400 * TOMORROW)
    html = text_of(preview(client, piece, subtitle="New"))
    assert f'datetime="{piece.publish_at:%Y-%m-%d}"' in html


# Who sees it, and who keeps it


def test_previews_are_for_those_who_may_read_the_piece(client, public):
    region = factories.make_region("Sahel")
    address = preview_of(region)
    for method in (public.get, public.post):
        response = method(address)
        assert response.status_code == 302
        assert "/login/" in response["Location"]
    staff = factories.make_user(is_staff=True)
    client.force_login(staff)
    links = address.replace("preview", "links")
    for path in (address, links):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
    assert client.post("/admin/regions/region/add/preview/").status_code == 403
    staff.user_permissions.set(Permission.objects.filter(codename="view_region"))
    assert client.get(address).status_code == 200
    assert client.get(links).status_code == 200
    assert client.post(address).status_code == 403
    assert client.post(links).status_code == 403


def test_nobody_keeps_a_preview_and_only_the_desk_frames_it(client, editor):
    region = factories.make_region("Sahel")
    for response in (
        client.get(preview_of(region)),
        preview(client, region),
        preview(client, region, status=422, name=""),
    ):
        assert response["Cache-Control"].startswith("private, no-store")
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert "'unsafe-inline'" not in response["Content-Security-Policy"]
        assert "ETag" not in response.headers
        assert not response.cookies


def test_links_in_a_preview_leave_the_form_where_it_is(client, editor):
    html = text_of(client.get(preview_of(factories.make_region("Sahel"))))
    assert '<head><base target="_blank">' in html
    assert 'target="_self" href="#main"' in html


def test_a_preview_does_not_know_who_looks(client, editor):
    html = text_of(client.get(preview_of(factories.make_region("Sahel"))))
    assert editor.username not in html
    assert "csrfmiddlewaretoken" not in html


def test_what_has_no_page_offers_no_preview(client, editor):
    assert client.get("/admin/newsletter/issue/1/preview/").status_code in {302, 404}
    assert client.post("/admin/newsletter/issue/add/preview/").status_code in {302, 404}
    assert client.get("/admin/regions/region/999/preview/").status_code == 404


def test_the_form_offers_the_preview_without_javascript_too(client, editor):
    region = factories.make_region("Sahel")
    html = text_of(client.get(change(region)))
    assert f'formaction="{preview_of(region)}" formtarget="_blank"' in html
    assert "frame-src 'self'" in client.get(change(region))["Content-Security-Policy"]
    assert "/admin/regions/region/add/preview/" in text_of(client.get("/admin/regions/region/add/"))


def test_an_edition_is_shown_as_it_is_typed_with_its_entries(client, editor):
    edition = factories.make_edition(status=Status.DRAFT, overview="<p>Old.</p>")
    factories.make_entry(edition=edition, situation=factories.make_situation("Korea"))
    text = text_of(preview(client, edition, overview="<p>Typed.</p>"))
    assert "Korea" in text
    assert "Typed." in text
    assert Edition.objects.get().overview == "<p>Old.</p>"


# Links for outsiders


@pytest.fixture
def link(client, editor):
    piece = factories.make_publication("Report", status=Status.DRAFT, publish_at=None)
    make_draft(client, piece, subtitle="For your eyes")
    return make_link(client, piece, hours=5)


def test_who_has_a_link_reads_that_revision_and_no_later_one(client, editor, public, link):
    response = public.get(path_of(link))
    assert response.status_code == 200
    assert "For your eyes" in text_of(response)
    assert "Preview: not public." in text_of(response)
    make_draft(client, link.revision.piece, subtitle="Something else")
    assert "For your eyes" in text_of(public.get(path_of(link)))
    assert public.get(link.revision.piece.get_absolute_url()).status_code == 404


def test_a_shared_page_sets_no_cookie_and_nobody_keeps_it(public, link):
    for address in (path_of(link), path_of(link)[:-2] + "x/"):
        for response in (public.get(address), public.head(address)):
            assert not response.cookies
            assert response["Cache-Control"] == "private, no-store"
            assert response["X-Robots-Tag"] == "noindex, nofollow"
            assert response["Referrer-Policy"] == "no-referrer"
            assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
            assert "Cookie" not in response.get("Vary", "")
    assert public.post(path_of(link)).status_code in {403, 405}
    assert b"Disallow: /preview/" in public.get("/robots.txt").content


def test_a_link_works_for_as_long_as_it_says(public, link, time_machine):
    assert link.expires_at - link.made_at == datetime.timedelta(hours=5)
    time_machine.move_to(link.expires_at - datetime.timedelta(minutes=1))
    assert public.get(path_of(link)).status_code == 200
    time_machine.move_to(link.expires_at)
    response = public.get(path_of(link))
    assert response.status_code == 410
    assert "This preview link is no longer valid. Ask who sent it" in text_of(response)
    assert "For your eyes" not in text_of(response)


def test_a_revoked_link_is_closed_at_once(client, editor, public, link):
    piece = link.revision.piece
    links = change(piece).replace("/change/", "/links/")
    assert client.get(f"{links}{link.pk}/revoke/").status_code == 405
    client.post(f"{links}{link.pk}/revoke/")
    client.post(f"{links}{link.pk}/revoke/")
    assert public.get(path_of(link)).status_code == 410
    assert Event.objects.filter(action=Event.Action.LINK_REVOKED).count() == 1
    other = factories.make_publication("Other")
    wrong = change(other).replace("/change/", f"/links/{link.pk}/revoke/")
    assert client.post(wrong).status_code == 404


def test_a_link_to_something_deleted_is_closed(public, link):
    path = path_of(link)
    Publication.objects.filter(pk=link.revision.object_id).delete()
    assert public.get(path).status_code == 410
    link.revision.delete()
    assert public.get(path).status_code == 410


class AnyToken(TestCase):
    @given(st.text(min_size=1, max_size=60).filter(lambda text: "/" not in text))
    def test_no_made_up_token_opens_anything(self, token):
        response = Client().get(f"/preview/{quote(token)}/")
        assert response.status_code == 404


def test_one_changed_letter_closes_a_link(public, link):
    token = sharing.token_of(link)
    for place in (0, 10, len(token) - 20):
        wrong = token[:place] + ("a" if token[place] != "a" else "b") + token[place + 1 :]
        assert public.get(f"/preview/{wrong}/").status_code == 404


def test_every_reading_is_noted_and_a_storm_of_them_once_a_minute(public, link, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    for _ in range(5):
        public.get(path_of(link))
    public.head(path_of(link))
    opened = Event.objects.filter(action=Event.Action.LINK_OPENED)
    assert opened.count() == 1
    time_machine.move_to(start + datetime.timedelta(seconds=61), tick=False)
    public.get(path_of(link))
    assert opened.count() == 2
    assert opened.first().user is None
    made = Event.objects.get(action=Event.Action.LINK_MADE)
    assert (made.user, made.to_revision) == (link.made_by, link.revision.number)


def test_a_shared_page_looks_no_day_ahead(client, editor, public):
    region = factories.make_region("Sahel")
    factories.make_publication("Embargoed", regions=[region], publish_at=timezone.now() + TOMORROW)
    factories.make_publication("Unfinished", regions=[region], status=Status.DRAFT)
    make_draft(client, region, introduction="<p>It rained.</p>")
    link = make_link(client, region)
    html = text_of(public.get(f"{path_of(link)}?at=2099-01-01T00:00&revision=1"))
    assert "It rained." in html
    assert "Embargoed" not in html
    assert "Unfinished" not in html


def test_a_shared_page_changes_its_language_and_stays_itself(public, link):
    html = text_of(public.get(path_of(link)))
    assert 'href="?part=0&amp;language=he"' in html
    response = public.get(f"{path_of(link)}?language=he")
    assert '<html lang="he" dir="rtl">' in text_of(response)
    assert response["Content-Language"] == "he"
    assert 'href="?part=0&amp;language=en"' in text_of(response)


def test_who_has_a_link_to_an_edition_reads_its_entries_too(client, editor, public):
    edition = factories.make_edition(status=Status.DRAFT)
    situation = factories.make_situation("Korea")
    factories.make_entry([("Lead.", "The body.")], situation=situation, edition=edition)
    make_draft(client, edition, overview="<p>All.</p>")
    link = make_link(client, edition)
    html = text_of(public.get(path_of(link)))
    part = html.partition('href="?part=1&amp;language=en"')[1]
    assert part, "the entry's own page is linked"
    entry = text_of(public.get(f"{path_of(link)}?part=1"))
    assert "The body." in entry
    assert "Preview: not public." in entry
    assert "All." in text_of(public.get(f"{path_of(link)}?part=99"))


def test_what_an_edition_s_entry_says_is_shown_on_its_own_page(client, editor):
    entry = factories.make_entry([("Lead.", "The body.")])
    response = preview(client, entry, lead="Typed just now.")
    assert "Typed just now." in text_of(response)
    assert "The body." in text_of(response)
    entry.refresh_from_db()
    assert entry.lead == "The month in one breath."
    assert client.get(preview_of(entry)).status_code == 200


def test_files_of_the_shared_revision_load_and_no_others(client, editor, public):
    hidden = {"status": Status.DRAFT}
    piece = factories.make_publication(
        "Report", image=factories.picture(size=(500, 500)), image_alt="Hers", **hidden
    )
    piece.attachments.create(file=factories.picture("r.pdf", colour="teal"), label="Full report")
    drafting.save_snapshot(piece, take_snapshot(piece), by=editor, version=piece.version)
    other = factories.make_publication(
        "Other", image=factories.picture(colour="navy"), image_alt="His", **hidden
    )
    link = make_link(client, piece)
    html = text_of(public.get(path_of(link)))
    assert '"/media/' not in html
    inside = f"{path_of(link)}media/"
    shown = set(re.findall(f'{re.escape(inside)}([^" ]+)', html))
    assert len(shown) >= 5  # The PDF, and the picture in two widths and two formats.
    for path in shown:
        assert fetch(public, inside + path).status_code == 200
        assert fetch(public, inside + path)["Cache-Control"] == "private, no-store"
        assert fetch(public, f"/media/{path}").status_code == 404
    assert fetch(public, inside + rendition_path(piece.image, "card-320.avif")).status_code == 200
    guessed = rendition_path(piece.image, "card-320.avif").replace("0.5x0.5", "0.1x0.1")
    for path in (
        other.image.name,
        rendition_path(other.image, "wide-800.webp"),
        guessed,
        "../x",
        "x",
    ):
        assert fetch(public, inside + path).status_code in {400, 404}
    assert public.get(f"/preview/no-token/media/{piece.image.name}").status_code == 404
    sharing.revoke(link, by=editor)
    assert public.get(inside + shown.pop()).status_code == 410


def test_the_links_of_a_piece_are_listed_with_who_and_how_often(client, editor, public, link):
    public.get(path_of(link))
    links = change(link.revision.piece).replace("/change/", "/links/")
    html = text_of(client.get(links))
    assert escape(sharing.address_of(link)) in html
    assert link.made_by.username in html
    assert "<td>1, last:" in html.replace("\n", "")


@pytest.mark.parametrize("hours", ["0", "-1", "721", "x", "1e3", "9" * 40])
def test_a_link_is_made_for_a_sensible_time(client, editor, link, hours):
    links = change(link.revision.piece).replace("/change/", "/links/")
    response = client.post(links, {"hours": hours})
    assert "errorlist" in text_of(response)
    assert PreviewLink.objects.count() == 1


def test_a_link_lives_two_days_and_leads_to_the_newest_revision_unless_told(client, editor):
    region = factories.make_region("Sahel")
    first = make_draft(client, region, introduction="<p>One.</p>")
    second = make_draft(client, region, introduction="<p>Two.</p>")
    link = make_link(client, region)
    assert link.revision == second
    assert link.expires_at - link.made_at == datetime.timedelta(hours=48)
    assert make_link(client, region, revision=first.number).revision == first


def test_what_was_never_saved_cannot_be_shared(client, editor):
    region = factories.make_region("Sahel")
    response = client.post(change(region).replace("/change/", "/links/"), {})
    assert "save first" in text_of(response)


# Sweeping


def age(name, days=2):
    moment = time.time() - days * 24 * 3600
    os.utime(default_storage.path(name), (moment, moment))


@pytest.fixture
def swept(tmp_path, settings):
    """A storage of its own; returns what a sweep leaves there."""
    settings.MEDIA_ROOT = tmp_path

    def sweep(*arguments):
        call_command("sweep_files", *arguments, verbosity=0, stdout=io.StringIO())
        return {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}

    return sweep


def test_a_sweep_takes_what_nothing_names_and_nothing_else(swept, client, editor):
    piece = factories.make_publication("R", image=factories.picture(), image_alt="A")
    rendition_file(piece.image, "card-320.avif")
    drafted = default_storage.save(
        "publications/figure/image/x.png", factories.picture(colour="navy")
    )
    snapshot = take_snapshot(piece) | {"figures": [{"pk": 2**52, "image": drafted}]}
    Revision.objects.create(piece=piece, number=1, snapshot=snapshot)
    kept = swept()
    orphan = default_storage.save(
        "publications/figure/image/y.png", factories.picture(colour="teal")
    )
    young = default_storage.save("publications/figure/image/z.png", factories.picture(colour="red"))
    lost = rendition_file(
        picture_at(Publication._meta.get_field("image"), orphan, ""), "wide-480.webp"
    )
    for name in kept | {orphan, lost}:
        age(name)
    assert swept() == kept | {orphan, lost, young}
    assert swept("--delete") == kept | {young}


def test_a_file_that_is_sent_again_is_young(swept, client, editor):
    name = default_storage.save("publications/figure/image/y.png", factories.picture())
    age(name)
    preview_again = default_storage.save("publications/figure/image/y.png", factories.picture())
    assert preview_again == name
    assert swept("--delete") == {name}


def test_a_sweep_of_no_files_does_nothing(settings, tmp_path, capsys):
    settings.MEDIA_ROOT = tmp_path / "none"
    call_command("sweep_files")
    assert "0 files" in capsys.readouterr().out
