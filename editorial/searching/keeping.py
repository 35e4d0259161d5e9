"""
Keeps the index fresh. Who asks looks first whether anything changed, and writes the few that did.

Nobody has to run for that: neither a worker nor cron. Where there is much to write, a thread does
it while the index answers as it is.
"""

import datetime
import logging
import operator
import threading
import time
from dataclasses import replace
from functools import reduce
from itertools import chain

from django.db import Error, connection, models
from django.db.models import Q
from django.utils import timezone

from editorial.models import ContentChange
from editorial.rehearsing import is_rehearsing
from editorial.searching import index
from editorial.searching.attached import is_known, keep_text
from editorial.searching.index import Lost, State
from editorial.searching.noting import LATE
from editorial.searching.offers import offers

logger = logging.getLogger(__name__)

AT_ONCE = 200  # Documents that are written before an answer.
BATCH = 500  # Documents that are read and committed together.
PATIENCE = 0.2  # Seconds that a reader waits for another process that writes.
TURN = 60.0  # Seconds that a thread waits for its turn to write.
WAITED = 2 * LATE  # Seconds that the changes of a transaction are waited for.
MOST = 2000  # Changes that are read at a time.
SPANS = 200  # Spans of keys that one query asks for; SQLite takes less than a thousand.
KEPT = datetime.timedelta(days=30)
LOOK = 5.0  # Seconds between two looks for files that have been read.
REST = 300.0  # Seconds after which a file is tried again whose text could not be kept.

_next_look = {"at": 0.0}


def fresh() -> tuple[index.Reader | None, bool]:
    """
    The index, and whether it is still catching up with what has changed.

    Writes the few documents that are missing, first. None if there is no index yet.
    """
    try:
        reader = index.current()
        missing = changes_since(reader.state)
    except Lost:
        return (None, True) if is_rehearsing() else rebuild()
    if is_rehearsing():
        return reader, False  # What is only rehearsed must not come into the index.
    if not (missing or is_time_to_look(reader.state)):
        return reader, False
    if len(missing) > AT_ONCE or is_at_work(catch_up):
        in_background(catch_up)
        return reader, True
    return catch_up_at_once(reader)


def catch_up_at_once(reader):
    try:
        with index.alone("writing", patience=PATIENCE) as mine:
            reader = index.current()  # Another process may have written meanwhile.
            missing, wanted = to_write(reader.state)
            if not (missing or wanted):
                return reader, False
            if mine and len(wanted) <= AT_ONCE:
                write(reader, wanted, missing)
                return reader, False
    except Lost:
        return rebuild()
    except (ValueError, OSError):  # The disk is full, or the folder is not ours.
        logger.exception("The search index could not be written.")
    else:
        if mine:
            in_background(catch_up)
    return reader, True


def to_write(state) -> tuple[list[ContentChange], list[tuple[str, int]]]:
    """The changes that the index does not hold yet, and which documents are to be written."""
    missing = changes_since(state)
    return missing, sorted(affected(missing) | has_been_read(state))


def changes_since(state: State) -> list[ContentChange]:
    """
    What the index does not hold yet, in one query unless very much is waited for. Raises ``Lost``
    if the log is not the one that it was built from: the newest change that it knows is gone, or is
    another one.
    """
    spans = [Q(pk__range=(first, last)) for first, (last, _since) in state.missing.items()]
    spans.append(Q(pk__gte=state.upto))
    found = []
    for start in range(0, len(spans), SPANS):
        asked = reduce(operator.or_, spans[start : start + SPANS])
        found += ContentChange.objects.filter(asked).order_by("pk")[: MOST - len(found)]
    last = next((change for change in found if change.pk == state.upto), None)
    if state.upto:
        # Those that were waited for may be so many that it was not reached.
        known = last or ContentChange.objects.filter(pk=state.upto).first()
        if known is None or known.at.isoformat() != state.at:
            raise Lost
    return [change for change in found if change is not last]


def after(state: State, changes) -> State:
    """How far an index has come that holds these changes too."""
    if not changes:
        return state
    now = time.time()
    keys = sorted({change.pk for change in changes})
    spans = [(first, *rest) for first, rest in state.missing.items()]
    spans = [(first, last, since) for first, last, since in spans if since > now - WAITED]
    upto, at = state.upto, state.at
    newest = max(changes, key=lambda change: change.pk)
    if newest.pk > upto:
        spans.append((upto + 1, newest.pk, now))
        upto, at = newest.pk, newest.at.isoformat()
    missing = {}
    for first, last, since in spans:
        held = [key for key in keys if first <= key <= last]
        starts, ends = [first, *(key + 1 for key in held)], [*(key - 1 for key in held), last]
        for start, end in zip(starts, ends, strict=True):
            if start <= end:
                missing[start] = [end, since]
    return replace(state, upto=upto, at=at, missing=missing)


def affected(changes) -> set[tuple[str, int]]:
    """The documents that change: the label of their offer and the key of their object."""
    changed = {}
    for change in changes:
        changed.setdefault(change.model, set()).add(change.key)
    wanted = set()
    for label, offer in offers().items():
        touched = set(changed.get(label, ()))
        for model in offer.depends:
            if keys := changed.get(model._meta.label_lower):
                touched.update(offer.touched_by(model, keys))
        wanted.update((label, key) for key in touched)
    return wanted


