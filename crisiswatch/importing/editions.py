"""The entries of a history, in the editions of their months."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

from django.core.exceptions import ValidationError

from crisiswatch.importing.cells import Cells
from crisiswatch.importing.markdown import from_markdown
from crisiswatch.models import Development, Edition, Entry, Situation
from crisiswatch.paragraphs import as_text, parse
from editorial.auditing import log
from editorial.drafting import draft_of, publish, save_snapshot
from editorial.models import Event
from editorial.richtext import to_markdown
from editorial.snapshots import draft_keys, take_snapshot

AT_ONCE = 500
COLUMN = {"risk_alert": "conflict_risk_alert"}


@dataclass
class Said:
    """What a row says of a situation in a month."""

    cells: Cells
    month: datetime.date
    situation: Situation
    facts: dict
    pairs: list[tuple[str, str]]

    def differs_from(self, entry) -> str:
        """The name of the first column in which an entry says something else."""
        now = {**{name: getattr(entry, name) for name in self.facts}, "text": pairs_of(entry)}
        says = {**self.facts, "text": self.pairs}
        return next((COLUMN.get(name, name) for name in says if says[name] != now[name]), "")


class Entries:
    """
    Adds editions that there were none of, with all that is said of them; they are imported as they
    are, for readers had them once. What stands on the site already is changed by the press room's
    own functions, and only where ``replace`` says so.
    """

    def __init__(self, editions, situations, report):
        self.editions, self.situations, self.report = editions, situations, report
        self.lines = {}
        self.months = defaultdict(set)

    def read(self, table):
        rows = (said for row in table if (said := self.understood(Cells(table, row))))
        while batch := list(islice(rows, AT_ONCE)):
            self.settle(batch)
            if not table.problems.count:
                self.add([said for said in batch if said.month in self.editions.made])

    def understood(self, cells) -> Said | None:
        month, situation = cells.month("month"), self.situations.of(cells)
        facts = {
            "trend": cells.one_of("trend", Entry.Trend.values),
            "risk_alert": cells.flag("conflict_risk_alert"),
            "resolution_opportunity": cells.flag("resolution_opportunity"),
            "lead": cells.text("lead") if cells.text("lead").strip() else "",
        }
        pairs = parse(cells.text("text"))
        if not (facts["lead"] or pairs):
            cells.refuse("lead", "there is neither a lead nor a text.")
        if month:
            self.check_once(cells, month)
            self.editions.expect(cells, month)
        if cells.wrong or not situation:
            return None
        self.months[situation].add(month)
        return Said(cells, month, situation, facts, pairs)

    def check_once(self, cells, month):
        code = cells.text("situation").strip()
        other = self.lines.setdefault((month, code), cells.line)
        if other != cells.line:
            cells.refuse("situation", f"{code} in {month:%Y-%m} stands in line {other} already.")

    def settle(self, batch):
        """Compare with what there is."""
        known = [said for said in batch if said.month in self.editions.known]
        entries = Entry.objects.filter(
            edition__month__in={said.month for said in known},
            situation__in={said.situation.pk for said in known},
        )
        found = {
            (entry.edition.month, entry.situation_id): entry
            for entry in entries.select_related("edition").prefetch_related("developments")
        }
        for said in known:
            entry = found.get((said.month, said.situation.pk))
            column = said.differs_from(entry) if entry else "month"
            if column:
                self.editions.change(said, column, entry)
            else:
                self.report.count("entries", "untouched")

    def add(self, batch):
        entries = [
            Entry(
                edition=self.editions.made[said.month],
                situation=said.situation,
                state=Entry.State.READY,
                **said.facts,
            )
            for said in batch
        ]
        Entry.objects.bulk_create(entries)  # Unseen by the search index, which hears of editions.
        Development.objects.bulk_create(
            Development(entry=entry, position=position, lead_sentence=lead_sentence, body=body)
            for entry, said in zip(entries, batch, strict=True)
            for position, (lead_sentence, body) in enumerate(said.pairs)
        )
        self.report.count("entries", "made", len(entries))


class Editions:
    """``known`` are those of before, ``made`` those of this import, both by their month."""

    def __init__(self, corrections, way, report):
        self.corrections, self.way, self.report = corrections, way, report
        self.known = {each.month: each for each in Edition.objects.all()}
        self.made = {}
        self.facts = {}
        self.met = set()
        self.changes = defaultdict(list)

    def read(self, table):
        """Read a table of editions; those that no entry follows are left out."""
        for row in table:
            cells = Cells(table, row)
            month, moment = cells.month("month"), cells.moment("published_at")
            overview = self.overview(cells)
            if month in self.facts:
                cells.refuse("month", f"{month:%Y-%m} stands there already.")
            if not cells.wrong:
                self.facts[month] = {"publish_at": moment, "overview": overview, "cells": cells}

    def overview(self, cells):
        field = Edition._meta.get_field("overview")
        try:
            return field.clean(from_markdown(cells.text("overview")), None)
        except ValidationError as error:
            return cells.invalid(error, "overview")

    def expect(self, cells, month):
        """Make the edition of a month, unless there is one."""
        self.met.add(month)
        if month in self.known or month in self.made:
            return
        facts = self.facts.get(month, {})
        edition = Edition(month=month, overview=facts.get("overview", ""), created_by=self.way.by)
        if not self.way.as_drafts:
            at = facts.get("publish_at") or self.way.moment_of(month)
            if at > self.way.now:
                cells.refuse("month", "this lies ahead: it is no history yet (see --as-drafts).")
                return
            self.way.release(edition, at)
        edition.save()
        if edition.is_approved:
            log(Event.Action.APPROVED, by=self.way.by, piece=edition, details=self.way.note)
        self.corrections.add(edition)
        self.made[month] = edition
        self.report.count("editions", "made")

    def change(self, said, column, entry):
        """Remember what is to change in an edition that was there before."""
        self.changes[said.month].append(said)
        self.report.count("entries", "changed" if entry else "made")
        if not self.way.replace:
            new = "the edition is there already, without this situation"
            sentence = "the site says something else" if entry else new
            said.cells.refuse(column, f"{sentence} (see --replace).")

    def finish(self, table):
        """Change what was there before. Returns the editions that have changed for readers."""
        changed = [edition for edition in self.made.values() if edition.is_approved]
        for month in sorted(self.met & self.known.keys()):
            edition = self.known[month]
            overview, corrections = self.new_overview(edition), self.corrections.new_in(edition)
            if overview is None and not corrections and not self.changes[month]:
                self.report.count("editions", "untouched")
                continue
            if corrections and not self.way.replace:
                sentence = f"{edition} has no such correction (see --replace)."
                table.problem(1, "corrections", sentence)
            if not table.problems.count:
                self.replace(edition, overview, corrections, table)
                changed += [edition] if edition.is_approved else []
        return changed

    def new_overview(self, edition) -> str | None:
        """The overview of an edition of before, if a table says another."""
        facts = self.facts.get(edition.month)
        if not facts or to_markdown(edition.overview) == to_markdown(facts["overview"]):
            return None
        if not self.way.replace:
            facts["cells"].refuse("overview", "the site says something else (see --replace).")
        return facts["overview"]

    def replace(self, edition, overview, corrections, table):
        if edition.is_approved and draft_of(edition):
            sentence = f"somebody works on a draft of {edition}: publish or discard it first."
            table.problem(1, "month", sentence)
            return
        snapshot = with_changes(take_snapshot(edition), self.changes[edition.month], corrections)
        if overview is not None:
            snapshot["overview"] = overview
        by, goes_live = self.way.by, edition.is_approved and not self.way.as_drafts
        try:
            save_snapshot(edition, snapshot, by=by, version=edition.version, note=self.way.note)
            if goes_live:
                publish(edition, by=by, version=edition.version)
        except ValidationError as error:
            for sentence in error.messages:
                table.problem(1, "month", f"{edition}: {sentence}")
        self.report.count("editions", "changed")
        self.report.count("corrections", "made", len(corrections))


def with_changes(snapshot, changes, corrections):
    """The snapshot of an edition with what rows say of its situations, and new corrections."""
    keys = draft_keys()
    entries = {row["situation"]: row for row in snapshot["entries"]}
    for said in changes:
        row = entries.setdefault(said.situation.pk, {"pk": next(keys), "state": "ready"})
        row |= said.facts | {"situation": said.situation.pk}
        row["developments"] = [
            {"pk": next(keys), "position": position, "lead_sentence": lead_sentence, "body": body}
            for position, (lead_sentence, body) in enumerate(said.pairs)
        ]
    new = [{"pk": next(keys), **facts} for facts in corrections]
    return snapshot | {
        "entries": list(entries.values()),
        "corrections": [*snapshot["corrections"], *new],
    }


def pairs_of(entry):
    """Its developments as ``parse`` gives them."""
    return parse(as_text((each.lead_sentence, each.body) for each in entry.developments.all()))
