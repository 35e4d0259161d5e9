from copy import copy
from urllib.parse import unquote

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.http import FileResponse, Http404, HttpResponsePermanentRedirect, QueryDict
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation

from editorial import scheduling

METHODS = ("GET", "HEAD", "POST")
FOR_PROGRAMS = "/data/"  # They answer for themselves, to pages of other sites too.


class Gone(Exception):
    """
    The address was public once; what stood there has been withdrawn. Answers 410.

    ``piece`` is what was withdrawn: it says when, and why.
    """

    def __init__(self, piece):
        super().__init__(piece)
        self.piece = piece


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


class GZipPages(GZipMiddleware):
    """Files are compressed already, and a part of one must be as long as it says."""

    def process_response(self, request, response):
        return response if response.streaming else super().process_response(request, response)


class GoneMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Gone):
            return None
        request.gone = exception.piece
        return render(request, "410.html", {"gone": exception.piece}, status=410)


def what_is_due_comes_first(get_response):
    """A page asked for after the moment of a scheduled change shows that change."""

    def middleware(request):
        scheduling.look_for_what_is_due()
        return get_response(request)

    return middleware


def only_what_pages_understand(get_response):
    """
    Answer 405 (RFC 9110, section 15.5.6) to methods that no page here has a use for, and 404 to
    paths with a NUL, which PostgreSQL stores nowhere and takes in no question.
    """

    def middleware(request):
        if "\0" in request.path_info:
            raise Http404
        if request.method in METHODS or request.path_info.startswith(FOR_PROGRAMS):
            return get_response(request)
        response = render(request, "405.html", status=405)
        response["Allow"] = ", ".join(METHODS)
        return response

    return middleware


def redirect_old_addresses(get_response):
    """
    Send old addresses to new ones, whatever follows the question mark; an empty target is 410.

    Django's own middleware compares the query string too, and mails and campaigns append one. The
    table is looked at only after a 404. Where the new address answers 410 itself, so does the old
    one: what was withdrawn may have got a name since that is not for readers yet.
    """

    def gone_at(path, request):
        """The piece that was withdrawn from ``path``, if that is what a reader would hear there."""
        asked = copy(request)
        asked.method, asked.path, asked.path_info, asked.GET = "GET", path, path, QueryDict()
        response = get_response(asked)
        if isinstance(response, FileResponse):
            response.file_to_stream.close()  # Nobody reads it.
        return getattr(asked, "gone", None)

    def middleware(request):
        response = get_response(request)
        if response.status_code != 404:
            return response
        path, _, query = request.get_full_path().partition("?")
        written = {path, unquote(path)}  # Whoever types one into the admin may have it either way.
        known = Redirect.objects.filter(site=settings.SITE_ID, old_path__in=written).first()
        if known is None:
            return response
        if not known.new_path:
            return render(request, "410.html", status=410)
        if gone := gone_at(known.new_path, request):
            return render(request, "410.html", {"gone": gone}, status=410)
        target = f"{known.new_path}?{query}" if query else known.new_path
        return HttpResponsePermanentRedirect(target)

    return middleware
