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


def readers_see(piece, base, *, may_edit=True) -> str:
    """
    What readers see now, and what a save would change about that.

    ``base`` is the revision that the form shows: a draft, or the published one, or None.
    """
    if piece is None:
        return _("Nobody sees this yet. A save keeps it as a draft.")
    if not piece.is_approved:
        return " ".join([hidden(piece), _("A save changes nothing for them.") if may_edit else ""])
    sentences = [live(piece, base)]
    if base and base.published_at is None:
        sentences.append(drafted(base))
    elif may_edit:
        sentences.append(_("What you save is a draft; they see it when it is published."))
    return " ".join(sentences)


def hidden(piece):
    if piece.status == Status.WITHDRAWN:
        if not piece.withdrawn_at:
            return _("Readers do not see this: it is withdrawn.")
        said = _("Readers do not see this: it was withdrawn on %(day)s (“%(reason)s”).")
        day = format_moment(piece.withdrawn_at)
        return said % {"day": day, "reason": piece.withdrawn_because}
    if piece.status == Status.IN_REVIEW:
        return _("Readers do not see this: it waits for review.")
    return _("Readers do not see this: it is a draft.")


def live(piece, base):
    is_draft = base and base.published_at is None
    if piece.is_scheduled:
        at = format_moment(piece.publish_at)
        if is_draft:
            return _("Readers see another text, from %s on.") % at
        return _("Readers see it from %s on.") % at
    if is_draft:
        return _("Readers see another text.")
    since = format_moment(max(piece.publish_at, base.published_at) if base else piece.publish_at)
    return _("Readers see exactly this, since %s.") % since


def drafted(draft):
    said = _("This is a draft (revision %(number)d, %(author)s); they see none of it.")
    if draft.submitted_at:
        said = _("This draft (revision %(number)d, %(author)s) waits for review.")
    return said % {"number": draft.number, "author": draft.author or "–"}
