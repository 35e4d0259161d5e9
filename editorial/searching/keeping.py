"""
Keeps the index fresh. Who asks looks first whether anything changed, and writes the few that did.

Nobody has to run for that: neither a worker nor cron. Where there is much to write, a thread does
it while the index answers as it is.
"""

import datetime
import logging
import threading
import time
from dataclasses import replace

from django.db import Error, connection, models
from django.db.models import Q
from django.utils import timezone

from editorial.models import ContentChange
from editorial.rehearsing import is_rehearsing
from editorial.searching import index
from editorial.searching.attached import known_text, read_in_background
from editorial.searching.index import Lost, State
from editorial.searching.offers import offers

logger = logging.getLogger(__name__)

AT_ONCE = 200  # Documents that are written before an answer.
BATCH = 500  # Documents that are read and committed together.
PATIENCE = 1.0  # Seconds that a reader waits for another process that writes.
LATE = 600  # Seconds that a transaction may take to commit.
MISSING = 500  # Keys of changes that are waited for at most.
MOST = 2000  # Changes that are read at a time.
KEPT = datetime.timedelta(days=30)
LOOKED_BACK = 200


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
    if is_rehearsing() or not (missing or has_been_read(reader.state)):
        return reader, False  # What is only rehearsed must not come into the index.
    if len(missing) > AT_ONCE:
        in_background(catch_up)
        return reader, True
    return catch_up_at_once(reader)


def has_been_read(state) -> dict[str, set]:
    """The keys of documents whose files have been read meanwhile, by the label of their offer."""
    done = {}
    for key, files in state.unread.items():
        for sha256, name in files:
            if known_text(sha256) is None:
                read_in_background(sha256, name)
            else:
                label, _colon, pk = key.partition(":")
                done.setdefault(label, set()).add(int(pk))
    return done


def catch_up_at_once(reader):
    try:
        with index.alone("writing", patience=PATIENCE) as mine:
            reader = index.current()  # Another process may have written meanwhile.
            missing, done = changes_since(reader.state), has_been_read(reader.state)
            if not (missing or done):
                return reader, False
            if mine:
                wanted = affected(missing)
                for label, keys in done.items():
                    wanted.setdefault(label, set()).update(keys)
                if sum(map(len, wanted.values())) <= AT_ONCE:
                    write(reader, wanted, missing)
                    return reader, False
                in_background(catch_up)
            return reader, True
    except Lost:
        return rebuild()
    except (ValueError, OSError):  # The disk is full, or the folder is not ours.
        logger.exception("The search index could not be written.")
        return reader, True


def changes_since(state: State) -> list[ContentChange]:
    """
    What the index does not hold yet, in one query. Raises ``Lost`` if the log is not the one that
    it was built from: the newest change that it knows is gone, or is another one.
    """
    asked = Q(pk__gte=state.upto) | Q(pk__in=list(state.missing))
    found = list(ContentChange.objects.filter(asked).order_by("pk")[:MOST])
    last = next((change for change in found if change.pk == state.upto), None)
    if state.upto and (last is None or last.at.isoformat() != state.at):
        raise Lost
    return [change for change in found if change is not last]


def after(state: State, changes) -> State:
    """How far an index has come that holds these changes too."""
    now = time.time()
    keys = {change.pk for change in changes}
    newest = max(changes, key=lambda change: change.pk)
    upto, at = state.upto, state.at
    missing = {
        key: since for key, since in state.missing.items() if key not in keys and since > now - LATE
    }
    if newest.pk > upto:
        first = max(upto + 1, newest.pk - MOST) if upto else min(keys)
        missing |= {key: now for key in range(first, newest.pk) if key not in keys}
        upto, at = newest.pk, newest.at.isoformat()
    newest_missing = sorted(missing)[-MISSING:]
    return State(upto=upto, at=at, missing={key: missing[key] for key in newest_missing})


def affected(changes) -> dict[str, set]:
    """The keys of the objects whose documents change, by the label of their offer."""
    wanted, others = {}, {}
    for change in changes:
        if change.model in offers():
            wanted.setdefault(change.model, set()).add(change.key)
        others.setdefault(change.model, set()).add(change.key)
    for label, offer in offers().items():
        for model in offer.depends:
            if keys := others.get(model._meta.label_lower):
                wanted.setdefault(label, set()).update(offer.touched_by(model, keys))
    return wanted


def write(reader, wanted, changes):
    """Write the documents anew and, in the same commit, how far the index has come."""
    state = after(reader.state, changes) if changes else reader.state
    state = replace(state, unread=dict(reader.state.unread))
    with reader.writing() as writer:
        for label, keys in wanted.items():
            rewrite(writer, offers()[label], keys, state.unread)
        index.write_state(writer, state)


def rewrite(writer, offer, keys, unread):
    """What is not to be found any more goes; the rest is written as it is now."""
    for key in keys:
        writer.delete_documents_by_term("key", f"{offer.label}:{key}")
        unread.pop(f"{offer.label}:{key}", None)
    keys = sorted(keys)
    for start in range(0, len(keys), BATCH):
        objects = list(offer.for_the_index().filter(pk__in=keys[start : start + BATCH]))
        for key, row, files in index.make_rows(offer, objects):
            writer.add_document(row)
            if files:
                unread[key] = files


def catch_up():
    """Write all that is missing, however much it is, in as many commits as it takes."""
    with index.alone("writing") as mine:
        while mine:
            reader = index.current()
            missing = changes_since(reader.state)
            if not missing:
                break
            write(reader, affected(missing), missing)
    prune()


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
        # Before anything is read; with those before it, of which some may not be committed yet.
        known = list(ContentChange.objects.order_by("-pk")[:LOOKED_BACK])
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
            state = after(State(), known) if known else State()
            index.write_state(writer, replace(state, unread=unread))
        index.take_over(reader)
    prune()
    return count


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


def in_background(act):
    """Let one thread of this process do something, unless one is at it already."""
    thread = _threads.get(act.__name__)
    if thread is None or not thread.is_alive():
        _threads[act.__name__] = thread = threading.Thread(
            target=quietly, args=[act], daemon=True, name=f"search: {act.__name__}"
        )
        thread.start()


def quietly(act):
    try:
        act()
    except (Lost, ValueError, OSError, Error):
        logger.exception("The search index is not up to date.")
    finally:
        connection.close()
