"""How a row of the sheet is saved or moved (see ``crisiswatch.sheet``), and who saved it last."""

from difflib import SequenceMatcher

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crisiswatch.models import Edition, Entry
from crisiswatch.paragraphs import parse
from crisiswatch.sheet import entry_of, may_assign, open_sheet, row_in, token_of
from editorial import drafting
from editorial.merging import numbered
from editorial.models import Revision
from editorial.permissions import may
from editorial.snapshots import columns, draft_keys, to_json

LOOK_BACK = 50  # revisions


@transaction.atomic
def save_row(edition, situation, changes: dict, *, token: str, by) -> dict:
    """
    Save what somebody changed in one row, and return the snapshot in which it stands.

    ``changes`` has columns of an entry and ``text`` (see ``crisiswatch.paragraphs``). ``token`` is
    that of the row which was changed. Raises ``Stale`` where the row says something else by now,
    ``PermissionDenied``, and ``ValidationError`` for what cannot be saved.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    before = drafting.current(edition)
    row = row_in(before, situation)
    if token_of(row) != token:
        raise drafting.Stale
    check_rights(by, entry_of(row, edition, situation), changes)
    begun = row or new_row(edition, situation)
    wanted = changed(begun, changes)
    if wanted == begun:
        return before
    rows = [wanted if each is row else each for each in before["entries"]]
    return keep(edition, before, rows if row else [*rows, wanted], by=by)


def keep(edition, before, rows, *, by) -> dict:
    saved = drafting.save_snapshot(
        edition,
        before | {"entries": rows},
        by=by,
        version=edition.version,
        before=before,
        amends=True,
    )
    return saved.snapshot


@transaction.atomic
def move_row(edition, situation, after: int | None, *, token: str, by) -> dict:
    """
    Put a row below another one of its region, that of the situation with the key ``after``, or
    first of all; return the snapshot in which it stands.

    The rows of the region are numbered anew, and begun with that where nobody has begun them.
    Raises as ``save_row`` does.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    before = drafting.current(edition)
    rows = rows_beside(edition, situation, by, before)
    keys = [row.situation.pk for row in rows if row.situation != situation]
    if token_of(row_in(before, situation)) != token or after not in [None, *keys]:
        raise drafting.Stale
    if not (may_assign(by) and all(row.may_edit for row in rows)):
        raise PermissionDenied
    keys.insert(keys.index(after) + 1 if after else 0, situation.pk)
    places = {key: place for place, key in enumerate(keys, start=1)}
    fresh = draft_keys()
    begun = [
        new_row(edition, row.situation) | {"pk": next(fresh)} for row in rows if not row.is_there
    ]
    moved = [placed(row, places) for row in before["entries"] + begun]
    return before if moved == before["entries"] else keep(edition, before, moved, by=by)


def rows_beside(edition, situation, user, snapshot) -> list:
    """The rows of the region of a situation, in their order."""
    groups = open_sheet(edition, user, snapshot=snapshot).groups
    return next((g.rows for g in groups if g.region.pk == situation.region_id), [])


def placed(row, places) -> dict:
    return row | {"position": places.get(row["situation"], row["position"])}


def check_rights(user, entry, changes):
    """Raise ``PermissionDenied`` for a row, or a field of it, that is not for this user to set."""
    if not may(user, "edit", entry):
        raise PermissionDenied
    if may_assign(user):
        return
    author, state = changes.get("author", entry.author_id), changes.get("state", entry.state)
    if author != entry.author_id or (state != entry.state and state == Entry.State.READY):
        raise PermissionDenied


def new_row(edition, situation) -> dict:
    """The row of an entry that nobody has begun: it stands where it stood last month."""
    earlier = Entry.objects.filter(situation=situation, edition__month__lt=edition.month)
    last = earlier.order_by("edition__month").last()
    entry = Entry(situation=situation, position=last.position if last else 0)
    facts = {f.name: to_json(f, entry) for f in columns(Entry) if f.name != "edition"}
    return {"pk": next(draft_keys()), **facts, "developments": []}


def changed(row, changes) -> dict:
    """A row with changes in it; a text becomes developments."""
    facts = {name: value for name, value in changes.items() if name != "text"}
    if "text" in changes:
        facts["developments"] = written(row["developments"], parse(changes["text"]))
    return row | facts


def written(developments, pairs) -> list[dict]:
    """
    Developments that say ``pairs``. Where one was only changed it stays the same row, so that what
    somebody else does to its neighbours can be joined with this.
    """
    keys, kept = draft_keys(), []
    said = [(each["lead_sentence"], each["body"]) for each in developments]
    if said == pairs:
        return developments
    for tag, i, i_end, j, j_end in SequenceMatcher(None, said, pairs, autojunk=False).get_opcodes():
        old = developments[i:i_end] if tag != "insert" else []
        for number, (lead_sentence, body) in enumerate(pairs[j:j_end]):
            row = old[number] if number < len(old) else {"pk": next(keys), "position": 0}
            kept.append(row | {"lead_sentence": lead_sentence, "body": body})
    return numbered(kept)


def last_hand(edition, situation) -> Revision | None:
    """The revision in which a row came to say what it says; None where that was long ago."""
    found, now = None, None
    revisions = Revision.objects.of(edition).standing().select_related("author")
    for revision in revisions.order_by("-number")[:LOOK_BACK].iterator(chunk_size=2):
        token = token_of(row_in(revision.snapshot, situation))
        now = token if found is None else now
        if token != now:
            return found
        found = revision
    return None
