import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from crisishub import roles
from editorial.models import Event
from tests.factories import make_member

pytestmark = pytest.mark.django_db


def sync():
    said = io.StringIO()
    call_command("sync_roles", stdout=said)
    return said.getvalue()


def given(role):
    return {
        f"{each.content_type.app_label}.{each.codename}"
        for each in Group.objects.get(name=role).permissions.select_related("content_type")
    }


class TestTheCommand:
    def test_makes_a_group_of_each_role_with_exactly_its_permissions(self):
        sync()
        assert {role: given(role) for role in roles.ROLES} == {
            role: roles.permissions_of(role) for role in roles.ROLES
        }

    def test_says_what_it_changed_and_nothing_the_second_time(self):
        assert "Publisher + regions.publish_region\n" in sync()
        assert sync() == "Nothing to change.\n"

    def test_takes_away_what_is_not_in_the_table_and_gives_back_what_is(self):
        sync()
        group = Group.objects.get(name="Contributor")
        group.permissions.add(Permission.objects.get(codename="publish_region"))
        group.permissions.remove(Permission.objects.get(codename="add_quote"))
        assert sync() == (
            "Contributor + people.add_quote\nContributor - regions.publish_region\n2 changes.\n"
        )

    def test_writes_into_the_log_what_it_changed_of_each_role_and_no_more(self):
        sync()
        assert set(Event.objects.values_list("what", flat=True)) == {
            f"group: {role}" for role in roles.ROLES
        }
        before = Event.objects.count()
        group = Group.objects.get(name="Contributor")
        group.permissions.add(Permission.objects.get(codename="publish_region"))
        group.permissions.remove(Permission.objects.get(codename="add_quote"))
        sync()
        sync()
        event = Event.objects.latest("pk")
        assert Event.objects.count() == before + 1
        assert (event.action, event.user, event.piece) == ("roles_changed", None, group)
        assert event.details == "+ people.add_quote, - regions.publish_region"

    def test_leaves_other_groups_and_the_members_alone(self):
        member = make_member("Editor")
        other = Group.objects.create(name="Translators")
        other.permissions.add(Permission.objects.get(codename="view_region"))
        member.groups.add(other)
        sync()
        assert given("Translators") == {"regions.view_region"}
        assert set(member.groups.values_list("name", flat=True)) == {"Editor", "Translators"}

    def test_changes_nothing_at_all_when_a_permission_is_missing(self, monkeypatch):
        monkeypatch.setitem(roles.ROLES, "Editor", [("paint", ["regions.region"])])
        with pytest.raises(CommandError, match=r"there is no regions\.paint_region"):
            sync()
        assert not Group.objects.exists()


class TestTheTable:
    @pytest.mark.parametrize(
        ("role", "may", "may_not"),
        [
            (
                "Contributor",
                {"publications.add_publication", "people.view_quote", "people.add_outlet"},
                {
                    "publications.change_publication",
                    "publications.delete_publication",
                    "publications.approve_publication",
                    "crisiswatch.add_edition",
                    "editorial.view_revision",
                },
            ),
            (
                "Editor",
                {
                    "publications.change_publication",
                    "regions.approve_region",
                    "crisiswatch.change_entry",
                    "editorial.view_revision",
                    "editorial.view_scheduledchange",
                },
                {
                    "regions.publish_region",
                    "publications.add_correction",
                    "newsletter.view_issue",
                    "auth.view_user",
                },
            ),
            (
                "Publisher",
                {
                    "regions.approve_region",
                    "regions.publish_region",
                    "publications.add_correction",
                },
                {"newsletter.view_subscriber", "auth.view_user"},
            ),
            (
                "Newsletter",
                {"newsletter.publish_issue", "newsletter.view_subscriber"},
                {"regions.change_region", "newsletter.delete_consent", "newsletter.add_delivery"},
            ),
            (
                "Administrator",
                {"auth.change_user", "regions.add_desk", "flatpages.change_flatpage"},
                {"publications.view_publication", "newsletter.view_subscriber"},
            ),
        ],
    )
    def test_says_who_may_what(self, role, may, may_not):
        permissions = roles.permissions_of(role)
        assert may <= permissions
        assert not may_not & permissions

    def test_a_publisher_may_all_that_an_editor_may(self):
        assert roles.permissions_of("Editor") < roles.permissions_of("Publisher")

    def test_nobody_but_administrators_sees_the_log(self):
        seers = {
            role for role in roles.ROLES if "editorial.view_event" in roles.permissions_of(role)
        }
        assert seers == {"Administrator"}
