from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from editorial import drafting
from editorial.comparing import compare
from editorial.dates import format_moment
from editorial.drafting import Stale
from editorial.models import Revision, ScheduledChange
from editorial.snapshots import take_snapshot

LIVE = "live"
ON_A_PAGE = 50
MOST_CHOICES = 200


@dataclass(frozen=True)
class Side:
    """One of the two texts of a comparison; ``value`` names it in the address."""

    value: str
    title: str
    snapshot: dict
    revision: Revision | None = None


class ComparingMixin:
    """Compare any two revisions, read the history, bring an older revision back."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/compare/", wrap(self.compare_view), name=f"{name}_compare"),
            path("<int:pk>/restore/<int:number>/", wrap(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    def piece_or_404(self, request, pk):
        """The object, for those who may look at it."""
        piece = self.get_object(request, str(pk))
        if piece is None:
            raise Http404(_("There is no such object."))
        if not self.has_view_permission(request, piece):
            raise PermissionDenied
        return piece

    def revisions(self, piece):
        """Its revisions, the newest first, without their texts and with what is scheduled."""
        pending = Prefetch("schedules", ScheduledChange.objects.pending(), to_attr="pending")
        found = Revision.objects.of(piece).select_related("author").prefetch_related(pending)
        return found.defer("snapshot").order_by("-number")

    def page(self, request, piece, template, **context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "piece": piece,
            **context,
        }
        return render(request, f"admin/publishable/{template}.html", context)

    # Compare

    def compare_view(self, request, pk):
        piece = self.piece_or_404(request, pk)
        before, after = self.sides(request, piece)
        return self.page(
            request,
            piece,
            "compare",
            title=_("Compare: %s") % piece,
            before=before,
            after=after,
            changes=compare(self.model, before.snapshot, after.snapshot) if before else [],
            choices=marked(piece, self.revisions(piece)[:MOST_CHOICES]),
            live=LIVE if piece.is_approved else "",
        )

    def sides(self, request, piece):
        """The two texts that are asked for, or that are most worth a look; None for neither."""
        default = self.default_sides(piece)
        asked = [
            request.GET.get(name) or value
            for name, value in zip(("from", "to"), default, strict=True)
        ]
        if not all(asked):
            return None, None
        return [self.side(piece, value) for value in asked]

    def default_sides(self, piece):
        """What readers see and what is to come, else the last two revisions."""
        newest = drafting.newest(piece)
        if piece.is_approved and newest and not newest.published_at:
            return LIVE, str(newest.number)
        numbers = Revision.objects.of(piece).standing().order_by("-number")
        last = [str(number) for number in numbers.values_list("number", flat=True)[:2]]
        return (last[1], last[0]) if len(last) == 2 else (None, None)

    def side(self, piece, value):
        if value == LIVE:
            said = _("What readers see") if piece.is_public else _("As it stands now")
            return Side(LIVE, said, take_snapshot(piece))
        known = value.isascii() and value.isdigit() and len(value) < 10
        found = Revision.objects.of(piece).select_related("author")
        revision = found.filter(number=value).first() if known else None
        if revision is None:
            raise Http404(_("There is no revision %s of this.") % value[:20])
        return Side(value, title_of(revision), revision.snapshot, revision)

    # History

    def history_view(self, request, object_id, extra_context=None):
        piece = self.piece_or_404(request, object_id)
        pages = Paginator(self.revisions(piece), ON_A_PAGE)
        page = pages.get_page(request.GET.get("page"))
        return self.page(
            request,
            piece,
            "history",
            title=_("History: %s") % piece,
            page=page,
            pages=pages.get_elided_page_range(page.number),
            revisions=marked(piece, page.object_list),
            is_live=piece.is_approved,
            may_restore=self.has_change_permission(request, piece),
        )

    @method_decorator(require_POST)
    def restore_view(self, request, pk, number):
        piece = self.piece_or_404(request, pk)
        if not self.has_change_permission(request, piece):
            raise PermissionDenied
        revision = get_object_or_404(Revision.objects.of(piece), number=number)
        version = request.POST.get("version", "")
        back = self.page_of("history", piece)
        try:
            if version != str(piece.version):
                raise Stale
            drafting.restore(piece, revision, by=request.user, version=piece.version)
        except Stale:
            messages.error(
                request,
                _("Nothing was restored: somebody has saved meanwhile. Look at the list anew."),
            )
        except ValidationError as error:
            messages.error(request, _("Revision %d cannot be brought back:") % revision.number)
            for sentence in error.messages:
                messages.error(request, sentence)
        else:
            said = _("Revision %d is a draft again; readers see none of it yet.")
            if not piece.is_approved:
                said = _("It is again as in revision %d.")
            messages.success(request, said % revision.number)
            back = self.page_of("change", piece)
        return HttpResponseRedirect(back)

    def page_of(self, name, piece, *args):
        return reverse(admin_urlname(self.opts, name), args=[piece.pk, *args])


def title_of(revision) -> str:
    return _("Revision %d") % revision.number


def marked(piece, revisions) -> list:
    """
    Give each revision its ``marks``, pairs of a word for the style sheet and one for people, and
    the number of the ``previous`` one; ``is_newest`` is what the form shows. Two queries, however
    many they are.
    """
    revisions = list(revisions)
    now = timezone.now()
    every = Revision.objects.of(piece)
    older = dict(every.filter(is_aside=False).values_list("number", "discarded_at"))
    newest = max((number for number, given_up in older.items() if not given_up), default=None)
    came = every.filter(published_at__lte=now).order_by("-published_at", "-number")
    seen = came.values_list("number", flat=True).first() if piece.is_public else None
    for revision in revisions:
        before = [n for n in older if n < revision.number]
        revision.previous = revision.based_on if revision.is_aside else max(before, default=None)
        revision.is_newest = revision.number == newest
        revision.marks = list(marks_of(piece, revision, now))
        if revision.number == seen:
            revision.marks.insert(0, ("live", _("readers see it")))
    return revisions


def marks_of(piece, revision, now):
    if revision.is_aside:
        yield "aside", _("set aside, joined") if revision.discarded_at else _("set aside")
    elif revision.discarded_at:
        yield "discarded", _("discarded %s") % format_moment(revision.discarded_at)
    elif revision.published_at and revision.published_at > now:
        yield "scheduled", _("public from %s") % format_moment(revision.published_at)
    elif revision.published_at:
        yield "published", _("published %s") % format_moment(revision.published_at)
    elif revision.pending:
        yield "scheduled", _("scheduled for %s") % format_moment(revision.pending[0].change_at)
    elif piece.is_approved and revision.is_newest:
        yield "draft", _("draft")
    if revision.submitted_at and revision.is_newest and not revision.published_at:
        yield "submitted", _("submitted for review")
