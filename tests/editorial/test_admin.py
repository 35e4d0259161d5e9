"""The editor's buttons, through the form that an editor fills in."""

import datetime

import pytest
from django.contrib.flatpages.models import FlatPage
from django.contrib.redirects.models import Redirect
from django.utils import timezone

from crisiswatch.models import Edition, Situation
from editorial.models import Status
from people.models import Person, Quote
from publications.models import Publication
from regions.models import Country, Region
from tests import factories
from tests.forms import change, send, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


def test_a_new_region_is_a_draft_until_it_is_approved(client, editor):
    response = send(
        client,
        "/admin/regions/region/add/",
        "_continue",
        name="Sahel",
        slug="sahel",
        introduction="<p>Dry land.</p>",
        position=1,
    )
    region = Region.objects.get()
    assert region.status == Status.DRAFT
    assert client.get("/regions/sahel/").status_code == 404

    response = send(client, change(region), "_approve", follow=True)
    region.refresh_from_db()
    assert region.approved_by == editor
    assert "is now: " in str(response.content)
    assert client.get("/regions/sahel/").status_code == 200


def test_what_is_saved_on_a_public_page_is_seen_on_it_once_it_is_published(client, editor):
    region = factories.make_region("Sahel")
    send(client, change(region), introduction="<p>It rained.</p>")
    assert "It rained." not in client.get("/regions/sahel/").content.decode()
    send(client, change(region), "_publish")
    assert "It rained." in client.get("/regions/sahel/").content.decode()


def test_a_piece_that_is_not_complete_is_saved_and_says_what_is_missing(client, editor):
    piece = factories.make_publication("Draft", status=Status.DRAFT, standfirst="")
    response = send(client, change(piece), "_approve", follow=True, subtitle="Kept")
    piece.refresh_from_db()
    assert (piece.status, piece.subtitle) == (Status.DRAFT, "Kept")
    assert "Standfirst is still empty" in response.content.decode()


def test_a_public_piece_cannot_lose_what_readers_need(client, editor):
    piece = factories.make_publication("Public")
    typed = {"standfirst": "", "subtitle": "Typed"}
    response = send(client, change(piece), "_publish", follow=True, **typed)
    html = response.content.decode()
    assert "not ready for readers" in html
    assert "Standfirst is still empty" in html
    assert 'value="Typed"' in html
    piece.refresh_from_db()
    assert piece.standfirst


def test_a_moment_in_the_future_schedules(client, editor):
    piece = factories.make_publication("Later", status=Status.DRAFT)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    send(
        client,
        change(piece),
        "_approve",
        publish_at_0=f"{tomorrow:%Y-%m-%d}",
        publish_at_1=f"{tomorrow:%H:%M:%S}",
    )
    piece.refresh_from_db()
    assert piece.is_scheduled
    assert client.get("/publications/later/").status_code == 404


def test_a_withdrawn_piece_answers_410_with_the_reason(client, editor):
    piece = factories.make_publication("Gone")
    withdraw(client, piece)
    for path in ("/publications/gone/", "/he/publications/gone/"):
        response = client.get(path)
        assert response.status_code == 410
        assert "It names a source." in response.content.decode()


def test_a_withdrawal_needs_a_reason(client, editor):
    piece = factories.make_publication("Stays")
    withdraw(client, piece, reason=" ")
    assert client.get("/publications/stays/").status_code == 200


def test_a_changed_slug_leaves_a_redirect_in_every_language(client, editor):
    region = factories.make_region("Korea", slug="korea")
    send(client, change(region), "_publish", slug="korean-peninsula")
    for old, new in [
        ("/regions/korea/", "/regions/korean-peninsula/"),
        ("/regions/korea/updates/", "/regions/korean-peninsula/updates/"),
        ("/he/regions/korea/", "/he/regions/korean-peninsula/"),
    ]:
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new)


def test_a_redirect_works_whatever_follows_the_question_mark(client, editor):
    region = factories.make_region("Korea", slug="korea")
    send(client, change(region), "_publish", slug="korean-peninsula")
    response = client.get("/regions/korea/updates/?page=2")
    assert response["Location"] == "/regions/korean-peninsula/updates/?page=2"
    assert client.get("/regions/korea/updates.atom")["Location"].endswith("/updates.atom")


def test_what_was_withdrawn_and_renamed_redirects_when_it_is_back(client, editor):
    piece = factories.make_publication("A", slug="a")
    withdraw(client, piece)
    send(client, change(piece), "_approve", slug="b")
    assert client.get("/publications/a/")["Location"] == "/publications/b/"


def test_the_situation_of_an_entry_stays_and_an_approved_edition_keeps_its_trends(client, editor):
    entry = factories.make_entry(edition=factories.make_edition())
    other = factories.make_situation("Other")
    send(client, change(entry), situation=other.pk, trend="")
    entry.refresh_from_db()
    assert entry.situation != other
    response = send(client, change(entry.edition), "_publish", follow=True)
    assert "has no trend yet" in response.content.decode()
    entry.refresh_from_db()
    assert entry.trend


