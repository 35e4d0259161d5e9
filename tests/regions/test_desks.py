"""Desks in the admin: who belongs to which is a right, and what changes of it is logged."""

import pytest

from editorial.models import Event
from regions.models import Desk
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = factories.make_member("Administrator")
    client.force_login(user)
    return user


def test_who_and_what_comes_to_a_desk_and_leaves_it_is_logged_in_words(client, administrator):
    bora, han = (factories.make_user(username=name) for name in ("bora", "han"))
    asia, europe = (factories.make_region(name) for name in ("Asia", "Europe"))
    desk = factories.make_desk(asia, members=[bora])
    send(client, change(desk), members=[han.pk], regions=[asia.pk, europe.pk])
    event = Event.objects.get()
    assert (event.action, event.user, event.piece) == ("roles_changed", administrator, desk)
    assert event.details == "regions: + Europe\nmembers: + han, - bora"


def test_the_members_of_a_new_desk_are_logged(client, administrator):
    bora = factories.make_user(username="bora")
    send(client, "/admin/regions/desk/add/", name="Asia desk", members=[bora.pk])
    assert Event.objects.get().details == "members: + bora"


def test_a_desk_that_is_saved_with_another_name_alone_is_not_logged(client, administrator):
    desk = factories.make_desk(members=[factories.make_user()])
    send(client, change(desk), name="Another name")
    assert Desk.objects.get().name == "Another name"
    assert not Event.objects.exists()


def test_a_deleted_desk_is_logged(client, administrator):
    desk = factories.make_desk()
    client.post(change(desk).replace("change", "delete"), {"post": "yes"})
    event = Event.objects.get()
    assert (event.action, event.user, event.what) == ("deleted", administrator, f"desk: {desk}")
