import mimetypes

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.http import FileResponse, Http404
from imagefield.fields import ImageFieldFile

from editorial.images import RENDITIONS, rendition_path


def media(request, path):
    """
    Serve a file, or a rendition of a picture, if what it belongs to is public.

    Signed-in staff see the rest too; what only they may see is kept by nobody's cache.
    """
    name, rendition = split_rendition(path)
    owner, field = public_owner(name)
    if owner is None and not (request.user.is_active and request.user.is_staff):
        raise Http404
    if rendition:
        if owner is None or not is_rendition(path, getattr(owner, field), rendition):
            raise Http404
        name = getattr(owner, field).process(rendition)
    return send(name, public=owner is not None)


def is_rendition(path, file, rendition):
    """Whether the path is the one that ``rendition_path`` makes for this picture now."""
    is_picture = isinstance(file, ImageFieldFile) and rendition in RENDITIONS
    return is_picture and path == rendition_path(file, rendition)


def split_rendition(path):
    """``people/person/portrait/1f….jpg/card-9a….webp`` is the rendition ``card`` of that file."""
    source, _, last = path.rpartition("/")
    if "." in source.rpartition("/")[2] and "-" in last:
        return source, last.rpartition("-")[0]
    return path, None


def public_owner(name):
    """Return a public object that the file ``name`` belongs to and its field, or two Nones."""
    try:
        app, model, field, _ = name.split("/")
        owners = apps.get_model(app, model).objects
        if isinstance(owners.model._meta.get_field(field), FileField):
            return owners.public().filter(**{field: name}).first(), field
    except (ValueError, LookupError, FieldDoesNotExist, AttributeError):
        pass
    return None, None


def send(name, *, public):
    if not default_storage.exists(name):
        raise Http404
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