def test_a_quote_of_another_speaker_gets_the_title_of_that_speaker(client, editor):
    first, second = factories.make_person("Han Bora"), factories.make_person("Gu Aram")
    factories.make_appointment(second, title="Director", started_on=datetime.date(2019, 1, 1))
    quote = factories.make_quote(speaker=first, speaker_title="Analyst")
    send(client, change(quote), "_publish", speaker=second.pk)
    quote.refresh_from_db()
    assert quote.speaker_title == "Director"


def test_the_message_of_a_button_is_plain_words(client, editor):
    piece = factories.make_publication("Draft", status=Status.DRAFT)
    response = send(client, change(piece), "_approve", follow=True)
    assert "public since" in str(*response.context["messages"])
    assert "<b>" not in str(*response.context["messages"])


def test_two_changes_leave_no_chain_and_a_change_back_no_loop(client, editor):
    piece = factories.make_publication("A", slug="a")
    for slug in ("b", "c"):
        send(client, change(piece), "_publish", slug=slug)
    assert client.get("/publications/a/")["Location"] == "/publications/c/"
    send(client, change(piece), "_publish", slug="a")
    assert client.get("/publications/a/").status_code == 200
    assert client.get("/publications/c/")["Location"] == "/publications/a/"


def test_a_draft_s_slug_leaves_nothing(client, editor):
    piece = factories.make_publication("A", status=Status.DRAFT)
    send(client, change(piece), slug="b")
    assert not Redirect.objects.exists()


def test_a_situation_s_new_slug_redirects_all_its_entries(client, editor):
    entry = factories.make_entry(situation=factories.make_situation("Korea"))
    send(client, change(entry.situation), slug="korean-peninsula")
    response = client.get("/crisiswatch/2024/06/korea/")
    assert response["Location"] == "/crisiswatch/2024/06/korean-peninsula/"


def test_what_readers_have_seen_cannot_be_deleted(client, editor):
    piece = factories.make_publication("Seen")
    path = change(piece).replace("change", "delete")
    assert client.post(path, {"post": "yes"}).status_code == 403
    assert Publication.objects.filter(pk=piece.pk).exists()
    client.post(
        "/admin/publications/publication/",
        {"action": "delete_selected", "_selected_action": [piece.pk], "post": "yes"},
    )
    assert Publication.objects.filter(pk=piece.pk).exists()


def test_a_draft_can_be_deleted(client, editor):
    piece = factories.make_publication(status=Status.DRAFT, approved_at=None, approved_by=None)
    client.post(change(piece).replace("change", "delete"), {"post": "yes"})
    assert not Publication.objects.exists()


def test_a_button_that_the_form_does_not_offer_does_nothing(client, editor):
    piece = factories.make_publication("Draft", status=Status.DRAFT)
    send(client, change(piece), "_withdraw")
    piece.refresh_from_db()
    assert piece.status == Status.DRAFT


def test_every_save_counts_the_version(client, editor):
    piece = factories.make_publication()
    send(client, change(piece), subtitle="Another")
    piece.refresh_from_db()
    assert piece.version == 2


def test_a_picture_without_alternative_text_is_saved_and_not_published(client, editor):
    person = factories.make_person("Han Bora")
    picture = {"portrait": factories.picture(), "contact": "Typed line"}
    html = send(client, change(person), "_publish", follow=True, **picture).content.decode()
    assert "not ready for readers" in html
    assert "Typed line" in html
    assert not Person.objects.get().portrait
    send(client, change(person), "_publish", portrait_alt="Han at a desk")
    assert Person.objects.get().portrait


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n broken"])
def test_a_broken_picture_is_refused_with_all_that_was_typed(client, editor, content):
    person = factories.make_person("Han Bora")
    broken = factories.picture()
    broken.file.seek(0)
    upload = type(broken)(content, name="portrait.png")
    response = send(
        client, change(person), portrait=upload, portrait_alt="Han", contact="Typed", refused=True
    )
    assert response.context["adminform"].form.errors["portrait"]
    assert "Typed" in response.content.decode()
    assert not Person.objects.get().portrait


def test_an_over_large_picture_is_refused_with_a_sentence(client, editor):
    person = factories.make_person("Han Bora")
    upload = factories.picture()
    heavy = type(upload)(upload.read() + b"\0" * 21 * 1024 * 1024, name="portrait.png")
    response = send(
        client, change(person), portrait=heavy, portrait_alt="Han", contact="Typed", refused=True
    )
    assert "the limit is 20 MB" in response.content.decode()
    assert "Typed" in response.content.decode()


def test_countries_draw_the_globe(client, editor):
    region = factories.make_region("Korea")
    korea = Country.objects.get(alpha2="KR")
    send(client, change(region), "_publish", countries=[str(korea.pk)])
    region.refresh_from_db()
    assert "<svg" in region.globe


def test_a_quote_takes_the_title_held_on_its_day(client, editor):
    person = factories.make_person("Han Bora")
    factories.make_appointment(person, title="Adviser", started_on=datetime.date(2019, 1, 1))
    outlet = factories.make_outlet("Demo")
    send(
        client,
        "/admin/people/quote/add/",
        "_approve",
        text="[It] is so […].",
        slug="it-is-so",
        said_on="2019-05-05",
        speaker=person.pk,
        outlet=outlet.pk,
    )
    quote = Quote.objects.get()
    assert (quote.text, quote.speaker_title) == ("[It] is so […].", "Adviser")


