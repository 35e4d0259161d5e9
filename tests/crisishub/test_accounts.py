"""Accounts and groups, through the forms and through what somebody could send instead of them."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from editorial.models import Event, Revision
from tests.factories import make_editor, make_member, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make_member("Administrator")
    client.force_login(user)
    return user


@pytest.fixture
def bora():
    return make_member("Contributor", username="bora", first_name="Bora")


def save(client, user, **changes):
    data = {
        "username": user.username,
        "first_name": user.first_name,
        "is_active": "on",
        "is_staff": "on",
        "groups": [group.pk for group in user.groups.all()],
        **changes,
    }
    return client.post(f"/admin/auth/user/{user.pk}/change/", data)


def role(name):
    return Group.objects.get(name=name)


def permission(codename):
    return Permission.objects.get(codename=codename)


class TestRoles:
    def test_are_given_and_taken_by_an_administrator_and_logged(self, client, administrator, bora):
        assert save(client, bora, groups=[role("Editor").pk]).status_code == 302
        assert [group.name for group in bora.groups.all()] == ["Editor"]
        event = Event.objects.get()
        assert (event.action, event.user, event.piece) == ("roles_changed", administrator, bora)
        assert event.details == "groups: + Editor, - Contributor"

    def test_a_new_name_and_a_closed_account_are_logged(self, client, administrator, bora):
        save(client, bora, username="han", is_active="")
        details = Event.objects.get().details
        assert details == "username: bora → han\nis_active: True → False"

    def test_what_changes_no_right_is_not_logged(self, client, administrator, bora):
        save(client, bora, first_name="Han")
        assert User.objects.get(pk=bora.pk).first_name == "Han"
        assert not Event.objects.exists()

    def test_a_new_account_is_logged(self, client, administrator):
        data = {"username": "noga", "usable_password": "true"}
        data |= dict.fromkeys(["password1", "password2"], "vX8-almond-tree")
        assert client.post("/admin/auth/user/add/", data).status_code == 302
        assert Event.objects.get().details == "username: None → noga"

    def test_a_password_set_by_another_is_logged_without_it(self, client, administrator, bora):
        data = {"usable_password": "true"}
        data |= dict.fromkeys(["password1", "password2"], "vX8-almond-tree")
        client.post(f"/admin/auth/user/{bora.pk}/password/", data)
        event = Event.objects.get()
        assert (event.piece, event.details) == (bora, "new password")
        assert User.objects.get(pk=bora.pk).check_password("vX8-almond-tree")


class TestNobodyButASuperuser:
    def test_makes_a_superuser(self, client, administrator, bora):
        save(client, bora, is_superuser="on")
        save(client, administrator, is_superuser="on")
        assert not User.objects.filter(is_superuser=True).exists()

    def test_gives_a_single_permission(self, client, administrator, bora):
        save(client, bora, user_permissions=[permission("publish_region").pk])
        assert not bora.user_permissions.exists()

    def test_gives_a_group_that_may_more_than_the_giver(self, client, administrator, bora):
        strong = Group.objects.create(name="Strong")
        strong.permissions.add(permission("publish_region"))
        response = save(client, bora, groups=[strong.pk])
        assert "only a superuser can give it" in response.content.decode()
        assert [group.name for group in bora.groups.all()] == ["Contributor"]

    def test_puts_into_a_group_what_they_may_not_do(self, client, administrator):
        group = Group.objects.create(name="Readers")
        path = f"/admin/auth/group/{group.pk}/change/"
        allowed, refused = permission("view_region").pk, permission("publish_region").pk
        client.post(path, {"name": "Readers", "permissions": [allowed, refused]})
        assert not group.permissions.exists()
        client.post(path, {"name": "Readers", "permissions": [allowed]})
        assert Event.objects.get().details == ("permissions: + Regions | region | Can view region")

    def test_touches_the_account_of_a_superuser(self, client, administrator):
        boss = make_editor(username="boss", password="kept as it is")
        assert save(client, boss, is_active="").status_code == 403
        data = dict.fromkeys(["password1", "password2"], "vX8-almond-tree")
        assert client.post(f"/admin/auth/user/{boss.pk}/password/", data).status_code == 403
        deletion = client.post(f"/admin/auth/user/{boss.pk}/delete/", {"post": "yes"})
        assert deletion.status_code == 403
        assert User.objects.get(pk=boss.pk).check_password("kept as it is")


def test_a_superuser_makes_another_and_it_is_logged(client, bora):
    client.force_login(make_editor())
    save(client, bora, is_superuser="on")
    assert Event.objects.get().details == "is_superuser: False → True"


def test_no_role_but_the_administrator_sees_accounts(client, bora):
    for name in ("Contributor", "Editor", "Publisher", "Newsletter"):
        client.force_login(make_member(name))
        assert client.get("/admin/auth/user/").status_code == 403
        assert save(client, bora, is_superuser="on").status_code == 403
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize("page", ["change", "delete"])
def test_the_roles_themselves_are_kept_by_sync_roles_alone(client, page):
    make_member("Editor")
    client.force_login(make_editor())
    group = role("Editor")
    data = {"name": "Mine", "post": "yes"}
    assert client.post(f"/admin/auth/group/{group.pk}/{page}/", data).status_code == 403
    assert role("Editor").permissions.exists()
    response = client.post("/admin/auth/group/add/", {"name": "Publisher"})
    assert response.status_code == 200


class TestLeaving:
    def test_an_account_that_left_no_trace_is_deleted_and_that_is_logged(
        self, client, administrator
    ):
        user = make_user(username="brief")
        client.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"})
        assert not User.objects.filter(username="brief").exists()
        event = Event.objects.get()
        assert (event.action, event.what) == ("deleted", "user: brief")

    def test_an_account_that_stands_in_the_records_stays(self, client, administrator, bora):
        region = make_region()
        Revision.objects.create(piece=region, number=1, snapshot={}, author=bora)
        path = f"/admin/auth/user/{bora.pk}/delete/"
        for response in (client.get(path, follow=True), client.post(path, {"post": "yes"})):
            assert response.status_code in {200, 302}
        page = client.get(f"/admin/auth/user/{bora.pk}/change/").content.decode()
        assert "“bora” stands in the records and stays" in page
        assert User.objects.filter(pk=bora.pk).exists()
