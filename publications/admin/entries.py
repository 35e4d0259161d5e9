"""One entry of the desk for each kind: the list of its pieces, and its empty form."""

from django.contrib import admin
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publications.admin.publication import PublicationAdmin
from publications.models import KINDS, Publication


@admin.register(*KINDS)
class KindAdmin(PublicationAdmin):
    """
    A piece has the same page whatever its kind, that of ``PublicationAdmin``, and needs the same
    rights; only its list and the way to a new one stand here.
    """

    list_filter = ["status", "language"]

    def __init__(self, model, admin_site):
        super().__init__(Publication, admin_site)
        self.kind = model

    def get_urls(self):
        name = f"{self.kind._meta.app_label}_{self.kind._meta.model_name}"
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("add/", view(self.add_view), name=f"{name}_add"),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(kind=self.kind.of_kind)

    def changelist_view(self, request, extra_context=None):
        opts = self.kind._meta
        context = {
            "title": capfirst(opts.verbose_name_plural),
            "one": opts.verbose_name,
            "kind": self.kind.of_kind,
            "add_url": reverse(f"admin:{opts.app_label}_{opts.model_name}_add"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def add_view(self, request, form_url="", extra_context=None):
        request.GET = request.GET.copy()
        request.GET["kind"] = self.kind.of_kind
        context = {"title": _("Add %s") % self.kind._meta.verbose_name}
        return super().add_view(request, form_url, context | (extra_context or {}))
