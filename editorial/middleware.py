from django.conf import settings
from django.contrib.redirects.middleware import RedirectFallbackMiddleware
from django.shortcuts import render
from django.utils import translation


class Gone(Exception):
    """The address was public once; what stood there has been withdrawn. Answers 410."""


def language_of_the_path(get_response):
    """
    The path alone says which language a page is in: ``/he/…`` is Hebrew, all else the default.

    Neither a cookie nor a header is asked, so that one page is the same for every reader.
    """

    def middleware(request):
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response

    return middleware


class GoneMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return render(request, "410.html", status=410) if isinstance(exception, Gone) else None


class RedirectMiddleware(RedirectFallbackMiddleware):
    """Sends old addresses to new ones; looks in the table only after a 404."""

    def process_response(self, request, response):
        response = super().process_response(request, response)
        if response.status_code == 410 and not response.content:
            return render(request, "410.html", status=410)
        return response
