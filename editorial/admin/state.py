"""What readers see of a piece, in words."""

from django.utils.translation import gettext as _

from editorial.dates import format_moment
from editorial.models import Status


def in_words(piece) -> str:
    """The state that people set, or what follows from it and the clock."""
    if piece.is_public:
        return _("public since %s") % format_moment(piece.publish_at)
    if piece.is_scheduled:
        return _("scheduled for %s") % format_moment(piece.publish_at)
    return piece.get_status_display()


def readers_see(piece, draft) -> str:
    """What readers see now, and what a save would change about that."""
    if piece is None:
        return _("Nobody sees this yet. A save keeps it as a draft.")
    if piece.is_public and draft:
        return _(
            "Readers see another text, since %(since)s. This is a draft (revision %(number)d, "
            "%(author)s); they see none of it until it is published."
        ) % {
            "since": format_moment(piece.publish_at),
            "number": draft.number,
            "author": draft.author or "–",
        }
    if piece.is_public:
        return _(
            "Readers see exactly this, since %s. What you save is a draft; they see it when it is "
            "published."
        ) % format_moment(piece.publish_at)
    if piece.is_scheduled:
        return _(
            "Readers see it from %s on. What you save is a draft; it takes the place of the "
            "approved text when it is published."
        ) % format_moment(piece.publish_at)
    if piece.status == Status.WITHDRAWN:
        return _("Readers do not see this: it is withdrawn. A save changes nothing for them.")
    if piece.status == Status.IN_REVIEW:
        return _("Readers do not see this: it waits for review. A save changes nothing for them.")
    return _("Readers do not see this: it is a draft. A save changes nothing for them.")
