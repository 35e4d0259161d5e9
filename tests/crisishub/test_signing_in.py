import pytest

from editorial.models import Event
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "a password that nobody reads"


@pytest.fixture
def member():
    return make_user(username="bora", is_staff=True, password=PASSWORD)


def sign_in(client, username, password):
    return client.post("/admin/login/", {"username": username, "password": password})


def test_coming_in_is_logged(client, member):
    assert sign_in(client, "bora", PASSWORD).status_code == 302
    event = Event.objects.get()
    assert (event.action, event.user, event.details) == ("signed_in", member, "")


def test_a_wrong_password_is_logged_without_it(client, member):
    assert sign_in(client, "bora", "guess-1234").status_code == 200
    event = Event.objects.get()
    assert (event.action, event.user) == ("refused", member)
    assert event.details == "bora (invalid_login)"
    assert "guess" not in str(Event.objects.values())


def test_a_name_that_nobody_has_is_logged_as_it_was_tried(client):
    sign_in(client, "mallory", "guess-1234")
    event = Event.objects.get()
    assert (event.action, event.user, event.details) == (
        "refused",
        None,
        "mallory (invalid_login)",
    )


@pytest.mark.parametrize("lacking", [{"is_staff": False}, {"is_active": False}])
def test_who_may_not_come_in_is_refused_and_logged(client, lacking):
    make_user(**{"username": "bora", "password": PASSWORD, "is_staff": True, **lacking})
    assert sign_in(client, "bora", PASSWORD).status_code == 200
    assert Event.objects.get().action == "refused"


def test_a_form_without_a_password_is_no_attempt(client, member):
    sign_in(client, "bora", "")
    client.get("/admin/login/")
    assert not Event.objects.exists()
