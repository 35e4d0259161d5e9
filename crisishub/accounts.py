"""
Accounts: who may make whom what, and what of it goes into the log.

Nobody but a superuser makes superusers or hands out single permissions; everybody else who keeps
accounts hands out roles, and of other groups those whose permissions they have themselves.
"""

from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from crisishub.roles import ROLES

# What of an account and of a group is worth a line in the log when it changes.
WATCHED = (
    "username name is_active is_staff is_superuser groups user_permissions permissions".split()
)


def holds(user, permissions) -> bool:
    """Whether a user has all of these ``Permission`` rows."""
    return all(
        user.has_perm(f"{each.content_type.app_label}.{each.codename}") for each in permissions
    )


class AccountForm(UserChangeForm):
    giver = None  # Who fills it in; the admin says.

    def clean_groups(self):
        groups = self.cleaned_data["groups"]
        for group in set(groups) - set(self.initial.get("groups", [])):
            permissions = group.permissions.select_related("content_type")
            if group.name not in ROLES and not holds(self.giver, permissions):
                raise ValidationError(
                    _("“%(group)s” may do what you may not: only a superuser can give it."),
                    params={"group": group},
                )
        return groups


class GroupForm(ModelForm):
    giver = None

    def clean_name(self):
        name = self.cleaned_data["name"]
        if name in ROLES:
            raise ValidationError(_("This is the name of a role; “sync_roles” keeps those."))
        return name

    def clean_permissions(self):
        permissions = self.cleaned_data["permissions"].select_related("content_type")
        given = self.initial.get("permissions", [])
        if not holds(self.giver, [each for each in permissions if each not in given]):
            raise ValidationError(_("You can give only what you may do yourself."))
        return permissions
