"""What a version says that the one before it did not: for readers, in the language of the site."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisiswatch.models.data import DataVersion

Reason = DataVersion.Reason
MANY = 3


@dataclass(frozen=True)
class Change:
    """What happened to a month."""

    reason: str
    sentence: str


def change(month: str, before: list[dict] | None, records: list[dict], notes: list[dict]) -> Change:
    """A month that came, or that says something else than ``before``; its newest correction."""
    if before is None:
        return Change(Reason.PUBLISHED, _("%(month)s published.") % {"month": month})
    old = {record["situation"]: record for record in before}
    new = {record["situation"]: record for record in records}
    codes = [code for code in sorted(old.keys() | new.keys()) if old.get(code) != new.get(code)]
    names = [(new.get(code) or old[code])["situation_name"] for code in codes]
    said = {"month": month, "what": ", ".join(names) or _("the edition")}
    sentences = [_("%(month)s corrected: %(what)s.") % said, *(note["text"] for note in notes)]
    return Change(Reason.CORRECTED, " ".join(sentences))


def withdrawal(month: str) -> Change:
    return Change(Reason.WITHDRAWN, _("%(month)s withdrawn.") % {"month": month})


def reason(changes: list[Change]) -> str:
    """Of several the one that readers look for first."""
    reasons = {change.reason for change in changes}
    order = (Reason.PUBLISHED, Reason.CORRECTED, Reason.WITHDRAWN)
    return next((each for each in order if each in reasons), Reason.CORRECTED)


def sentences(changes: list[Change]) -> str:
    if len(changes) <= MANY:
        return " ".join(change.sentence for change in changes)
    count = len(changes)
    return ngettext("%(count)s month.", "%(count)s months.", count) % {"count": count}
