"""
Revisions, drafts of what is live, and how they are put live.

Live is what is approved: its row is what readers see, or are going to see. A save of a live object
makes a revision and leaves the row alone; every other save changes the row and makes a revision of
it. Whatever is done names the ``version`` that its author had before their eyes, and raises
``Stale`` where somebody else has been faster.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.addresses import keep_old_addresses
from editorial.amending import amend, amendable
from editorial.auditing import log
from editorial.comparing import changes_in_words
from editorial.models import Event, PreviewLink, Revision, ScheduledChange, Status
from editorial.permissions import check_desk
from editorial.rehearsing import rehearsal
from editorial.sharing import revoke
from editorial.snapshots import apply_snapshot, owned, take_snapshot


class Stale(Exception):
    """Somebody else has changed the object since its author opened it."""


class MovedOn(Stale):
    """Something else has gone live since the draft was begun: publishing it would undo that."""


def bump(piece, version: int):
    """Take the next version of an object for oneself. Raises ``Stale``. Locks its row."""
    mine = type(piece)._base_manager.filter(pk=piece.pk, version=version)
    if not mine.update(version=version + 1):
        raise Stale
    piece.version = version + 1


def newest(piece) -> Revision | None:
    """The newest revision that was neither given up nor set aside."""
    return Revision.objects.of(piece).standing().newest()


def newest_published(piece) -> Revision | None:
    """The revision that readers see, or saw last."""
    published = Revision.objects.of(piece).filter(published_at__isnull=False)
    return published.order_by("-published_at", "-number").first()


def draft_of(piece) -> Revision | None:
    """The draft of a live object, unless there is none or it is scheduled."""
    if not piece.is_approved:
        return None
    pending = ScheduledChange.objects.pending().filter(revision=models.OuterRef("pk"))
    standing = Revision.objects.of(piece).standing()
    revision = standing.annotate(is_scheduled=models.Exists(pending)).newest()
    is_draft = revision and not (revision.published_at or revision.is_scheduled)
    return revision if is_draft else None


def shown(piece) -> Revision | None:
    """The revision that an editor sees in the form: the draft, else what the row says."""
    if piece.is_approved:
        return draft_of(piece) or newest_published(piece)
    return newest(piece)


def current(piece) -> dict:
    """The snapshot of what an editor sees in the form."""
    draft = draft_of(piece)
    return draft.snapshot if draft else take_snapshot(piece)


def base_of(revision) -> dict:
    """
    The snapshot that a draft, or a text set aside, was made from: ``based_on`` where that is
    known, else the first one that there is.
    """
    others = Revision.objects.filter(
        content_type=revision.content_type, object_id=revision.object_id
    )
    base = others.filter(number=revision.based_on).first() or others.order_by("number").first()
    return base.snapshot


def keep_how_it_was_found(piece):
    """Give an object that was imported, or is older than its revisions, a first one."""
    if not Revision.objects.of(piece).exists():
        published_at = piece.publish_at if piece.is_approved else None
        keep_revision(piece, take_snapshot(piece), by=None, published_at=published_at)


def keep_revision(piece, snapshot, *, by, before=None, note="", **facts) -> Revision:
    """Write down a revision; ``before`` is the snapshot that it changes. Call it under ``bump``."""
    numbers = Revision.objects.of(piece).aggregate(models.Max("number"))
    return Revision.objects.create(
        piece=piece,
        number=(numbers["number__max"] or 0) + 1,
        snapshot=snapshot,
        changes=changes_in_words(type(piece), before, snapshot) if before else "",
        author=by,
        note=note[:200],
        **facts,
    )


@transaction.atomic
def save_snapshot(
    piece, snapshot, *, by, version, note="", before=None, joined=False, amends=False
) -> Revision:
    """
    Save a text as a draft of a live object, or else as the object itself.

    ``before`` is the text that it changes, if that is known already. ``joined`` says that the text
    takes in what is live now. Where it ``amends``, it goes on with a revision that the same person
    has just made, if there is one. Raises ``Stale``, and ``ValidationError`` with a sentence for
    each thing it cannot bring back.
    """
    bump(piece, version)
    keep_how_it_was_found(piece)
    last = amendable(piece, by) if amends else None
    if not piece.is_approved:
        before = before or take_snapshot(piece)
        put(piece, snapshot)
        snapshot, facts = take_snapshot(piece), {}
    else:
        draft = draft_of(piece)
        goes_on = draft and not joined
        before = before or (draft.snapshot if draft else take_snapshot(piece))
        facts = {
            "submitted_at": draft.submitted_at if draft else None,
            "based_on": draft.based_on if goes_on else newest_published(piece).number,
        }
    if last:
        return amend(piece, last, snapshot)
    return keep_revision(piece, snapshot, by=by, before=before, note=note, **facts)


def check_on_desk(piece, snapshot, *, by):
    """
    Raise ``ValidationError`` where a text would move an object, or changes a row of it, that lies
    outside the part of the world that somebody edits.
    """
    if by.is_superuser:
        return
    now = take_snapshot(piece)
    with rehearsal():
        again = type(piece)._base_manager.get(pk=piece.pk)
        again.status = Status.DRAFT
        again.save(update_fields=["status"])
        apply_snapshot(again, snapshot, rehearsing=True)
        check_desk(by, again)
        for name, link in owned(type(piece)).items():
            changed = [row["pk"] for row in snapshot.get(name, []) if row not in now[name]]
            for row in link.model._base_manager.filter(pk__in=changed):
                check_desk(by, row)


def put(piece, snapshot):
    """Bring an object to a snapshot for good. Raises ``ValidationError``."""
    before = piece.addresses() if piece.is_known else []
    apply_snapshot(piece, snapshot)
    keep_old_addresses(before, piece.addresses() if before else [])


@transaction.atomic
def set_aside(piece, snapshot, *, by, base: int | None, note="") -> Revision:
    """Keep the text of somebody who was not the first to save, and who began from ``base``."""
    type(piece)._base_manager.select_for_update().get(pk=piece.pk)
    keep_how_it_was_found(piece)
    return keep_revision(
        piece, snapshot, by=by, before=current(piece), note=note, is_aside=True, based_on=base
    )


@transaction.atomic
def submit(piece, *, by, version):
    """Ask for review of an object, or of the draft of a live one. Raises ``ValidationError``."""
    bump(piece, version)
    draft = draft_of(piece)
    if draft:
        check_draft(piece, draft)
        draft.submitted_at = timezone.now()
        draft.save(update_fields=["submitted_at"])
    else:
        piece.submit()
    log(Event.Action.SUBMITTED, by=by, piece=piece, to_revision=draft and draft.number)


def check_draft(piece, draft):
    """Raise ``ValidationError`` for what readers would miss in a draft of a live object."""
    with rehearsal():
        again = type(piece)._base_manager.get(pk=piece.pk)
        again.status = Status.DRAFT
        again.save(update_fields=["status"])
        apply_snapshot(again, draft.snapshot, rehearsing=True)
        again.check_complete()


@transaction.atomic
def approve(piece, *, by, version, publish_at=None):
    """Release an object that is not approved. Raises ``ValidationError`` if it is incomplete."""
    bump(piece, version)
    keep_how_it_was_found(piece)
    revision, before = newest(piece), take_snapshot(piece)
    if revision.published_at or revision.snapshot != before:
        revision = keep_revision(piece, before, by=by)
    piece.approve(by=by, publish_at=publish_at)
    revision.snapshot = take_snapshot(piece)
    revision.published_at = max(timezone.now(), piece.publish_at)
    revision.save(update_fields=["snapshot", "published_at"])
    action = Event.Action.APPROVED if piece.is_public else Event.Action.SCHEDULED
    details = piece.publish_at.isoformat(timespec="minutes")
    log(action, by=by, piece=piece, to_revision=revision.number, details=details)


@transaction.atomic
def rework(piece, *, by, version):
    """Make an object that is in review or scheduled a draft again, with all that was drafted."""
    draft, more = draft_of(piece), has_unpublished(piece)
    take_back(piece, by=by, version=version)
    piece.rework()
    if draft:
        put(piece, draft.snapshot | {"publish_at": take_snapshot(piece)["publish_at"]})
    elif more:
        keep_revision(piece, take_snapshot(piece), by=by, note=_("As it was approved"))
    log(Event.Action.REWORKED, by=by, piece=piece)


@transaction.atomic
def withdraw(piece, *, by, version, reason):
    """
    Take an object back from readers; ``reason`` is a sentence for them.

    Its form shows what readers had; a draft stays in the history.
    """
    more = has_unpublished(piece)
    take_back(piece, by=by, version=version)
    for link in PreviewLink.objects.filter(revision__in=Revision.objects.of(piece)):
        revoke(link, by=by)
    if more:
        keep_revision(piece, take_snapshot(piece), by=by, note=_("As readers had it"))
    piece.withdraw(reason)
    log(Event.Action.WITHDRAWN, by=by, piece=piece, details=reason)


def has_unpublished(piece) -> bool:
    """Whether a revision says something else than the row of a live object."""
    revision = newest(piece) if piece.is_approved else None
    return revision is not None and revision.published_at is None


def take_back(piece, *, by, version):
    """Call off all that was to go live."""
    bump(piece, version)
    keep_how_it_was_found(piece)
    for change in ScheduledChange.objects.of(piece).pending().select_related("revision"):
        change.cancelled_at = timezone.now()
        change.save(update_fields=["cancelled_at"])
        log(Event.Action.UNSCHEDULED, by=by, piece=piece, to_revision=change.revision.number)
    Revision.objects.of(piece).filter(published_at__gt=timezone.now()).update(published_at=None)


@transaction.atomic
def publish(piece, *, by, version) -> Revision:
    """
    Put the draft of a live object before readers: all of it or nothing.

    Raises ``Stale``, ``MovedOn``, and ``ValidationError`` when it is incomplete or can no longer be
    applied.
    """
    bump(piece, version)
    draft = draft_of(piece)
    if draft is None:
        raise ValidationError(_("There is no draft to publish."))
    if has_moved_on(piece, draft):
        raise MovedOn
    go_live(piece, draft, draft.snapshot, by=by, action=Event.Action.PUBLISHED)
    return draft


def go_live(piece, revision, snapshot, *, by, action, details=""):
    """Apply ``snapshot`` to a live object and make ``revision`` the published one."""
    before = newest_published(piece)
    put(piece, snapshot)
    piece.check_complete()
    if by:
        check_desk(by, piece)
    revision.snapshot = take_snapshot(piece)
    revision.published_at = max(timezone.now(), piece.publish_at)
    revision.save(update_fields=["snapshot", "published_at"])
    log(
        action,
        by=by,
        piece=piece,
        from_revision=before and before.number,
        to_revision=revision.number,
        details=details,
    )


def has_moved_on(piece, draft) -> bool:
    """Whether something else went live since the draft was begun, which it would undo."""
    return newest_published(piece).number != draft.based_on


@transaction.atomic
def discard(piece, *, by, version):
    """Give up the draft of a live object; the revisions stay in its history."""
    bump(piece, version)
    draft = draft_of(piece)
    if draft is None:
        return
    scheduled = ScheduledChange.objects.of(piece).pending().values("revision")
    line = Revision.objects.of(piece).standing().filter(number__gt=draft.based_on or 0)
    line.filter(published_at__isnull=True).exclude(pk__in=scheduled).update(
        discarded_at=timezone.now()
    )
    log(Event.Action.DISCARDED, by=by, piece=piece, from_revision=draft.number)


@transaction.atomic
def restore(piece, revision, *, by, version) -> Revision:
    """Bring back an older revision: as a draft of a live object, else as the object itself."""
    note = _("As in revision %d") % revision.number
    # When readers are to have it is not what anybody asks for by this.
    snapshot = revision.snapshot | {"publish_at": take_snapshot(piece)["publish_at"]}
    check_on_desk(piece, snapshot, by=by)
    made = save_snapshot(piece, snapshot, by=by, version=version, note=note)
    log(
        Event.Action.RESTORED,
        by=by,
        piece=piece,
        from_revision=revision.number,
        to_revision=made.number,
    )
    return made
