"""The log: who did what, when, from which revision to which. See ``editorial.models.Event``."""

from django.db.models import Model

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


def rights_in_words(form, fields) -> str:
    """Say what a saved form changed in these fields, for the log: one line for each."""
    return "\n".join(
        f"{name}: {in_words(form.initial.get(name), form.cleaned_data[name])}"
        for name in fields
        if name in form.changed_data
    )


def in_words(before, after) -> str:
    if isinstance(after, str | bool):
        return f"{before} → {after}"
    before, after = names(before or []), names(after)
    gained = [f"+ {name}" for name in after if name not in before]
    return ", ".join(gained + [f"- {name}" for name in before if name not in after])


def names(rows: list[Model]) -> list[str]:
    return sorted(str(row) for row in rows)