def write(reader, wanted, changes):
    """Write documents anew and, in the same commit, that the index holds these changes."""
    state = after(reader.state, changes)
    state = replace(state, unread=dict(state.unread))
    with reader.writing() as writer:
        for label, offer in offers().items():
            keys = [key for its, key in wanted if its == label]
            rewrite(writer, offer, keys, state.unread)
        index.write_state(writer, state)


def rewrite(writer, offer, keys, unread):
    """What is not to be found any more goes; the rest is written as it is now."""
    for key in keys:
        writer.delete_documents_by_term("key", f"{offer.label}:{key}")
        unread.pop(f"{offer.label}:{key}", None)
    objects = list(offer.for_the_index().filter(pk__in=keys))
    for key, row, files in index.make_rows(offer, objects):
        writer.add_document(row)
        if files:
            unread[key] = files


def catch_up():
    """Write all that is missing, however much it is; between two batches others may write."""
    with index.alone("catching-up") as mine:
        while mine:
            reader = index.current()
            missing, wanted = to_write(reader.state)
            if not (missing or wanted):
                break
            while len(wanted) > BATCH:
                write_in_turn(reader.folder, wanted[:BATCH], [])
                del wanted[:BATCH]
            write_in_turn(reader.folder, wanted, missing)
    prune()


def write_in_turn(folder, wanted, changes):
    """Raises ``Lost`` where another index has taken over, which holds nothing of all this."""
    with index.alone("writing", patience=TURN) as mine:
        reader = index.current()
        if not mine or reader.folder != folder:
            raise Lost
        write(reader, wanted, changes)


# Files


def is_time_to_look(state) -> bool:
    """Whether files have been read meanwhile, looked for now and then; a thread reads the rest."""
    if not state.unread or time.monotonic() < _next_look["at"]:
        return False
    _next_look["at"] = time.monotonic() + LOOK
    in_background(read_files)
    return bool(has_been_read(state))


def has_been_read(state) -> set[tuple[str, int]]:
    """The documents of which a file has been read meanwhile."""
    done = set()
    for key, files in state.unread.items():
        if any(is_known(sha256) for sha256, _name in files):
            label, _colon, pk = key.partition(":")
            done.add((label, int(pk)))
    return done


def read_files():
    """Have the files read, one after the other. After one that cannot be kept it rests a while."""
    with index.alone("reading") as mine:
        unread = index.current().state.unread.values() if mine else ()
        for sha256, name in chain.from_iterable(unread):
            if not is_known(sha256):
                _next_look["at"] = time.monotonic() + REST
                keep_text(sha256, name)
                _next_look["at"] = 0.0


# Building anew


def rebuild():
    """Build an index that was lost: at once where there is little, else in the background."""
    if how_many() > AT_ONCE:
        in_background(build)
        return None, True
    try:
        build()
        return index.current(), False
    except (Lost, ValueError, OSError):
        logger.exception("The search index could not be built.")
        return None, True


def build(track=lambda objects, total: objects) -> int | None:
    """
    Build the index anew beside the current one and let it take over.

    ``track`` is given the objects and how many there are, and hands them on. Returns how many were
    written, or None where another process is building already.
    """
    with index.alone("building") as mine:
        if not mine:
            return None
        state = newest_state()  # Before anything is read.
        reader = index.begin()
        total = how_many()
        count = 0
        with reader.writing(index.HEAP if total > AT_ONCE else index.SMALL_HEAP) as writer:
            unread = {}
            for key, row, files in track(all_rows(), total):
                writer.add_document(row)
                count += 1
                if files:
                    unread[key] = files
            index.write_state(writer, replace(state, unread=unread))
        index.take_over(reader)
    prune()
    return count


def newest_state() -> State:
    """How far an index has come that is built now, and what may not be committed yet."""
    begun = timezone.now() - datetime.timedelta(seconds=WAITED)
    old = ContentChange.objects.filter(at__lt=begun).order_by("pk").last()
    state = State(upto=old.pk, at=old.at.isoformat()) if old else State()
    return after(state, list(ContentChange.objects.filter(pk__gt=state.upto)))


def how_many() -> int:
    return sum(offer.for_the_index().count() for offer in offers().values())


def all_rows():
    for offer in offers().values():
        last = 0
        while objects := list(offer.for_the_index().filter(pk__gt=last).order_by("pk")[:BATCH]):
            yield from index.make_rows(offer, objects)
            last = objects[-1].pk


def prune():
    """Take old changes away, all but the newest, by which an index knows its log."""
    newest = ContentChange.objects.aggregate(models.Max("pk"))["pk__max"]
    old = ContentChange.objects.filter(at__lt=timezone.now() - KEPT)
    old.exclude(pk=newest).delete()


_threads = {}


def is_at_work(act) -> bool:
    """Whether a thread of this process is doing something."""
    thread = _threads.get(act)
    return thread is not None and thread.is_alive()


def in_background(act):
    """Let one thread of this process do something, unless one is at it already."""
    if is_at_work(act):
        return
    name = f"search: {act.__name__}"
    _threads[act] = threading.Thread(target=quietly, args=[act], daemon=True, name=name)
    try:
        _threads[act].start()
    except RuntimeError:  # There are too many, or the process is ending.
        logger.exception("No thread could be started.")


def quietly(act):
    try:
        act()
    except (Lost, ValueError, OSError, Error):
        logger.exception("The search index is not up to date.")
    finally:
        connection.close()
