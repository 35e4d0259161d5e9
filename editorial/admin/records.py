"""What is kept for the record: it can be read, searched and exported, and nothing else."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from editorial.admin.base import ReadOnlyAdmin
from editorial.dates import format_moment
from editorial.models import Event, PreviewLink, Revision, ScheduledChange
from editorial.queues import publishable_models
from editorial.spreadsheets import csv_response


def moment(field, description):
    """A column with a moment in the zone of the site and in UTC."""

    @admin.display(description=description, ordering=field)
    def column(self, record):
        value = getattr(record, field)
        return format_moment(value) if value else None

    return column


def visible_kinds(request, site):
    """The kinds of objects that somebody may look at."""
    models = [model for model, its in site._registry.items() if its.has_view_permission(request)]
    return ContentType.objects.get_for_models(*models).values()


def link(page, kind, pk, says, query=""):
    """A link to a page of the admin of a kind of objects, or the words alone if it has no such."""
    try:
        address = reverse(f"admin:{kind.app_label}_{kind.model}_{page}", args=[pk])
    except NoReverseMatch:
        return says
    return format_html('<a href="{}{}">{}</a>', address, query, says)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "of", "author", "saved", "published", "changes", "note"]
    list_select_related = ["content_type", "author"]
    list_filter = [
        ("content_type", admin.RelatedOnlyFieldListFilter),
        ("author", admin.RelatedOnlyFieldListFilter),
        "is_aside",
    ]
    search_fields = ["changes", "note", "author__username"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    show_full_result_count = False

    saved = moment("created_at", _("created at"))
    published = moment("published_at", _("published at"))

    def get_queryset(self, request):
        """Nobody reads here what they may not read in its own place."""
        kinds = visible_kinds(request, self.admin_site)
        found = super().get_queryset(request).filter(content_type__in=kinds)
        return found.prefetch_related(GenericPrefetch("piece", self.pieces())).defer("snapshot")

    def pieces(self):
        """With what the list of each kind loads too: the names of objects are made of it."""
        kinds = publishable_models(self.admin_site)
        beside = {kind: self.admin_site.get_model_admin(kind).list_select_related for kind in kinds}
        return [
            kind._base_manager.select_related(*names)
            for kind, names in beside.items()
            if isinstance(names, (list, tuple))
        ]

    @admin.display(description=_("what"))
    def of(self, revision):
        return link("change", revision.content_type, revision.object_id, str(revision.piece or "-"))


class OfRevision(ReadOnlyAdmin):
    """For an admin of what hangs on a revision."""

    list_select_related = ["revision__content_type"]

    def get_queryset(self, request):
        kinds = visible_kinds(request, self.admin_site)
        found = super().get_queryset(request).filter(revision__content_type__in=kinds)
        return found.defer("revision__snapshot")


@admin.register(ScheduledChange)
class ScheduledChangeAdmin(OfRevision):
    list_display = ["revision", "moment", "scheduled_by", "applied_at", "cancelled_at", "problem"]
    list_select_related = ["revision__content_type", "scheduled_by"]
    list_filter = [("scheduled_by", admin.RelatedOnlyFieldListFilter)]
    date_hierarchy = "change_at"

    moment = moment("change_at", _("change at"))


@admin.register(PreviewLink)
class PreviewLinkAdmin(OfRevision):
    """The address itself is not shown: who has it can read."""

    list_display = ["revision", "made_by", "made", "expires", "revoked_at", "is_open"]
    list_select_related = ["revision__content_type", "made_by"]
    list_filter = [("made_by", admin.RelatedOnlyFieldListFilter)]

    made = moment("made_at", _("made at"))
    expires = moment("expires_at", _("expires at"))

    @admin.display(description=_("open"), boolean=True)
    def is_open(self, preview_link):
        return preview_link.is_open


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The log: who did what, when, from which revision to which."""

    list_display = ["when", "user", "action", "what", "revisions", "details"]
    list_display_links = None
    list_select_related = ["user", "content_type"]
    list_filter = [
        "action",
        ("user", admin.RelatedOnlyFieldListFilter),
        ("content_type", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["what", "details", "user__username"]
    date_hierarchy = "at"
    show_full_result_count = False
    exported = "at user action what kind object_id from_revision to_revision details".split()

    when = moment("at", _("at"))

    @admin.display(description=_("revisions"))
    def revisions(self, event):
        before, after = event.from_revision, event.to_revision
        if not (before and after):
            return after or before
        query = f"?from={before}&to={after}"
        return link("compare", event.content_type, event.object_id, f"{before} → {after}", query)

    def get_urls(self):
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name="editorial_event_csv"), *super().get_urls()]

    def csv_view(self, request):
        """All lines of the list that the same query shows, and no others."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            events = self.get_changelist_instance(request).queryset
        except (IncorrectLookupParameters, ValueError, OverflowError):
            return HttpResponseRedirect(reverse("admin:editorial_event_changelist"))
        return csv_response(self.rows(events), "log.csv")

    def rows(self, events):
        yield self.exported
        for event in events.iterator(chunk_size=2000):
            yield [
                event.at.isoformat(timespec="seconds"),
                event.user,
                event.action,
                event.what,
                event.content_type and event.content_type.model,
                event.object_id,
                event.from_revision,
                event.to_revision,
                event.details,
            ]
