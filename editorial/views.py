from functools import wraps

from django.conf import settings
from django.core import signing
from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from editorial.dates import format_moment
from editorial.languages import spoken_for
from editorial.media import send
from editorial.previewing import NoPage, address, bring_to, kept_by_nobody, paths_of, render_public
from editorial.rehearsing import rehearsal
from editorial.sharing import ClosedLink, files_of, is_in, note_opening, open_link


def with_a_link(view):
    """A page for whoever holds an open preview link; for others a sentence, and 404 or 410."""

    @require_safe
    @wraps(view)
    def opened(request, token, **arguments):
        try:
            return view(request, open_link(token), token, **arguments)
        except (signing.BadSignature, Http404):
            status = 404
        except (ClosedLink, NoPage):
            status = 410
        return kept_by_nobody(render(request, "preview/closed.html", status=status))

    return opened


@with_a_link
def shared(request, link, token):
    """One revision as its page would be now, or a part of it, to somebody without an account."""
    language = spoken_for(request.GET.get("language"))
    if request.method == "GET":
        note_opening(link)
    piece, snapshot = link.revision.piece, link.revision.snapshot
    with rehearsal():
        bring_to(piece, snapshot)
        paths = paths_of(piece)
        parts = {str(number): path for number, path in enumerate(paths)}
        path = parts.get(request.GET.get("part"), paths[0])
        response = render_public(request, piece, language=language, path=path)
    html = with_links_inside(response.content.decode(), paths, piece, snapshot, token)
    with translation.override(language):
        until = format_moment(link.expires_at)
        note = render_to_string("preview/_note.html", {"until": until})
    response.content = html.replace("<body>", f"<body>{note}", 1)
    response["Content-Language"] = language
    return response


def with_links_inside(html, paths, piece, snapshot, token):
    """Let links to the piece, in other languages too, and to its files stay under the link."""
    for code, _name in settings.LANGUAGES:
        for part, path in enumerate(paths):
            inside = f"?part={part}&amp;language={code}"
            html = html.replace(f'href="{address(path, code)}"', f'href="{inside}"')
    for name in {name for _field, name, _focus in files_of(type(piece), snapshot)}:
        shown = reverse("editorial:shared_media", args=[token, name])
        html = html.replace(reverse("editorial:media", args=[name]), shown)
    return html


@with_a_link
def shared_media(request, link, token, path):
    """A file of the shared revision, or a rendition of it; no other."""
    if not is_in(path, link.revision.content_type.model_class(), link.revision.snapshot):
        raise Http404
    return kept_by_nobody(send(request, path, public=False))
