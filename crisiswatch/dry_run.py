"""What would change for readers if an edition were published now: found by doing it."""

import datetime
import re
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisiswatch.models import Edition, Entry, Situation
from crisiswatch.models.data import DataVersion
from crisiswatch.pages import (
    Page,
    entry_pages,
    feeds,
    front_pages,
    month_pages,
    pages_beside,
    region_pages,
    situation_pages,
)
from crisiswatch.releasing import release
from editorial import clock, drafting
from editorial.comparing import RowsChange, compare
from editorial.drafting import MovedOn
from editorial.previewing import what_readers_find
from editorial.rehearsing import rehearsal
from editorial.snapshots import take_snapshot

FOR_THE_DESK = {"publish_at", "author", "state", "position"}  # Columns.
HOW = {"added": gettext_lazy("added"), "removed": gettext_lazy("removed")}
STAMP = re.compile(rb"<updated>[^<]*</updated>")  # An empty feed says when it was asked.


@dataclass(frozen=True)
class Change:
    """
    One entry that readers get, get another text of, or lose; ``then`` is how they had it, or for a
    new one the entry of the edition before.
    """

    kind: str
    now: Entry | None
    then: Entry | None

    @property
    def entry(self):
        return self.now or self.then


@dataclass
class DryRun:
    """``problems`` are sentences on why it cannot be done; ``at`` is when readers would have it."""

    at: datetime.datetime
    problems: list[str] = field(default_factory=list)
    entries: list[Change] = field(default_factory=list)
    appear: list[Page] = field(default_factory=list)
    change: list[Page] = field(default_factory=list)
    vanish: list[Page] = field(default_factory=list)
    files: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not (self.entries or self.appear or self.change or self.vanish or self.files)


def dry_run(request, edition) -> DryRun:
    """
    Publish an edition, or the draft of a public one, look, and let it never have happened.

    The front pages and the feeds are rendered before and after and compared, unless it is clear
    that they change; of the pages of entries, situations and regions, of which there may be
    hundreds, the rows that they show are compared.
    """
    now = clock.now()
    its = DryRun(at=max(now, edition.publish_at or now))
    with translation.override(settings.LANGUAGE_CODE):
        paths = paths_to_compare(edition, its.at)
        before = Seen(request, edition, its.at, paths)
        with rehearsal():
            again = Edition.objects.get(pk=edition.pk)
            its.problems = problems_of(again, by=request.user)
            if not its.problems:
                if again.version != edition.version:  # In a rehearsal nobody else does.
                    release(Edition.objects.filter(pk=edition.pk))
                its.at = max(its.at, again.publish_at)
                tell_apart(its, again, before, Seen(request, again, its.at, paths))
    return its


def paths_to_compare(edition, at) -> list[str]:
    """
    A month that is newer than all that readers have comes to stand on every front page, and they
    are slow to render; only in the feed of changes it need not.
    """
    with clock.as_of(at):
        newest = Edition.objects.public().first()
    if newest and newest.month < edition.month:
        return [reverse("crisiswatch:changes_feed")]
    return [page.path for page in (*front_pages(), *feeds())]


def problems_of(edition, *, by) -> list[str]:
    """Put an edition before readers; return sentences on why that cannot be."""
    done = {"by": by, "version": edition.version}
    try:
        if not edition.is_approved:
            drafting.approve(edition, **done)
        elif drafting.draft_of(edition):
            drafting.publish(edition, **done)
    except MovedOn:
        return [_("Something else went live since this draft was begun: join them first.")]
    except ValidationError as error:
        return error.messages
    return []


class Seen:
    """What readers find of an edition at a moment."""

    def __init__(self, request, edition, at, paths):
        with clock.as_of(at):
            public = Edition.objects.public().filter(pk=edition.pk).first()
            filed = Situation.objects.filter(entries__edition=edition)
            self.situations = set(filed.public().values_list("pk", flat=True))
            self.data = DataVersion.objects.public().first()
        self.month = public and take_snapshot(public)
        self.entries = entries_of(public)
        found = what_readers_find(request, paths, at=at)
        self.pages = {path: body and STAMP.sub(b"", body) for path, body in found.items()}


def entries_of(edition) -> dict[int, Entry]:
    return {entry.situation_id: entry for entry in edition.entries.as_page()} if edition else {}


def tell_apart(its, edition, before, after):
    """Say what differs."""
    with clock.as_of(its.at):
        last = entries_of(Edition.objects.public().filter(month__lt=edition.month).first())
    for pk in {**after.entries, **before.entries}:
        then, now = before.entries.get(pk), after.entries.get(pk)
        if kind := kind_of(then, now):
            its.entries.append(Change(kind, now, then or last.get(pk)))
    if after.data != before.data:
        its.files = list(after.data.files.order_by("-month", "name"))
    for page in month_pages(edition):
        sort(its, page, before.month, after.month)
    for page in (*front_pages(), *feeds()):
        sort(its, page, before.pages.get(page.path, "before"), after.pages.get(page.path, "after"))
    if bool(before.month) != bool(after.month):
        its.change += pages_beside(edition)
    compare_entries(its, before, after)


def compare_entries(its, before, after):
    changed = [change.entry for change in its.entries]
    its.change += region_pages([entry.situation_id for entry in changed])
    for change, page in zip(its.entries, entry_pages(changed), strict=True):
        sort(its, page, change.kind != "new" and "before", change.now and "after")
    for page in situation_pages(changed):
        was, is_there = page.situation in before.situations, page.situation in after.situations
        sort(its, page, was and "before", is_there and "after")


def sort(its, page, then, now):
    """File a page by what readers find there; nothing is falsy."""
    if now and not then:
        its.appear.append(page)
    elif then and not now:
        its.vanish.append(page)
    elif then != now:
        its.change.append(page)


@dataclass(frozen=True)
class Text:
    """A text of a live month that its draft changes; ``place`` is where Compare shows it."""

    of: str
    says: str
    place: str


def texts_in(draft) -> list[Text]:
    """What the draft of a live month says otherwise: of the month, then situation by situation."""
    found = []
    for change in compare(Edition, take_snapshot(draft.piece), draft.snapshot):
        if not isinstance(change, RowsChange):
            found += [Text(change.label, "", change.name)] if is_read(change) else []
            continue
        for row in change.rows:
            if read := [each for each in row.changes if is_read(each)]:
                says = ", ".join(each.in_words() for each in read)
                found.append(Text(row.label, HOW.get(row.state, says), read[0].name))
    return found


def is_read(change) -> bool:
    """Whether readers see what changed; who writes, how far it is, and its place are no text."""
    return change.name.rpartition(".")[2] not in FOR_THE_DESK


def kind_of(then, now) -> str:
    """How an entry differs for readers, or ``""``."""
    if then is None or now is None:
        return "new" if now else "withdrawn"
    return "changed" if facts_of(then) != facts_of(now) else ""


def facts_of(entry):
    texts = [(each.lead_sentence, each.body) for each in entry.developments.all()]
    return entry.trend, entry.risk_alert, entry.resolution_opportunity, entry.lead, texts
