"""
Who may do what to which object.

A right comes from the groups of ``crisishub.roles``; where in the world it holds, from the desks of
``regions``; and what the roles cannot say stands here: a piece of one's own, the two-person rule.
"""

from django.conf import settings
from django.contrib.auth import get_permission_codename, get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from editorial.models import Revision

# What can be done, and the permission that it takes. Who has no ``change`` but ``add`` may do what
# OWN names to pieces of their own.
VERBS = {
    "view": "view",
    "edit": "change",
    "submit": "change",
    "approve": "approve",
    "publish": "publish",
    "withdraw": "publish",
    "delete": "delete",
}
OWN = {"view", "edit", "submit", "delete"}
# What puts somebody's words before readers. Taking words back waits for nobody.
RELEASES = {"approve", "publish"}


def may(user, verb, piece) -> bool:
    """
    Whether somebody may view, edit, submit, approve, publish, withdraw or delete an object.

    *Edit* is to save and to keep a draft; *approve*, to release for the first time, now or at a
    moment; *publish*, to put a draft of something live before readers, now or at a moment, and to
    correct; *withdraw*, to take back what readers have, or a schedule.
    """
    return not may_not_because(user, verb, piece)


def may_not_because(user, verb, piece):
    """Return a sentence that says why somebody may not, or an empty string when they may."""
    if not has_right(user, verb, piece):
        return _("Your role does not allow this.")
    if verb == "delete" and getattr(piece, "approved_at", None):
        return _("Readers may have seen it: it can be withdrawn, not deleted.")
    if verb != "view" and not is_on_desk_of(user, piece):
        return _("It lies outside the part of the world that your desk looks after.")
    if verb in RELEASES and settings.TWO_PERSON_RULE and wrote_the_newest(user, piece):
        return _("You wrote the newest revision: somebody else has to release it.")
    return ""


def has_right(user, verb, piece) -> bool:
    """Whether the roles allow it, wherever in the world the object lies."""
    return has_permission(user, VERBS[verb], piece) or (verb in OWN and is_own(user, piece))


def has_permission(user, action, piece) -> bool:
    return user.has_perm(f"{piece._meta.app_label}.{get_permission_codename(action, piece._meta)}")


def is_own(user, piece) -> bool:
    """
    Whether it was begun by this user, who may begin such pieces, or names them as its author; none
    that is new is taken.
    """
    if not has_permission(user, "add", piece):
        return False
    owner = getattr(piece, "author_id", None) or getattr(piece, "created_by_id", None)
    return piece.pk is None or owner == user.pk


def is_on_desk_of(user, piece) -> bool:
    on_desk = getattr(piece, "is_on_desk_of", None)
    return user.is_superuser or on_desk is None or on_desk(user)


def wrote_the_newest(user, piece) -> bool:
    """Whether the words that would be released are this user's."""
    revisions = Revision.objects.of(piece).standing().order_by("-number")
    author = revisions.values_list("author", flat=True).first()
    return user.pk == author


def check_desk(user, piece):
    """
    Look again after a save, inside its transaction or rehearsal.

    Raises ``ValidationError`` when the object has been moved off the desk of whoever moved it.
    """
    if user.is_superuser:
        return
    # One who remembers nothing of the tree before.
    again = get_user_model()._default_manager.get(pk=user.pk)
    if not is_on_desk_of(again, piece):
        raise ValidationError(
            _("This would move it out of the part of the world that your desk looks after.")
        )
