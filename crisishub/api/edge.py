"""
What every answer below ``/api/`` has in common, whoever gave it.

It stands outside the other middleware, for some of them refuse a request before any view is asked,
with a page for people.
"""

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

from crisishub.api.limits import spend_one
from editorial.api.problems import KINDS, MEDIA_TYPE, problem

PREFIX = "/api/"  # At the prefix itself is the page about it, for people.
METHODS = "GET, HEAD, OPTIONS"
LONGEST_QUESTION = 2000
FRESH_FOR = 60  # seconds
# Any page of any site may ask, and read all that we say (Fetch standard, CORS protocol).
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit, RateLimit-Policy, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",  # What stands here has a page, too.
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
    "Allow": METHODS,
}


def answer_programs(get_response):
    """Answer in JSON and in English, problems included; count, and open the door to other sites."""

    def middleware(request):
        if not request.path_info.startswith(PREFIX) or request.path_info == PREFIX:
            return get_response(request)
        with translation.override(settings.LANGUAGE_CODE):
            response = answer(request, get_response)
        for name, value in OPEN.items():
            response[name] = value
        return response

    return middleware


def answer(request, get_response):
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=PREFLIGHT)
    if request.method not in METHODS:
        return problem(request, 405, Allow=METHODS)
    allowance = spend_one(request)
    if allowance and allowance.is_spent:
        response = problem(request, 429)
    elif len(request.META.get("QUERY_STRING", "")) > LONGEST_QUESTION:
        response = problem(request, 414)
    else:
        response = in_json(request, ask(request, get_response))
    for name, value in (allowance.headers() if allowance else {}).items():
        response[name] = value
    return response


def ask(request, get_response):
    """HEAD is GET without the content (RFC 9110, section 9.3.2)."""
    asked, request.method = request.method, "GET"
    try:
        response = get_response(request)
    finally:
        request.method = asked
    if asked == "HEAD":
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    return response


def in_json(request, response):
    """What others refused comes as a problem too; what they answered may be kept for a while."""
    status = response.status_code
    if status >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
        return problem(request, status if status in KINDS else min(status // 100 * 100, 500))
    if status < 400:
        response["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    return response
