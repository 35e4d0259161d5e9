"""What readers find where something has been withdrawn."""

import datetime

import pytest
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db

REASON = "It named <a source> who is in danger."
SHOWN = "It named &lt;a source&gt; who is in danger."


def withdrawn(make, *args, **kwargs):
    piece = make(*args, **kwargs)
    piece.withdraw(REASON)
    return piece


def gone(client, path):
    response = client.get(path)
    assert response.status_code == 410, path
    return response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/he"])
def test_the_address_says_why_and_when(client, prefix, time_machine):
    time_machine.move_to(datetime.datetime(2024, 9, 14, 12, tzinfo=datetime.UTC), tick=False)
    withdrawn(factories.make_publication, "Report")
    page = gone(client, f"{prefix}/publications/report/")
    assert SHOWN in page
    assert '<time datetime="2024-09-14">' in page
    assert ('lang="en" dir="ltr">It named' in page) == bool(prefix)


@pytest.mark.parametrize("prefix", ["", "/he"])
def test_so_do_all_addresses_that_went_with_it(client, prefix):
    withdrawn(factories.make_region, "Korea")
    entry = factories.make_entry(situation=factories.make_situation("Sahel"))
    entry.edition.withdraw(REASON)
    withdrawn(factories.make_person, "Han Bora")
    quote = withdrawn(factories.make_quote)
    for path in [
        "/regions/korea/",
        "/regions/korea/updates/",
        "/regions/korea/updates.atom",
        "/crisiswatch/2024/06/",
        "/crisiswatch/2024/06/sahel/",
        "/people/han-bora/",
        quote.get_absolute_url(),
    ]:
        assert SHOWN in gone(client, f"{prefix}{path}")


def test_what_was_withdrawn_without_a_reason_says_when(client):
    factories.make_publication("Report").withdraw()
    page = gone(client, "/publications/report/")
    assert "Withdrawn on" in page


def test_what_is_approved_again_is_shown_again(client):
    piece = withdrawn(factories.make_publication, "Report")
    editor = factories.make_editor()
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    piece.approve(by=editor, publish_at=tomorrow)
    assert SHOWN in gone(client, "/publications/report/")
    piece.approve(by=editor, publish_at=timezone.now())
    page = client.get("/publications/report/")
    assert page.status_code == 200
    assert SHOWN not in page.content.decode()


def test_what_readers_never_had_tells_nothing(client):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    withdrawn(factories.make_publication, "Report", publish_at=tomorrow)
    response = client.get("/publications/report/")
    assert response.status_code == 404
    assert SHOWN not in response.content.decode()


def test_the_page_asks_little(client, django_assert_max_num_queries):
    withdrawn(factories.make_publication, "Report")
    with django_assert_max_num_queries(14):
        gone(client, "/publications/report/")
