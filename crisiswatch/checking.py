"""What an edition lacks before readers may have it, row by row of its sheet."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisiswatch.dates_in_text import dates_outside
from crisiswatch.models.situations import Coverage, Situation
from editorial import clock, drafting
from editorial.dates import format_month
from editorial.models import Check
from regions.models import Desk, Region
from regions.tree import Tree

LONG_LEAD = 300
MONITORED, STANDBY = Coverage.Level.MONITORED, Coverage.Level.STANDBY


@dataclass
class Around:
    """
    What the entries of an edition are checked against.

    ``followed`` has the coverage of its month by the key of the situation; ``last`` the texts of
    the edition before, ``last_month``, in the same way. ``areas`` has the regions that an author
    may edit, by the key of the user; who is not in it edits everywhere.
    """

    month: datetime.date
    followed: dict[int, Coverage] = field(default_factory=dict)
    last: dict[int, list[str]] = field(default_factory=dict)
    last_month: datetime.date | None = None
    areas: dict[int, set[int]] = field(default_factory=dict)


def around(edition, authors) -> Around:
    """What surrounds an edition, in six queries at most."""
    followed = Coverage.objects.in_month(edition.month).select_related("situation__region")
    found = Around(edition.month, {each.situation_id: each for each in followed})
    before = type(edition).objects.filter(month__lt=edition.month).only("month").first()
    if before:
        found.last_month = before.month
        entries = before.entries.prefetch_related("developments")
        found.last = {entry.situation_id: said_in(entry) for entry in entries}
    found.areas = areas_of(edition, authors)
    return found


def areas_of(edition, authors, tree=None) -> dict[int, set[int]]:
    """Who wrote a month that readers may have seen is history: then nobody is looked up."""
    wanted = set() if edition.approved_at else set(authors) - {None}
    if not wanted:
        return {}
    return Desk.objects.areas(wanted, tree or Tree(Region.objects.only("parent_id")))


def check_edition(edition) -> Iterator[Check]:
    """What blocks the edition, and what is advice. The number of queries stays the same."""
    entries = list(edition.entries.as_page())
    if not entries:
        yield Check("entries", _("There is no entry yet."))
    its = around(edition, {entry.author_id for entry in entries})
    for entry in entries:
        yield from check_entry(entry, its, may_go=edition.approved_at is None)
    yield from check_missing(edition, entries, its)
    yield from check_told(edition)


def check_missing(edition, entries, its) -> Iterator[Check]:
    """
    What is monitored has an entry. Once readers have the edition it is advice: what was followed
    then may be put right later, and no correction waits for that.
    """
    there = {entry.situation_id for entry in entries}
    for situation_id, coverage in its.followed.items():
        if coverage.level == MONITORED and situation_id not in there:
            said = {"situation": coverage.situation, "month": format_month(its.month)}
            sentence = _("%(situation)s is monitored in %(month)s and has no entry.") % said
            blocking = not readers_had(edition)
            yield Check("entries", sentence, blocking, place=coverage.situation.slug)


def check_told(edition):
    """What the draft of a month says otherwise than readers have it is told by a correction."""
    if not readers_had(edition):
        return
    live, draft = drafting.newest_published(edition), drafting.draft_of(edition)
    if not (live and draft):
        return
    known = {row["pk"] for row in live.snapshot["corrections"]}
    told = {row["situation"] for row in draft.snapshot["corrections"] if row["pk"] not in known}
    if None not in told:  # That would be the whole month.
        was, becomes = facts_by_situation(live.snapshot), facts_by_situation(draft.snapshot)
        changed = {pk for pk in was | becomes if was.get(pk) != becomes.get(pk)} - told
        names = Situation.objects.filter(pk__in=changed).values_list("name", flat=True)
        if names:
            sentence = _("Readers have it otherwise, and no correction says so: %s.")
            yield Check("corrections", sentence % ", ".join(names), blocking=False)


def facts_by_situation(snapshot) -> dict[int, list]:
    """What readers find in each entry, by the key of its situation."""
    names = ("trend", "risk_alert", "resolution_opportunity", "lead")
    return {
        row["situation"]: [
            *(row[name] for name in names),
            *((each["lead_sentence"], each["body"]) for each in row["developments"]),
        ]
        for row in snapshot["entries"]
    }


def readers_had(edition) -> bool:
    """Whether its moment came while it was approved, whatever it is now."""
    was_due = edition.publish_at is not None and edition.publish_at <= clock.now()
    return edition.approved_at is not None and was_due


def check_entry(entry, its: Around, *, may_go=True) -> Iterator[Check]:
    """
    What one row of the sheet lacks; reads a loaded situation and loaded developments.

    ``may_go`` is whether it can still be taken out; if not, that it is not covered is advice.
    """
    said = {"situation": entry.situation, "month": format_month(its.month)}
    not_covered = (sentence % said for sentence in coverage_of(entry, its))
    checks = [
        *((sentence, may_go) for sentence in not_covered),
        *what_is_missing(entry, said),
        *((sentence, False) for sentence in repeated(entry, its)),
        *((sentence, False) for sentence in dates_of(entry, its.month)),
        *((sentence % said, False) for sentence in off_desk(entry, its)),
    ]
    for sentence, blocking in checks:
        yield Check("entries", sentence, blocking, place=entry.situation.slug)


def coverage_of(entry, its):
    coverage = its.followed.get(entry.situation_id)
    if coverage is None:
        yield _("%(situation)s is not covered in %(month)s, but has an entry.")
    elif coverage.level == STANDBY:
        yield _("%(situation)s is on standby in %(month)s, not monitored, but has an entry.")


def off_desk(entry, its):
    area = its.areas.get(entry.author_id)
    if area is not None and entry.situation.region_id not in area:
        yield _("%(situation)s: its author cannot edit it, their desk does not cover its region.")


def what_is_missing(entry, said):
    """Pairs of a sentence and whether it blocks."""
    lead, developments = entry.lead.strip(), entry.developments.all()
    if not entry.trend:
        yield _("%(situation)s has no trend yet.") % said, True
    if not lead and not developments:
        yield _("%(situation)s has no text yet.") % said, True
    elif not lead and entry.alerts():
        yield _("%(situation)s has an alert, but no lead that gives the reason.") % said, True
    elif not lead:
        yield _("%(situation)s has no lead.") % said, False
    elif len(lead) > LONG_LEAD:
        sentence = _("%(situation)s: the lead has %(length)d characters; more than %(most)d.")
        yield sentence % {**said, "length": len(lead), "most": LONG_LEAD}, False
    for number, each in enumerate(developments, start=1):
        if not each.body.strip():
            sentence = _("%(situation)s: paragraph %(number)s is still empty.")
            yield sentence % {**said, "number": number}, True


def repeated(entry, its):
    """Where the text is that of the edition before, word for word."""
    last, now = its.last.get(entry.situation_id, []), said_in(entry)
    again = [number for number, text in enumerate(now) if text and text in last]
    if not again:
        return
    said = {"situation": entry.situation, "month": format_month(its.last_month)}
    if len(again) == len([text for text in now if text]):
        yield _("%(situation)s says the same as in %(month)s.") % said
    elif again[0] == 0:
        yield _("%(situation)s has the lead of %(month)s.") % said
    else:
        sentence = ngettext(
            "%(situation)s: paragraph %(numbers)s is that of %(month)s.",
            "%(situation)s: paragraphs %(numbers)s are those of %(month)s.",
            len(again),
        )
        yield sentence % {**said, "numbers": ", ".join(map(str, again))}


def said_in(entry) -> list[str]:
    """The lead and the bodies of the paragraphs, without regard to case, spaces and stops."""
    texts = [entry.lead, *(each.body for each in entry.developments.all())]
    return [" ".join(re.findall(r"\w+", text.casefold())) for text in texts]


def dates_of(entry, month):
    developments = entry.developments.all()
    paragraphs = (text for each in developments for text in (each.lead_sentence, each.body))
    outside = dates_outside("\n".join([entry.lead, *paragraphs]), month)
    sentences = {
        _("%(situation)s names what lies after %(month)s: %(dates)s."): outside.later,
        _("%(situation)s names no day of %(month)s, but %(dates)s."): outside.earlier,
        _("%(situation)s names a day that there is not: %(dates)s."): outside.impossible,
    }
    said = {"situation": entry.situation, "month": format_month(month)}
    for sentence, dates in sentences.items():
        if dates:
            yield sentence % {**said, "dates": ", ".join(dates)}
