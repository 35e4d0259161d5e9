"""
What lies on an editor's desk: drafts, what waits for review, what is scheduled, what came out.

The queues go over every publishable model of the admin. How many queries they take depends on how
many models that are, never on how many pieces.
"""

import datetime
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from editorial.dates import format_moment
from editorial.models import Publishable, Revision, ScheduledChange, Status
from editorial.permissions import has_permission, is_on_desk_of

MOST = 60  # As many pieces of one model, or revisions, does a queue look at; nobody reads more.


@dataclass(frozen=True)
class Item:
    """
    A piece in a queue.

    ``moment`` is what put it there: when it was saved, submitted or published, or when it will be.
    ``revision`` is the draft that is meant, if there is one, ``change`` its schedule.
    """

    piece: Publishable
    moment: datetime.datetime
    by: Model | None = None
    revision: Revision | None = None
    change: ScheduledChange | None = None

    @property
    def key(self):
        return type(self.piece), self.piece.pk

    @property
    def is_change(self):
        """Whether readers have, or are going to have, another text than this one."""
        return bool(self.revision) and self.piece.is_approved

    @property
    def kind(self):
        """“Commentary” where a piece has a kind, else what its model is called."""
        named = getattr(self.piece, "get_kind_display", None)
        return named() if named else self.piece._meta.verbose_name

    @property
    def state(self):
        if not self.is_change:
            return self.piece.get_status_display()
        return _("changes in review") if self.revision.submitted_at else _("changes, not live yet")

    @property
    def ago(self):
        """How long ago: “3 hours”."""
        return timesince(self.moment, depth=1)

    @property
    def when(self):
        return format_moment(self.moment)

    def page(self, name):
        opts = self.piece._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[self.piece.pk])

    @property
    def to_open(self):
        return self.page("change")

    @property
    def to_compare(self):
        return self.page("compare")

    @property
    def to_schedule(self):
        return self.page("schedule")


def open_revisions():
    """
    What is at work: the newest standing revision of every object, unless it is published or
    scheduled. Of a live object it is the draft.
    """
    newer = Revision.objects.standing().filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        number__gt=OuterRef("number"),
    )
    planned = ScheduledChange.objects.pending().filter(revision=OuterRef("pk"))
    found = Revision.objects.standing().filter(~Exists(newer), ~Exists(planned))
    return without_texts(found.filter(published_at__isnull=True).select_related("author"))


def solved():
    """
    Picks the failed changes after which the text, or one of the same object that was saved since,
    has been published or is scheduled. A draft that was begun before does not hold the text.
    """
    again = Revision.objects.filter(
        Q(pk=OuterRef("revision")) | Q(created_at__gt=OuterRef("failed_at")),
        content_type=OuterRef("revision__content_type"),
        object_id=OuterRef("revision__object_id"),
    )
    planned = ScheduledChange.objects.pending().filter(revision=OuterRef("pk"))
    return Exists(again.filter(Q(Exists(planned)) | Q(published_at__isnull=False)))


def without_texts(revisions):
    """A list of revisions needs no snapshots: they are as long as the pieces."""
    return revisions.defer("snapshot", "changes")


def publishable_models(site):
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Publishable) and not model._meta.proxy and site.is_registered(model)
    ]


