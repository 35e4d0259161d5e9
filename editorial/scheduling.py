"""
Changes of live objects that are put before readers at a moment.

Whichever process notices first that a change is due applies it: a request (see
``editorial.middleware``), the worker, or ``manage.py apply_scheduled``. None of them has to run for
the next one to do it.
"""

import logging
import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import Error, InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from editorial import drafting
from editorial.auditing import log
from editorial.drafting import base_of, bump, check_draft, draft_of, go_live
from editorial.merging import BOTH, differences, merge
from editorial.models import Event, Revision, ScheduledChange
from editorial.snapshots import take_snapshot

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds
_looked = {"at": float("-inf")}


@transaction.atomic
def schedule(revision, *, at, by, version) -> ScheduledChange:
    """
    Let a draft go live at a moment, an aware datetime.

    Raises ``ValidationError`` for a moment that has passed or a draft that is incomplete, and
    ``Stale``.
    """
    if at <= timezone.now():
        raise ValidationError(_("This moment has passed: choose a later one, or publish now."))
    piece = revision.piece
    if at <= piece.publish_at:
        raise ValidationError(_("Readers do not have the first text by then: choose a later hour."))
    bump(piece, version)
    change = ScheduledChange.objects.create(revision=revision, change_at=at, scheduled_by=by)
    said = at.isoformat(timespec="minutes")
    log(Event.Action.SCHEDULED, by=by, piece=piece, to_revision=revision.number, details=said)
    if apply_what_is_due.get_backend().supports_defer:
        apply_what_is_due.using(run_after=at).enqueue()
    return change


@transaction.atomic
def cancel(change, *, by) -> bool:
    """Call a scheduled change off, and say whether it was still to be."""
    pending = ScheduledChange.objects.pending().filter(pk=change.pk)
    if not pending.update(cancelled_at=timezone.now()):
        return False
    revision = change.revision
    log(Event.Action.UNSCHEDULED, by=by, piece=revision.piece, to_revision=revision.number)
    return True


def look_for_what_is_due():
    """Apply what is due, at most every half second in each process. Never raises."""
    now = time.monotonic()
    if now - _looked["at"] < LOOK_EVERY:
        return
    _looked["at"] = now
    try:
        apply_due()
    except Error:
        logger.exception("Nobody could look for scheduled changes.")


@task()
def apply_what_is_due():
    """For the worker: wakes when a change is due. Nothing depends on it."""
    apply_due()


def apply_due() -> int:
    """Apply every change whose moment has come, oldest first; return how many were applied."""
    due = ScheduledChange.objects.pending().filter(change_at__lte=timezone.now())
    groups = {}
    for pk, together in due.values_list("pk", "together"):
        groups.setdefault(together or pk, []).append(pk)
    with translation.override(settings.LANGUAGE_CODE):  # Whoever reads the page that noticed it.
        return sum(map(apply, groups.values()))


def apply(pks) -> int:
    """
    Apply changes that go live together, all or none, exactly once; return how many were applied by
    this process.

    What has gone live since the draft was begun stays: the draft's changes are put on top. Where
    one cannot be applied, all are marked as failed, with the reason, and shown at the desk. Where
    the database itself was in the way, the next one who looks tries again.
    """
    changes = ScheduledChange.objects.filter(pk__in=pks).select_related("revision__content_type")
    changes, change, applied = sorted(changes, key=place_of_change), None, 0
    try:
        with transaction.atomic():
            for change in changes:
                applied += put_live(change)
            return applied
    except (OperationalError, InterfaceError):
        logger.exception("Scheduled change %s could not be applied yet.", pks)
    except ValidationError as error:
        fail(changes, change, " ".join(error.messages))
    except Exception:
        logger.exception("Scheduled change %s could not be applied.", pks)
        problem = _("It could not be applied; the operator finds the reason in the server's log.")
        fail(changes, change, problem)
    return 0


def place_of_change(change):
    kind = change.revision.content_type
    return f"{kind.app_label}.{kind.model}", change.revision.object_id


def place_of(piece):
    """In this order whoever works on several objects at once locks them: nobody waits in a ring."""
    return piece._meta.concrete_model._meta.label_lower, piece.pk


