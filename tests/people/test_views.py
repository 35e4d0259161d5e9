import datetime

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    person = factories.make_person(
        "Gu Aram", biography="<p>A life.</p>", portrait=factories.picture(), portrait_alt="Ms Gu"
    )
    korea = factories.make_region("Korean Peninsula")
    factories.make_appointment(
        person,
        title="Senior Adviser",
        started_on=datetime.date(2018, 5, 1),
        ended_on=datetime.date(2019, 12, 31),
    )
    factories.make_appointment(
        person, title="Senior Consultant", region=korea, started_on=datetime.date(2020, 2, 1)
    )
    return person


def get(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_person_s_page_tells_titles_with_their_dates_pieces_and_quotes(client, person):
    factories.make_publication("On Talks", authors=[person])
    factories.make_quote(speaker=person, text="We said it.")
    html = get(client, "/people/gu-aram/")
    for shown in ["A life.", "Senior Adviser", "2018-05-01", "2019-12-31", "Senior Consultant"]:
        assert shown in html
    assert "On Talks" in html
    assert "We said it." in html
    assert 'alt="Ms Gu"' in html


def test_titles_stand_newest_first_whatever_their_place_among_our_people(client, person):
    person.appointments.filter(title="Senior Consultant").update(position=9)
    html = get(client, "/people/gu-aram/")
    assert html.index("2020-02-01") < html.index("2018-05-01")


def test_somebody_who_left_is_listed_without_a_title_of_today(client, person):
    person.appointments.filter(ended_on=None).update(ended_on=datetime.date(2021, 1, 1))
    html = get(client, "/people/")
    assert "Gu Aram" in html
    assert "Senior Consultant" not in html


def test_a_title_of_the_future_is_told_to_nobody(client, person):
    factories.make_appointment(
        person, title="Secret Director", started_on=datetime.date(2099, 1, 1), is_primary=False
    )
    for path in ("/people/", "/people/gu-aram/", "/regions/korean-peninsula/"):
        assert "Secret Director" not in get(client, path)


def test_somebody_with_two_titles_is_met_once(client, person):
    region = person.appointments.get(title="Senior Consultant").region
    factories.make_appointment(person, title="Trustee", region=region, is_primary=False)
    html = get(client, "/regions/korean-peninsula/")
    assert html.count('<li class="person">') == 1
    assert "Senior Consultant" in html


def test_people_are_listed_by_their_names_for_sorting(client):
    factories.make_person("Zoe Abel", sort_name="Abel, Zoe")
    factories.make_person("Adam Zorn", sort_name="Zorn, Adam")
    html = get(client, "/people/")
    assert html.index("Zoe Abel") < html.index("Adam Zorn")


def test_a_portrait_has_its_size_and_loads_as_a_rendition(client):
    factories.make_person(portrait=factories.picture(size=(400, 400)), portrait_alt="Ms Gu")
    html = get(client, "/people/")
    address = html.partition('<img src="')[2].partition('"')[0]
    assert 'width="160" height="200"' in html
    response = client.get(address)
    assert response["Content-Type"] == "image/webp"
    assert b"".join(response).startswith(b"RIFF")


def test_quotes_stand_newest_first_and_each_has_its_address(client, person):
    for year in (2021, 2023):
        factories.make_quote(
            speaker=person, slug=f"q{year}", text=f"In {year}", said_on=datetime.date(year, 1, 1)
        )
    html = get(client, "/in-the-news/")
    assert html.index("In 2023") < html.index("In 2021")
    assert "In 2021" in get(client, "/in-the-news/q2021/")


@pytest.mark.parametrize("path", ["/people/", "/in-the-news/", "/people/gu-aram/"])
def test_no_list_grows_a_query_for_each_row(client, person, path, django_assert_max_num_queries):
    for _ in range(12):
        other = factories.make_person(portrait=factories.picture(), portrait_alt="A portrait")
        factories.make_appointment(other, region=factories.make_region())
        factories.make_quote(speaker=other)
        factories.make_quote(speaker=person)
        factories.make_publication(authors=[person, other])
    with django_assert_max_num_queries(10):
        get(client, path)


@pytest.mark.parametrize("path", ["/people/nobody/", "/in-the-news/nothing/", "/people/?page=2"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404
