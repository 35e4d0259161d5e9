from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject


def site(request):
    """What the frame of every page shows. The pages in the footer are read only if it is drawn."""
    path = "/" + request.path.lstrip("/")  # Two slashes would begin with a host.
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "cookie_notice": settings.COOKIE_NOTICE,
        "footer_pages": SimpleLazyObject(lambda: list(FlatPage.objects.defer("content"))),
        "languages": [(code, name, translate_url(path, code)) for code, name in settings.LANGUAGES],
    }
