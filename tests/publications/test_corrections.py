"""What was put right: in the form, on the piece, in the list and in the feed."""

import datetime
import re
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from editorial import drafting, scheduling
from editorial.models import Event, Revision, ScheduledChange
from publications.models import Correction, Publication
from tests import factories
from tests.editorial.test_admin import change, send

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def publisher(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


def correct(piece, text, day=None):
    return piece.corrections.create(text=text, corrected_on=day or datetime.date(2024, 1, 1))


def added(text, number=0, **more):
    return {
        "corrections-TOTAL_FORMS": number + 1,
        f"corrections-{number}-corrected_on": "2024-02-02",
        f"corrections-{number}-text": text,
        **more,
    }


def html(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


# Readers


@pytest.mark.parametrize("prefix", ["", "/he"])
def test_the_list_shows_every_correction_the_newest_first_and_leads_to_the_piece(client, prefix):
    first = correct(factories.make_publication("Report"), "Not <3> but 4.")
    correct(
        factories.make_publication("Rapport", language="fr"), "Deux.", datetime.date(2024, 3, 1)
    )
    page = html(client, f"{prefix}/corrections/")
    assert page.index("Deux.") < page.index("Not &lt;3&gt; but 4.")
    assert f'href="{prefix}/publications/report/#correction-{first.pk}"' in page
    assert f'id="correction-{first.pk}"' in html(client, f"{prefix}/publications/report/")
    assert 'lang="fr"' in page
    assert 'type="application/atom+xml"' in page
    assert f'href="{prefix}/corrections.atom"' in page


def test_the_footer_leads_to_the_list(client):
    assert 'href="/corrections/"' in html(client, "/")
    assert "Nothing has had to be corrected yet." in html(client, "/corrections/")


def test_only_corrections_of_what_is_public_are_listed(client):
    for state, fields in factories.hidden_states().items():
        correct(factories.make_publication(f"Hidden {state}", **fields), "Secret.")
    for path in ("/corrections/", "/corrections.atom"):
        page = html(client, path)
        assert "Secret." not in page
        assert "Hidden" not in page


def test_a_long_list_has_pages(client):
    piece = factories.make_publication()
    for number in range(21):
        correct(piece, f"Mistake {number:02}.")
    assert html(client, "/corrections/").count("Mistake") == 20
    assert html(client, "/corrections/?page=2").count("Mistake") == 1
    assert client.get("/corrections/?page=3").status_code == 404


@pytest.mark.parametrize("path", ["/corrections/", "/corrections.atom"])
def test_neither_list_nor_feed_asks_once_for_each_correction(
    client, path, django_assert_max_num_queries
):
    for _ in range(5):
        correct(factories.make_publication(), "Not 3 but 4.")
    with django_assert_max_num_queries(6):
        html(client, path)


@pytest.mark.parametrize("prefix", ["", "/he"])
def test_the_feed_has_an_entry_for_each_correction(client, prefix):
    correction = correct(factories.make_publication("Report"), "Not\x0b 3 but 4.")
    feed = ET.fromstring(client.get(f"{prefix}/corrections.atom").content)
    (entry,) = feed.findall(f"{ATOM}entry")
    address = f"http://testserver{prefix}/publications/report/#correction-{correction.pk}"
    assert entry.find(f"{ATOM}link").get("href") == address
    assert entry.findtext(f"{ATOM}title") == "Report"
    assert entry.findtext(f"{ATOM}summary") == "Not 3 but 4."
    assert entry.findtext(f"{ATOM}updated").startswith("2024-01-01")
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith(f"{prefix}/corrections.atom")


# The form


def test_a_correction_waits_in_the_draft_and_can_be_changed_and_taken_out_there(client, publisher):
    piece = factories.make_publication("Report")
    send(client, change(piece), **added("Not 3 but 4."))
    assert "Not 3 but 4." not in html(client, "/publications/report/")
    assert not Correction.objects.exists()
    send(client, change(piece), **{"corrections-0-text": "Not 3 but 5."})
    assert drafting.current(piece)["corrections"][0]["text"] == "Not 3 but 5."
    send(client, change(piece), **{"corrections-0-DELETE": "on"})
    assert drafting.current(piece)["corrections"] == []


def test_a_published_correction_is_tied_to_what_readers_had_before(client, publisher):
    piece = factories.make_publication("Report", body="<p>Three.</p>")
    send(client, change(piece), "_publish", body="<p>Four.</p>", **added("Not three but four."))
    send(client, change(piece), "_publish", body="<p>Five.</p>", **added("Not four but five.", 1))
    tied = {c.text: c.corrects.snapshot["body"] for c in Correction.objects.all()}
    assert tied == {
        "Not three but four.": "<p>Three.</p>",
        "Not four but five.": "<p>Four.</p>",
    }
    assert "Not four but five." in html(client, "/corrections/")


def corrections_logged():
    return list(
        Event.objects.filter(action="corrected")
        .order_by("pk")
        .values_list("details", "user", "object_id", "from_revision")
    )


def test_a_correction_is_logged_when_readers_get_it_with_its_author_and_once(client, publisher):
    piece = factories.make_publication("Report")
    send(client, change(piece), **added("Not 3 but 4."))
    assert "Not 3 but 4." in html(client, change(piece).replace("change", "preview"))
    assert not corrections_logged()
    other = factories.make_editor()
    client.force_login(other)
    send(client, change(piece), "_publish", subtitle="New")
    send(client, change(piece), "_publish", subtitle="Newer")
    assert corrections_logged() == [("Not 3 but 4.", publisher.pk, piece.pk, 1)]
    assert Event.objects.filter(action="published", user=other).count() == 2


def test_a_correction_that_the_clock_publishes_is_logged_with_its_author(client, publisher):
    piece = factories.make_publication("Report")
    send(client, change(piece), **added("Not 3 but 4."))
    piece.refresh_from_db()
    soon = timezone.now() + datetime.timedelta(hours=1)
    scheduling.schedule_piece(piece, at=soon, by=factories.make_editor(), version=piece.version)
    ScheduledChange.objects.update(change_at=timezone.now())
    assert scheduling.apply_due() == 1
    assert corrections_logged() == [("Not 3 but 4.", publisher.pk, piece.pk, 1)]


def test_a_correction_that_is_older_than_the_revisions_is_tied_to_none(client, publisher):
    piece = factories.make_publication("Report")
    correct(piece, "Long ago.")
    send(client, change(piece), "_publish", subtitle="New")
    assert Correction.objects.get().corrects is None


def test_what_readers_were_told_can_be_neither_changed_nor_taken_out(client, publisher):
    piece = factories.make_publication("Report")
    correct(piece, "First.")
    forged = {"corrections-0-text": "Changed!", "corrections-0-DELETE": "on"}
    send(client, change(piece), "_publish", subtitle="New", **forged)
    assert Publication.objects.get().subtitle == "New"
    assert [c.text for c in piece.corrections.all()] == ["First."]
    form = html(client, change(piece))
    assert re.search(r'<textarea name="corrections-0-text"[^>]* disabled', form)


def test_nothing_is_corrected_that_readers_do_not_have(client, publisher):
    draft = factories.make_publication(status="draft", approved_at=None, approved_by=None)
    assert "corrections-TOTAL_FORMS" not in html(client, change(draft))
    send(client, change(draft), **added("Forged."))
    assert not Correction.objects.exists()
    assert Revision.objects.of(draft).newest() is None
