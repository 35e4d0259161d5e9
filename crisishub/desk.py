from csp.constants import NONCE
from csp.decorators import csp_replace
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.shortcuts import render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisishub.looking_up import go_to, look_up
from crisishub.signing_in import SignInForm
from crisishub.today import everything_scheduled, today
from editorial.moments import in_the_editors_zone
from editorial.preferences import preferences

# Its editor needs inline styles and, for the import map, a nonce; it never needs ``eval``.
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'", NONCE],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-src": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
}
ORDER = ["crisiswatch", "publications", "people", "regions", "flatpages", "newsletter", "editorial"]

under_policy = csp_replace(POLICY)


def with_kinds(models: list[dict]) -> list[dict]:
    """What comes in kinds is followed by them, in the order in which their model has them."""
    declared = list(apps.get_models())
    kinds = [model for model in models if model["model"]._meta.proxy]
    kinds.sort(key=lambda kind: declared.index(kind["model"]))
    found = []
    for model in models:
        if model in kinds:
            continue
        its = [kind for kind in kinds if kind["model"]._meta.concrete_model is model["model"]]
        name = _("All %s") % model["name"].lower() if its else model["name"]
        found += [model | {"name": name}, *(kind | {"is_kind": True} for kind in its)]
    return found


@method_decorator(under_policy, name="login")
class Desk(admin.AdminSite):
    """Where editors work."""

    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = gettext_lazy("Desk")
    login_form = SignInForm

    def get_app_list(self, request, app_label=None):
        """What editors open every day comes first, housekeeping last."""
        rooms = super().get_app_list(request, app_label)
        place = {label: number for number, label in enumerate(ORDER)}
        for room in rooms:
            room["models"] = with_kinds(room["models"])
        return sorted(rooms, key=lambda room: place.get(room["app_label"], len(place)))

    def get_urls(self):
        pages = [
            path("calendar/", self.admin_view(self.calendar), name="calendar"),
            path("search/", self.admin_view(self.search), name="search"),
            path("preferences/", self.admin_view(self.preferences), name="preferences"),
        ]
        return [*pages, *super().get_urls()]

    def index(self, request, extra_context=None):
        """The editor's day."""
        return super().index(request, {**today(request, self), **(extra_context or {})})

    def calendar(self, request):
        """Everything that is scheduled, and what failed of late."""
        context = {
            **self.each_context(request),
            "title": _("Calendar"),
            **everything_scheduled(request, self),
        }
        return render(request, "admin/calendar.html", context)

    def search(self, request):
        """Look for what the box in the header asks for, everywhere at once."""
        words = request.GET.get("q", "")
        context = {
            **self.each_context(request),
            "title": _("Search"),
            "words": words,
            "groups": look_up(request, self, words),
            "pages": go_to(request, self, words),
        }
        return render(request, "admin/search.html", context)

    def preferences(self, request):
        """One's own."""
        return preferences(request, self)

    def admin_view(self, view, cacheable=False):
        return super().admin_view(under_policy(in_the_editors_zone(view)), cacheable)
