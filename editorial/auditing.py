"""The log: who did what, when, from which revision to which. See ``editorial.models.Event``."""

from editorial.models import Event


def log(action, *, by, piece=None, from_revision=None, to_revision=None, details=""):
    """
    Write one line of the log.

    ``action`` is an ``Event.Action``; ``by`` a user, or None where the clock acted; the revisions
    are numbers. ``details`` is for people: a reason, a name that was tried.
    """
    return Event.objects.create(
        action=action,
        user=by,
        piece=piece,
        what=f"{piece._meta.verbose_name}: {piece}"[:250] if piece else "",
        from_revision=from_revision,
        to_revision=to_revision,
        details=details,
    )
