import datetime
import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

MAY, JUNE = datetime.date(2024, 5, 1), datetime.date(2024, 6, 1)


@pytest.fixture
def entries():
    situation = factories.make_situation(
        "Korean Peninsula",
        region=factories.make_region("Korean Peninsula"),
        countries=["KR", "KP"],
    )
    return [
        factories.make_entry(
            [("A treaty was signed.", "First."), ("Seoul answered.", "Second.")],
            situation=situation,
            edition=factories.make_edition(month, overview="<p>The month.</p>"),
            lead=f"The lead of {month:%B}.",
            trend="deteriorated" if month == JUNE else "improved",
            risk_alert=month == JUNE,
        )
        for month in (MAY, JUNE)
    ]


def get(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_latest_month_opens_crisiswatch(client, entries):
    html = get(client, "/crisiswatch/")
    assert "June 2024" in html
    assert 'href="/crisiswatch/2024/05/"' in html


def test_a_month_shows_its_overview_its_entries_and_its_neighbours(client, entries):
    html = get(client, "/crisiswatch/2024/06/")
    for shown in ["The month.", "Korean Peninsula", "The lead of June.", "Deteriorated"]:
        assert shown in html
    assert 'href="/crisiswatch/2024/06/korean-peninsula/"' in html
    assert 'href="/crisiswatch/2024/05/"' in html


def test_an_entry_shows_everything_unfolded(client, entries):
    html = get(client, "/crisiswatch/2024/06/korean-peninsula/")
    for shown in ["The lead of June.", "A treaty was signed.", "Second.", "South Korea"]:
        assert shown in html
    assert "<details" not in html
    assert 'href="/crisiswatch/2024/05/korean-peninsula/"' in html


def test_the_strip_says_each_month_in_words_and_links_to_it(client, entries):
    html = get(client, "/crisiswatch/2024/06/korean-peninsula/")
    assert re.search(r"May 2024[^<]{0,20}Improved", html)


@pytest.mark.parametrize(
    "path",
    [
        "/crisiswatch/2024/07/",
        "/crisiswatch/2024/13/",
        "/crisiswatch/0000/01/",
        "/crisiswatch/2024/6/",
        "/crisiswatch/2024/06/nowhere/",
        "/crisiswatch/99999/01/",
    ],
)
def test_a_month_or_situation_that_is_not_there_is_not_found(client, entries, path):
    assert client.get(path).status_code == 404


def test_a_house_without_an_edition_still_has_the_page(client):
    get(client, "/crisiswatch/")
    get(client, "/")


@pytest.mark.parametrize(
    "path",
    ["/crisiswatch/", "/crisiswatch/2024/06/", "/crisiswatch/2024/06/korean-peninsula/", "/"],
)
def test_no_page_grows_a_query_for_each_situation(
    client, entries, path, django_assert_max_num_queries
):
    edition = entries[1].edition
    for _ in range(20):
        factories.make_entry([("A", "B")], edition=edition)
    with django_assert_max_num_queries(14):
        get(client, path)
