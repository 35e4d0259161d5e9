from csp.constants import NONCE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

# Its editor needs inline styles and, for the import map, a nonce; it never needs ``eval``.
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'", NONCE],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
}
ORDER = ["crisiswatch", "publications", "people", "regions", "flatpages", "newsletter", "editorial"]

under_policy = csp_replace(POLICY)


@method_decorator(under_policy, name="login")
class Desk(admin.AdminSite):
    """Where editors work."""

    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("Desk")

    def get_app_list(self, request, app_label=None):
        """What editors open every day comes first, housekeeping last."""
        apps = super().get_app_list(request, app_label)
        place = {label: number for number, label in enumerate(ORDER)}
        return sorted(apps, key=lambda app: place.get(app["app_label"], len(place)))

    def admin_view(self, view, cacheable=False):
        return super().admin_view(under_policy(view), cacheable)
