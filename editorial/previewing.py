"""What readers would get: the public page of a piece that is not public, made in a rehearsal."""

import datetime
import io
from contextlib import ExitStack, suppress
from urllib.parse import unquote

from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.handlers.wsgi import WSGIRequest
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, resolve, translate_url
from django.utils import timezone, translation

from editorial import clock
from editorial.middleware import Gone
from editorial.models import ScheduledChange, Status
from editorial.scheduling import as_applied
from editorial.snapshots import apply_snapshot, take_snapshot

# Of the editor's request no more than where it was sent: neither who asks nor what is asked.
SENT_TO = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "HTTP_HOST")


class NoPage(Exception):
    """What is to be previewed has no public page; yet, or as it stands."""


def bring_to(piece, snapshot) -> list[str]:
    """
    Inside a rehearsal, make an object look like a snapshot, complete or not.

    Returns a sentence for everything that could not be as it was. The moment since when readers
    have it stays.
    """
    if piece.is_approved:
        snapshot = {**snapshot, "publish_at": take_snapshot(piece)["publish_at"]}
    # What is approved must be complete, which a draft need not be.
    set_facts(piece, status=Status.DRAFT)
    return apply_snapshot(piece, snapshot, rehearsing=True)


def render_public(request, piece, *, language, path=None, at=None) -> HttpResponse:
    """
    Render the public page of ``piece``, inside a rehearsal that has put the draft into the row.

    ``path`` is that of a part of the piece, in the default language; ``at`` an aware moment to
    look ahead to: what is scheduled until then has happened, except to this piece, which is what
    it is. Raises ``NoPage``. The response is complete, and no cache keeps it.
    """
    with ExitStack() as stack:
        stack.enter_context(clock.as_of(at or clock.now()))
        stack.enter_context(timezone.override(timezone.get_default_timezone()))
        if at:
            apply_scheduled(at, but=piece)
        make_public(piece)
        path = address(path or paths_of(piece)[0], language)
        stack.enter_context(translation.override(language))
        return kept_by_nobody(render(request, path))


def what_readers_find(request, paths, *, at: datetime.datetime) -> dict[str, bytes | None]:
    """
    What stands at paths of the default language at the moment ``at``, by path; None where nothing.

    ``request`` is that of an editor, and no more of it counts than where it was sent.
    """
    found = {}
    with (
        clock.as_of(at),
        timezone.override(timezone.get_default_timezone()),
        translation.override(settings.LANGUAGE_CODE),
    ):
        for path in paths:
            found[path] = None
            with suppress(NoPage):
                found[path] = render(request, path).content
    return found


def apply_scheduled(at: datetime.datetime, *, but):
    """Let the scheduled changes of other objects happen that are due by the moment ``at``."""
    due = ScheduledChange.objects.pending().filter(change_at__lte=at)
    for change in due.select_related("revision").order_by("change_at"):
        piece = change.revision.piece
        if piece is None or piece == but or not piece.is_approved:
            continue
        # What cannot be applied now will fail then too, and say so.
        with suppress(ValidationError, IntegrityError), transaction.atomic():
            snapshot, _undone = as_applied(change.revision, take_snapshot(piece))
            apply_snapshot(piece, snapshot)
            piece.check_complete()


def make_public(piece):
    now = clock.now()
    facts = {
        "status": Status.APPROVED,
        "publish_at": min(piece.publish_at or now, now),
        "approved_at": piece.approved_at or now,
        "approved_by": piece.approved_by or some_user(piece),
    }
    try:
        with transaction.atomic():
            set_facts(piece, **facts)
    except IntegrityError:
        fill_gaps(piece)
        set_facts(piece, **facts)
    piece.refresh_from_db()
    piece.settle()


def set_facts(piece, **facts):
    type(piece)._base_manager.filter(pk=piece.pk).update(**facts)
    for name, value in facts.items():
        setattr(piece, name, value)


def some_user(piece):
    """Whoever: no page says who approved, but the database asks."""
    return type(piece)._meta.get_field("approved_by").related_model._default_manager.first()


def fill_gaps(piece):
    """Where the database refuses a piece because readers need a text, the preview has “…”."""
    for check in piece.checks():
        if check.blocking and getattr(piece, check.field, None) == "":
            set_facts(piece, **{check.field: "…"})


def paths_of(piece) -> list[str]:
    """
    Return the public paths of a piece and its parts, its own first, in the default language.

    Raises ``NoPage``.
    """
    try:
        with translation.override(settings.LANGUAGE_CODE):
            return list(dict.fromkeys([piece.get_absolute_url(), *piece.pages()]))
    except NoReverseMatch as error:
        raise NoPage from error


def address(path: str, language: str) -> str:
    """Return a path of the default language in another one."""
    with translation.override(settings.LANGUAGE_CODE):
        return translate_url(path, language)


def render(request, path):
    try:
        match = resolve(unquote(path))
        response = match.func(as_a_reader(request, path, match), *match.args, **match.kwargs)
    except (Http404, Gone) as error:
        raise NoPage(path) from error
    if hasattr(response, "render"):
        response.render()
    return HttpResponse(response.content, content_type=response["Content-Type"])


def as_a_reader(request, path, match) -> WSGIRequest:
    """The request that an anonymous reader would send for ``path`` to the same site."""
    environ = {name: value for name, value in request.META.items() if name in SENT_TO}
    environ |= {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(path).encode().decode("latin-1"),
        "QUERY_STRING": "",
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": io.BytesIO(),
    }
    reader = WSGIRequest(environ)
    reader.user = AnonymousUser()
    reader.resolver_match = match
    reader.LANGUAGE_CODE = translation.get_language()
    return reader


def kept_by_nobody(response):
    """No cache keeps it, no search engine lists it, no other site learns its address."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def framed(response):
    """Let a page of ours show the response in a frame, under the rules of a public page."""
    response["Content-Security-Policy"] = build_policy(replace={"frame-ancestors": ["'self'"]})
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response
