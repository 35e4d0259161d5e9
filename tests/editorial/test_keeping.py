"""How the browser learns that the server has what was typed."""

import pytest

from people.models import Outlet
from tests import factories

pytestmark = pytest.mark.django_db

ADD = "/admin/people/outlet/add/"
TOKEN = "0123456789abcdef"


@pytest.fixture(autouse=True)
def editor(client):
    client.force_login(factories.make_editor())


def send(client, token=TOKEN, **fields):
    return client.post(
        ADD, {"name": "Gazette", "slug": token[:20], "form_token": token, **fields}, follow=True
    )


def saved(response):
    return response.content.decode().partition('data-saved="')[2].partition('"')[0].split()


def posted(response):
    return response.content.decode().partition('data-posted="')[2].partition('"')[0]


def test_the_pages_after_a_save_name_the_form(client):
    response = send(client)
    assert Outlet.objects.get().name == "Gazette"
    assert (saved(response), posted(response)) == ([TOKEN], "")
    for _ in range(2):  # Reading a page changes nothing: the next tab is told too.
        assert saved(client.get(ADD)) == [TOKEN]


def test_a_refused_form_is_not_saved_and_goes_on_under_its_name(client):
    response = send(client, name="")
    assert (saved(response), posted(response)) == ([], TOKEN)


def test_only_the_last_forms_are_named(client):
    tokens = [f"{number:016x}" for number in range(25)]
    for token in tokens:
        response = send(client, token, name=token)
    assert saved(response) == tokens[-20:]


@pytest.mark.parametrize("token", ["", "short", "spaces in 0123456789", "x" * 5000, '"><b>'])
def test_what_is_no_name_is_not_repeated(client, token):
    response = send(client, token, slug="gazette")
    assert Outlet.objects.exists()
    assert saved(response) == []
    assert "><b>" not in response.content.decode()


def test_who_signs_in_next_is_not_told(client):
    send(client)
    client.logout()
    client.force_login(factories.make_editor())
    assert saved(client.get(ADD)) == []
