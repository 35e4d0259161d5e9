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
under_policy = csp_replace(POLICY)


@method_decorator(under_policy, name="login")
class Desk(admin.AdminSite):
    """Where editors work."""

    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("Desk")

    def admin_view(self, view, cacheable=False):
        return super().admin_view(under_policy(view), cacheable)
