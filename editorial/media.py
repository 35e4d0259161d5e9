"""
Files for readers: a file is as public as what it belongs to.

The first three parts of its name say which field of which model holds it; whoever is public and
has it there lets everybody have it.
"""

import re
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from editorial.images import (
    PictureField,
    picture_at,
    rendition_file,
    rendition_path,
    split_rendition,
)
from editorial.ranges import UNSATISFIABLE, answer_with_part, part_of

# What names of files do not hold on one system or another.
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
# Not asked of the system, whose table may know fewer.
TYPES = {
    "avif": "image/avif",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "mp3": "audio/mpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# The address changes with the content, so nobody has to ask whether it is still the same; but what
# is withdrawn must go. Caches that serve others ask after ten minutes. A reader's own browser may
# keep for a day what that reader has had.
PUBLIC = "public, max-age=86400, s-maxage=600, immutable"
# A file that is opened by itself is a page of ours: it runs nothing and reaches nothing. The PDF
# readers of browsers do not work in a sandbox; they have one of their own.
NOTHING = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
SANDBOX = f"{NOTHING}; sandbox"


@require_safe
def media(request, path):
    """
    Serve a file, or a rendition of a picture, if what it belongs to is public.

    Signed-in staff see the rest too; what only they may see is kept by nobody's cache.
    """
    public, label = publicity(path)
    if not public and not (request.user.is_active and request.user.is_staff):
        raise Http404
    return send(request, path, public=public, label=label)


def publicity(path) -> tuple[bool, str]:
    """Whether something public has this file, or this very rendition; and what it calls it."""
    name, rendition, _focus = split_rendition(path)
    field = field_of(name, PictureField if rendition else FileField)
    if field is None:
        return False, ""
    owners = field.model.objects.public().filter(**{field.name: name}).order_by()
    if rendition:
        foci = set(owners.values_list(field.ppoi_field, flat=True))
        shown = {rendition_path(picture_at(field, name, focus), rendition) for focus in foci}
        return path in shown, ""
    if isinstance(field, PictureField):
        return owners.exists(), ""
    owner = owners.first()
    return owner is not None, str(owner or "")


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


def stored(path) -> str:
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
    focal_point = picture._ppoi()
    is_inside = len(focal_point) == 2 and all(0 <= share <= 1 for share in focal_point)
    if not is_inside or path != rendition_path(picture, rendition):
        raise Http404
    return rendition_file(picture, rendition)


def send(request, path, *, public, label="") -> HttpResponse:
    """Answer with a file: all of it, the part that is asked for, or where nginx finds it."""
    name = stored(path)
    if not_changed := get_conditional_response(request, etag=etag(name)):
        response = not_changed
    elif settings.MEDIA_ACCEL:
        response = HttpResponse(headers={"X-Accel-Redirect": quote(settings.MEDIA_ACCEL + name)})
    else:
        response = all_or_part(request, name)
    for header, value in headers_of(name, public, label).items():
        response[header] = value
    if response.status_code == UNSATISFIABLE:
        response["Cache-Control"] = "no-store"
    return response


def all_or_part(request, name):
    size = default_storage.size(name)
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": size})
    file = default_storage.open(name)
    part = answer_with_part(request, etag(name), size, partial(part_of, file))
    if part is None:
        return FileResponse(file)
    part._resource_closers.append(file.close)
    return part


def etag(name):
    """The name is the hash of the content."""
    return f'"{name.rpartition("/")[2]}"'


def headers_of(name, public, label) -> dict[str, str]:
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    content_type = TYPES.get(ending, "application/octet-stream")
    opens = content_type.startswith(("image/", "audio/")) or ending == "pdf"
    label = " ".join(NOT_IN_NAMES.sub(" ", label).split())
    called = f"{label}.{ending}" if label else ""
    return {
        "Content-Type": content_type,
        # Only pictures, sound and PDF open in the browser; nothing that could run does.
        "Content-Disposition": content_disposition_header(not opens, called) or "inline",
        "Content-Security-Policy": NOTHING if ending == "pdf" else SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": PUBLIC if public else "private, no-store",
        "Accept-Ranges": "bytes",
        "ETag": etag(name),
    }
