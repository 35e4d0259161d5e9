import datetime
import re
from contextlib import contextmanager

from django.conf import settings
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from editorial import drafting
from editorial.admin.sharing import SharingMixin
from editorial.languages import spoken_for
from editorial.models import Revision, ScheduledChange
from editorial.previewing import NoPage, bring_to, framed, kept_by_nobody, render_public
from editorial.rehearsing import rehearsal
from editorial.scheduling import as_applied
from editorial.snapshots import take_snapshot

FARTHEST = datetime.timedelta(days=10 * 366)


def read_language(data) -> str:
    """The language that is asked for, if the interface has it; else the default."""
    return spoken_for(data.get("language"))


def read_moment(data):
    """
    Return the moment to look ahead to: ISO 8601, in the editor's zone where it names none; None
    for now and for what has passed. Raises ``ValidationError`` where it is no moment.
    """
    said = data.get("at", "").strip()
    if not said:
        return None
    now = timezone.now()
    try:
        moment = parse_datetime(said)
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        if moment > now + FARTHEST:
            raise ValidationError(_("Previews look no more than ten years ahead."))
        return moment if moment > now else None
    except (ValueError, AttributeError, TypeError, OverflowError):
        raise ValidationError(
            _("“%s” is no day and hour: write one such as 2026-07-01T09:00.") % said[:40]
        ) from None


class PreviewingMixin(SharingMixin):
    """
    Previews of what is typed and of what is saved, and links to the latter for outsiders.

    Only where an object has a public page: see ``preview_path`` and ``previewed_piece``.
    """

    def preview_path(self, obj):
        """The public path of an object's page, in the default language."""
        return obj.get_absolute_url()

    def preview_pages(self, obj):
        """
        Other public pages that show the object, which its preview can show as well: pairs of a
        heading and a list of pairs of a path in the default language and the name of the page.
        """
        return []

    def asked_page(self, request, obj):
        """The path of the page that is asked for, if the preview has it; else of the object's."""
        asked = request.GET.get("page", "")
        known = [path for _heading, pages in self.preview_pages(obj) for path, _name in pages]
        return asked if asked in known else self.preview_path(obj)

    def previewed_piece(self, obj):
        """The piece that the object is, or is a part of."""
        return obj

    def has_preview(self):
        return hasattr(self.model, "get_absolute_url")

    def get_urls(self):
        if not self.has_preview():
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("add/preview/", view(self.preview_view), name=f"{name}_add_preview"),
            path("<int:pk>/preview/", view(self.preview_view), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if self.has_preview():
            page = admin_urlname(self.opts, "preview" if obj and obj.pk else "add_preview")
            context["preview"] = {
                "address": reverse(page, args=[obj.pk] if obj and obj.pk else []),
                "form": f"{self.opts.model_name}_form",
                "languages": settings.LANGUAGES,
                "zone": timezone.get_current_timezone_name(),
                "links": self.links_address(obj) if obj and obj.pk else "",
                "pages": self.preview_pages(obj) if obj and obj.pk else [],
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def preview_view(self, request, pk=None):
        """The public page of what is typed (POST) or saved (GET), in a language, as of a moment."""
        try:
            at = read_moment(request.GET)
            staged = self.typed if request.method == "POST" else self.saved
            with staged(request, pk, at) as obj:
                response = render_public(
                    request,
                    self.previewed_piece(obj),
                    path=self.asked_page(request, obj),
                    language=read_language(request.GET),
                    at=at,
                )
            response.content = out_of_the_frame(response.content.decode())
            return framed(kept_by_nobody(response))
        except ValidationError as error:
            return self.cannot_show(request, error.messages)
        except NoPage:
            return self.cannot_show(
                request, [_("As it stands, it has no page of its own that readers could open.")]
            )

    @contextmanager
    def typed(self, request, pk, at):
        """In a rehearsal, the object as the posted form would save it, by whoever may save it."""
        with self.rehearse_post(request, pk) as (obj, response):
            if obj is None:
                raise ValidationError(mistakes(response))
            yield obj

    @contextmanager
    def saved(self, request, pk, at):
        """In a rehearsal, the object as a revision has it, or as it is going to be."""
        piece = self.piece_for_form(request, str(pk)) if pk else None
        if piece is None:
            raise Http404
        if not self.has_view_permission(request, piece):
            raise PermissionDenied
        with rehearsal():
            bring_to(piece, self.snapshot_asked_for(request, piece, at))
            obj = self.get_object(request, str(pk))
            if obj is None:  # A part that this revision does not have.
                raise Http404
            yield obj

    def snapshot_asked_for(self, request, piece, at):
        """Of the revision that is asked for, else what a schedule has put there, else the draft."""
        number = request.GET.get("revision", "")
        if number:
            known = number.isascii() and number.isdigit() and len(number) < 10
            revisions = Revision.objects.of(piece)
            return get_object_or_404(revisions, number=number if known else None).snapshot
        pending = ScheduledChange.objects.of(piece).pending().select_related("revision")
        due = list(pending.filter(change_at__lte=at).order_by("change_at")) if at else []
        snapshot = take_snapshot(piece) if due else drafting.current(piece)
        for change in due:
            snapshot, _undone = as_applied(change.revision, snapshot)
        return snapshot

    def cannot_show(self, request, sentences):
        context = {"title": _("No preview yet"), "sentences": sentences}
        page = render(request, "admin/editorial/preview_problem.html", context, status=422)
        return framed(kept_by_nobody(page))


def out_of_the_frame(html: str) -> str:
    """Let links open beside the form, which may hold unsaved text; those within the page stay."""
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    return re.sub(r'(<a\b[^>]*)(\bhref="#)', r'\1target="_self" \2', html)


def mistakes(response) -> list[str]:
    """What is wrong in a posted form: a sentence for each mistake, with the field's name."""
    context = getattr(response, "context_data", None)
    if not context or "adminform" not in context:
        return [_("This form cannot be saved as it stands.")]
    sentences = [*sentences_of(context["adminform"].form)]
    for inline in context["inline_admin_formsets"]:
        sentences += inline.formset.non_form_errors()
        name = capfirst(inline.opts.verbose_name)
        for number, form in enumerate(inline.formset.forms, 1):
            sentences += [f"{name} {number}, {said}" for said in sentences_of(form)]
    return sentences


def sentences_of(form):
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            yield f"{capfirst(label)}: {error}" if label else str(error)