class Queues:
    """The queues of one person. ``site`` is the admin in which the models are registered."""

    def __init__(self, request, site):
        self.request, self.user, self.now = request, request.user, timezone.now()
        admins = {model: site.get_model_admin(model) for model in publishable_models(site)}
        seen = [model for model, admin in admins.items() if admin.has_view_permission(request)]
        kinds = ContentType.objects.get_for_models(*seen)
        self.rooms = {kinds[model].pk: admins[model] for model in seen}

    def mine(self):
        """What this person is at work on: drafts of live pieces, pieces not approved yet."""
        drafts = open_revisions().filter(content_type__in=self.rooms, author=self.user)
        drafts = self.of_revisions(drafts.order_by("-created_at")[:MOST])
        known = {item.key for item in drafts}
        begun = Q(status__in=[Status.DRAFT, Status.IN_REVIEW], created_by=self.user)
        rows = [Item(piece, piece.modified_at) for piece in self.find(begun, "-modified_at")]
        return newest_first([*drafts, *(item for item in rows if item.key not in known)])

    def waiting(self):
        """What somebody has submitted and this person may release, the longest waiting first."""
        rows = {(type(p), p.pk): p for p in self.find(Q(status=Status.IN_REVIEW), "modified_at")}
        ours = open_revisions().filter(content_type__in=self.rooms)
        submitted = ours.filter(submitted_at__isnull=False).order_by("submitted_at")[:MOST]
        theirs = ours.filter(self.about(rows.values()))
        items = {
            item.key: item
            for item in self.of_revisions([*submitted, *theirs], moment="submitted_at")
            if item.piece.is_approved or item.key in rows
        }
        for key, piece in rows.items():
            items.setdefault(key, Item(piece, piece.modified_at, by=piece.created_by))
        return sorted(filter(self.may_release, items.values()), key=lambda item: item.moment)

    def about(self, pieces):
        """Picks the revisions of these pieces."""
        picked = Q(pk__in=[])
        for kind, admin in self.rooms.items():
            if ours := [piece.pk for piece in pieces if type(piece) is admin.model]:
                picked |= Q(content_type=kind, object_id__in=ours)
        return picked

    def may_release(self, item):
        """As ``editorial.permissions`` has it, with what has been loaded already."""
        verbs = ["approve", "publish"] if item.piece.is_approved else ["approve"]
        return (
            any(has_permission(self.user, verb, item.piece) for verb in verbs)
            and not (settings.TWO_PERSON_RULE and item.by == self.user)
            and is_on_desk_of(self.user, item.piece)
        )

    def scheduled(self, until=None):
        """First publications and changes to come, up to a moment, the next one first."""
        ahead = Q(status=Status.APPROVED, publish_at__gt=self.now)
        changes = ScheduledChange.objects.pending()
        if until:
            ahead &= Q(publish_at__lt=until)
            changes = changes.filter(change_at__lt=until)
        first = [
            Item(piece, piece.publish_at, by=piece.approved_by)
            for piece in self.find(ahead, "publish_at", "approved_by")
        ]
        later = self.of_changes(changes.order_by("change_at"))
        return sorted([*first, *later], key=lambda item: item.moment)

    def failed(self, since, unsolved=False):
        """
        Changes that could not be applied at their moment, the newest first.

        ``unsolved`` leaves out those whose text has been given up, published or planned anew, as it
        was or mended, and those of a piece that has been taken back.
        """
        failed = ScheduledChange.objects.filter(failed_at__gte=since)
        if unsolved:
            failed = failed.filter(revision__discarded_at__isnull=True).filter(~solved())
        items = self.of_changes(failed.order_by("-failed_at"))
        return newest_first(item for item in items if item.piece.is_approved or not unsolved)

    def published(self, since):
        """What readers have got since a moment, new or changed: the newest first."""
        new = Q(status=Status.APPROVED, publish_at__lte=self.now, publish_at__gte=since)
        items = [
            Item(piece, piece.publish_at, by=piece.approved_by)
            for piece in self.find(new, "-publish_at", "approved_by")
        ]
        known = {item.key for item in items}
        put_live = Revision.objects.filter(
            published_at__gte=since, published_at__lte=self.now, content_type__in=self.rooms
        )
        put_live = without_texts(put_live.select_related("author")).order_by("-published_at")
        for item in self.of_revisions(put_live[:MOST], moment="published_at"):
            if item.piece.is_public and item.key not in known:
                known.add(item.key)
                items.append(item)
        return newest_first(items)

    def find(self, which, order, *beside):
        """The pieces of all models that ``which`` names and this person may see."""
        for admin in self.rooms.values():
            found = self.pieces_of(admin).filter(which).select_related(*self.beside(admin), *beside)
            yield from self.seen(found.order_by(order)[:MOST])

    def pieces_of(self, admin):
        return admin.get_queryset(self.request).prefetch_related(None)

    def beside(self, admin):
        """What the list of a model loads with each object is what its name is made of."""
        names = admin.list_select_related
        return ["created_by", *(names if isinstance(names, (list, tuple)) else [])]

    def seen(self, pieces):
        for piece in pieces:
            admin = self.rooms[ContentType.objects.get_for_model(piece).pk]
            if admin.has_view_permission(self.request, piece):
                yield piece

    def of_revisions(self, revisions, moment="created_at"):
        revisions = list(revisions)
        pieces = self.pieces({(each.content_type_id, each.object_id) for each in revisions})
        return [
            Item(piece, getattr(each, moment) or each.created_at, by=each.author, revision=each)
            for each in revisions
            if (piece := pieces.get((each.content_type_id, each.object_id)))
        ]

    def of_changes(self, changes):
        ours = changes.filter(revision__content_type__in=self.rooms)
        ours = ours.select_related("revision", "scheduled_by")
        ours = list(ours.defer("revision__snapshot", "revision__changes")[:MOST])
        pieces = self.pieces({(c.revision.content_type_id, c.revision.object_id) for c in ours})
        return [
            Item(piece, change.change_at, change.scheduled_by, change.revision, change)
            for change in ours
            if (piece := pieces.get((change.revision.content_type_id, change.revision.object_id)))
        ]

    def pieces(self, places):
        """Pairs of a content type and a primary key, to the pieces that there are to see."""
        found = {}
        for kind, admin in self.rooms.items():
            wanted = [pk for other, pk in places if other == kind]
            if wanted:
                rows = self.pieces_of(admin).select_related(*self.beside(admin))
                for piece in self.seen(rows.filter(pk__in=wanted)):
                    found[kind, piece.pk] = piece
        return found


def newest_first(items):
    return sorted(items, key=lambda item: item.moment, reverse=True)
