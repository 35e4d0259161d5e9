import mimetypes
from functools import wraps
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from editorial.dates import format_moment
from editorial.images import PictureField, picture_at, rendition_path, split_rendition
from editorial.previewing import NoPage, address, bring_to, kept_by_nobody, paths_of, render_public
from editorial.rehearsing import rehearsal
from editorial.sharing import ClosedLink, files_of, is_in, note_opening, open_link


def media(request, path):
    """
    Serve a file, or a rendition of a picture, if what it belongs to is public.

    Signed-in staff see the rest too; what only they may see is kept by nobody's cache.
    """
    public = is_public(path)
    if not public and not (request.user.is_active and request.user.is_staff):
        raise Http404
    return send(path, public=public)


def is_public(path):
    """Whether something public has this file, or shows this very rendition of it."""
    name, rendition, _ = split_rendition(path)
    field = field_of(name, PictureField if rendition else FileField)
    if field is None:
        return False
    owners = field.model.objects.public().filter(**{field.name: name})
    return any(
        not rendition or path == rendition_path(getattr(owner, field.name), rendition)
        for owner in owners
    )


def field_of(name, kind):
    """Return the field that a file was uploaded to, if it is of that kind and can be public."""
    try:
        app, model, field, _ = name.split("/")
        model = apps.get_model(app, model)
        field = model._meta.get_field(field)
    except (ValueError, LookupError, FieldDoesNotExist):
        return None
    can_be_public = isinstance(field, kind) and hasattr(model.objects, "public")
    return field if can_be_public else None


def stored(path):
    """
    Return the name in the storage of a file or a rendition, which is made when first asked for.

    Raises ``Http404`` where there is none.
    """
    name, rendition, focus = split_rendition(path)
    if not Path(default_storage.path(name)).is_file():
        raise Http404
    if not rendition:
        return name
    field = field_of(name, PictureField)
    if field is None:
        raise Http404
    picture = picture_at(field, name, focus)
    is_inside = all(0 <= share <= 1 for share in picture._ppoi())
    if not is_inside or path != rendition_path(picture, rendition):
        raise Http404
    return picture.process(rendition)


def send(path, *, public):
    name = stored(path)
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(default_storage.open(name), content_type=content_type)
    response["ETag"] = f'"{name.rpartition("/")[2]}"'  # The name is the hash of the content.
    response["Cache-Control"] = "public, max-age=600" if public else "private, no-store"
    response["Content-Disposition"] = disposition(content_type)
    return response


def disposition(content_type):
    """Only pictures, sound and PDF open in the browser; nothing that could run does."""
    safe = content_type.startswith(("image/", "audio/")) or content_type == "application/pdf"
    return "inline" if safe and content_type != "image/svg+xml" else "attachment"


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
    language = request.GET.get("language")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
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
    return kept_by_nobody(send(path, public=False))
