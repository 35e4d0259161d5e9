from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from editorial import sharing
from editorial.dates import format_moment
from editorial.models import Revision


class RevisionChoice(forms.ModelChoiceField):
    def label_from_instance(self, revision):
        author = revision.author or "–"
        return f"{revision.number} · {format_moment(revision.created_at)} · {author}"


class LinkForm(forms.Form):
    """What a link leads to, and for how long."""

    revision = RevisionChoice(
        Revision.objects.none(),
        label=_("Revision"),
        to_field_name="number",
        required=False,
        empty_label=_("The newest"),
    )
    hours = forms.IntegerField(
        label=_("Hours"), min_value=1, max_value=sharing.MOST_HOURS, required=False
    )

    def __init__(self, revisions, data=None):
        hours = {"hours": settings.PREVIEW_LINK_HOURS}
        super().__init__(data, initial=hours, label_suffix="", use_required_attribute=False)
        self.revisions = revisions.select_related("author").defer("snapshot", "changes")
        self.fields["revision"].queryset = self.revisions.order_by("-number")

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            cleaned["hours"] = cleaned["hours"] or settings.PREVIEW_LINK_HOURS
            cleaned["revision"] = cleaned["revision"] or self.revisions.standing().newest()
            if cleaned["revision"] is None:
                self.add_error("revision", _("No revision of it has been saved yet: save first."))
        return cleaned


def row(link) -> dict:
    """A link as the list shows it: moments in words, and where it leads."""
    return {
        "link": link,
        "address": sharing.address_of(link),
        "made": format_moment(link.made_at),
        "expires": format_moment(link.expires_at),
        "opened": format_moment(link.last_opened_at) if link.last_opened_at else "",
    }


class SharingMixin:
    """The page on which links to previews are made and closed; see ``editorial.sharing``."""

    def get_urls(self):
        if not self.has_preview():
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        links = self.admin_site.admin_view(self.links_view)
        revoke = self.admin_site.admin_view(self.revoke_view)
        return [
            path("<int:pk>/links/", links, name=f"{name}_links"),
            path("<int:pk>/links/<int:number>/revoke/", revoke, name=f"{name}_revoke_link"),
            *super().get_urls(),
        ]

    def links_address(self, obj):
        return reverse(admin_urlname(self.opts, "links"), args=[obj.pk])

    def get_shared(self, request, pk, *, to_change):
        """Return an object and the piece that it is (a part of), if they may be seen or changed."""
        obj = self.get_object(request, str(pk))
        if obj is None:
            raise Http404
        may = self.has_change_permission if to_change else self.has_view_permission
        if not may(request, obj):
            raise PermissionDenied
        return obj, self.previewed_piece(obj)

    def links_view(self, request, pk):
        """Who made which link, and what became of it (GET); make another one (POST)."""
        obj, piece = self.get_shared(request, pk, to_change=request.method == "POST")
        posted = request.POST if request.method == "POST" else None
        form = LinkForm(Revision.objects.of(piece), posted)
        if form.is_valid():
            sharing.share(by=request.user, **form.cleaned_data)
            messages.success(request, _("The link is ready: copy it from the list."))
            return HttpResponseRedirect(self.links_address(obj))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview links"),
            "opts": self.opts,
            "original": obj,
            "form": form,
            "may_share": self.has_change_permission(request, obj),
            "rows": [row(link) for link in sharing.with_openings(sharing.links_of(piece))],
        }
        return render(request, "admin/editorial/preview_links.html", context)

    def revoke_view(self, request, pk, number):
        """Close a link, from its row in the list."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        obj, piece = self.get_shared(request, pk, to_change=True)
        sharing.revoke(get_object_or_404(sharing.links_of(piece), pk=number), by=request.user)
        messages.success(request, _("The link is closed: nobody can open it any more."))
        return HttpResponseRedirect(self.links_address(obj))