def test_one_save_ends_a_title_and_begins_the_next(client, editor):
    person = factories.make_person("Han Bora")
    factories.make_appointment(person, title="Adviser", started_on=datetime.date(2019, 1, 1))
    appointments = {
        "appointments-TOTAL_FORMS": 2,
        "appointments-1-title": "Director",
        "appointments-1-started_on": "2020-01-01",
        "appointments-1-is_primary": "on",
        "appointments-1-position": 0,
    }
    response = send(client, change(person), refused=True, **appointments)
    assert "Another primary title" in response.content.decode()
    ended = {"appointments-0-ended_on": "2019-12-31"}
    send(client, change(person), "_publish", **appointments, **ended)
    assert person.title_on(datetime.date(2020, 1, 1)) == "Director"


def test_when_readers_got_it_is_not_in_the_form(client, editor):
    piece = factories.make_publication("Seen")
    before = piece.publish_at
    send(client, change(piece), "_publish", publish_at_0="2099-01-01", publish_at_1="10:00")
    piece.refresh_from_db()
    assert piece.publish_at == before


def test_an_entry_that_readers_have_seen_cannot_be_deleted_or_moved(client, editor):
    entry = factories.make_entry(edition=factories.make_edition())
    response = client.post(change(entry).replace("change", "delete"), {"post": "yes"})
    assert response.status_code == 403
    other = factories.make_edition(datetime.date(2024, 7, 1), status=Status.DRAFT)
    send(client, change(entry), edition=other.pk)
    entry.refresh_from_db()
    assert entry.edition.month == datetime.date(2024, 6, 1)


def test_a_deleted_flat_page_is_gone_and_a_moved_one_redirects(client, editor):
    page = FlatPage.objects.create(url="/about/", title="About")
    page.sites.set([1])
    send(client, change(page), url="/about-us/")
    assert client.get("/about/")["Location"] == "/about-us/"
    client.post(change(page).replace("change", "delete"), {"post": "yes"})
    assert client.get("/about-us/").status_code == 410


def test_an_edition_and_its_entry_are_typed_and_published(client, editor):
    situation = factories.make_situation("Korea")
    send(client, "/admin/crisiswatch/edition/add/", month="2024-06")
    send(
        client,
        "/admin/crisiswatch/entry/add/",
        **{
            "edition": Edition.objects.get().pk,
            "situation": situation.pk,
            "trend": "unchanged",
            "lead": "In one breath.",
            "developments-TOTAL_FORMS": 1,
            "developments-0-position": 1,
            "developments-0-lead_sentence": "A treaty was signed.",
            "developments-0-body": "It binds both.",
        },
    )
    send(client, change(Edition.objects.get()), "_approve")
    html = client.get("/crisiswatch/2024/06/korea/").content.decode()
    for typed in ["In one breath.", "A treaty was signed.", "It binds both."]:
        assert typed in html


def test_a_month_that_is_none_is_refused_with_a_sentence(client, editor):
    response = send(client, "/admin/crisiswatch/edition/add/", month="June", refused=True)
    assert "write it as 2024-06" in response.content.decode()


def test_a_correction_is_added_and_never_changed(client, editor):
    piece = factories.make_publication("Report")
    piece.corrections.create(corrected_on=datetime.date(2024, 1, 1), text="First.")
    send(
        client,
        change(piece),
        "_publish",
        **{
            "corrections-TOTAL_FORMS": 2,
            "corrections-0-text": "Changed!",
            "corrections-0-DELETE": "on",
            "corrections-1-corrected_on": "2024-02-02",
            "corrections-1-text": "Second.",
        },
    )
    assert {c.text for c in piece.corrections.all()} == {"First.", "Second."}


def test_authors_titles_are_kept_when_a_piece_is_published(client, editor):
    person = factories.make_person()
    factories.make_appointment(person, title="Analyst", started_on=datetime.date(2019, 1, 1))
    piece = factories.make_publication(authors=[person])
    send(client, change(piece), "_publish", subtitle="New")
    assert piece.bylines.get().title == "Analyst"


def test_a_region_s_form_leads_to_the_other_sections_of_its_page(client, editor):
    region = factories.make_region()
    html = client.get(change(region)).content.decode()
    for name in [
        "crisiswatch/entry",
        "people/quote",
        "publications/publication",
        "people/person",
        "newsletter/wording",
    ]:
        assert f'href="/admin/{name}/' in html
        address = html.partition(f'href="/admin/{name}/')[2].partition('"')[0]
        page = client.get(f"/admin/{name}/{address}".replace("&amp;", "&"), follow=True)
        assert page.status_code == 200


def test_globes_and_situations_have_a_form_too(client, editor):
    situation = factories.make_situation("Korea")
    send(client, change(situation), countries=[str(Country.objects.get(alpha2="KP").pk)])
    assert "<svg" in Situation.objects.get().globe