def put_live(change) -> bool:
    """Lock the object first, as everybody does; then take the change, if it is still due."""
    revision, now = change.revision, timezone.now()
    model = revision.content_type.model_class()
    piece = model._base_manager.select_for_update().filter(pk=revision.object_id).first()
    mine = ScheduledChange.objects.pending().filter(pk=change.pk, change_at__lte=now)
    if not mine.update(applied_at=now):
        return False
    if piece is None or not piece.is_approved:
        raise ValidationError(_("It is not public any more."))
    bump(piece, piece.version)
    snapshot, undone = as_applied(revision, take_snapshot(piece))
    said = _("It takes the place of what went live meanwhile: %s.") % ", ".join(undone)
    details = said if undone else ""
    go_live(piece, revision, snapshot, by=None, action=Event.Action.APPLIED, details=details)
    return True


def as_applied(revision, now: dict) -> tuple[dict, list[str]]:
    """What comes of a scheduled text where readers have ``now``: see ``put_on_top``."""
    return put_on_top(base_of(revision), now, revision.snapshot)


def put_on_top(base, now, planned) -> tuple[dict, list[str]]:
    """
    Add what a scheduled text changes to what readers have now.

    Returns the snapshot, and the dotted names of what both have changed and cannot be joined: there
    the scheduled text stands.
    """
    joined = {each.name: BOTH for each in differences(base, now, planned) if each.joined}
    snapshot, conflicts = merge(base, now, planned, joined)
    return snapshot, [each.name for each in conflicts]


@transaction.atomic
def fail(changes, culprit, problem):
    """Mark all that were to go live together as failed, the others with what was in the way."""
    says = _("It was to go live together with “%(piece)s”: %(problem)s")
    others = says % {"piece": culprit.revision.piece, "problem": problem}
    for change in changes:
        its = problem if change is culprit else others
        pending = ScheduledChange.objects.pending().filter(pk=change.pk)
        if pending.update(failed_at=timezone.now(), problem=its):
            revision = change.revision
            log(
                Event.Action.FAILED,
                by=None,
                piece=revision.piece,
                to_revision=revision.number,
                details=its,
            )


@transaction.atomic
def schedule_piece(piece, *, at, by, version):
    """
    Let an object be published first at a moment, or the draft of a live one take its place then:
    only that is a scheduled change, and returned. Raises as ``schedule`` does.
    """
    if at <= timezone.now():
        raise ValidationError(_("This moment has passed: choose a later one, or publish now."))
    draft, moved = draft_of(piece), to_be_moved(piece)
    if not piece.is_approved:
        drafting.approve(piece, by=by, version=version, publish_at=at)
    elif draft:
        check_draft(piece, draft)
        return schedule(draft, at=at, by=by, version=version)
    elif moved:
        cancel(moved, by=by)
        return schedule(moved.revision, at=at, by=by, version=version)
    else:
        move_first_publication(piece, at=at, by=by, version=version)
    return None


@transaction.atomic
def schedule_together(pieces, *, at, by):
    """
    Schedule several objects for one moment: all or none, and all or none of their changes will be
    applied then. ``pieces`` are pairs of an object and the version that was looked at.

    Raises ``ValidationError`` with a sentence for each thing that is in the way, and whose it is.
    """
    problems, changes = [], []
    for piece, version in sorted(pieces, key=lambda pair: place_of(pair[0])):
        try:
            changes.append(schedule_piece(piece, at=at, by=by, version=version))
        except drafting.Stale:
            said = _("“%s”: somebody has changed it since you opened this page. Look at it again.")
            problems.append(said % piece)
        except ValidationError as error:
            problems += [f"“{piece}”: {sentence}" for sentence in error.messages]
    if problems:
        raise ValidationError(problems)
    if keys := [change.pk for change in changes if change]:
        ScheduledChange.objects.filter(pk__in=keys).update(together=keys[0])


def to_be_moved(piece) -> ScheduledChange | None:
    """The scheduled change that gets another moment, where there is no draft to be scheduled."""
    if draft_of(piece):
        return None
    return ScheduledChange.objects.of(piece).pending().select_related("revision").first()


def move_first_publication(piece, *, at, by, version):
    """Let what is approved, and not public yet, come at another moment."""
    if not piece.is_scheduled:
        raise ValidationError(_("There is no draft to schedule."))
    bump(piece, version)
    Revision.objects.of(piece).filter(published_at=piece.publish_at).update(published_at=at)
    piece.publish_at = at
    piece.save(update_fields=["publish_at", "modified_at"])
    piece.settle()
    said = at.isoformat(timespec="minutes")
    log(Event.Action.SCHEDULED, by=by, piece=piece, details=said)


@transaction.atomic
def publish(piece, *, by, version, keep_pending):
    """Publish the draft of a live object, and keep or call off what else is scheduled for it."""
    drafting.publish(piece, by=by, version=version)
    if not keep_pending:
        for change in ScheduledChange.objects.of(piece).pending():
            cancel(change, by=by)
