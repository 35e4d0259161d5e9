from django.utils.translation import gettext_lazy as _
from imagefield.fields import ImageField
from imagefield.webp import webp

from editorial.files import SmallerThan

ALT_HELP = _("What the picture shows, for those who do not see it.")

# A rendition is made when it is first asked for. Sizes in CSS pixels times two.
SIZES = {
    "portrait": ("crop", (160, 200)),
    "portrait_large": ("crop", (480, 600)),
    "card": ("crop", (640, 360)),
    "wide": ("thumbnail", (1600, 1600)),
}
RENDITIONS = {name: webp(["default", size]) for name, size in SIZES.items()}


class PictureField(ImageField):
    """A picture with renditions and a focal point; adds its width, height and focal point."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("formats", RENDITIONS)
        kwargs.setdefault("validators", [SmallerThan(megabytes=10)])
        kwargs.setdefault("auto_add_fields", True)
        super().__init__(*args, **kwargs)


def rendition_size(picture, name: str) -> tuple[int, int]:
    """Return the width and height, in pixels, of a picture file's rendition ``name``."""
    how, (width, height) = SIZES[name]
    if how == "crop":
        return width, height
    scale = min(width / picture.width, height / picture.height, 1)
    return round(picture.width * scale), round(picture.height * scale)


def rendition_path(picture, name: str) -> str:
    """Return the path below ``MEDIA_URL``; it changes with the picture and its focal point."""
    made = picture._process_context(RENDITIONS[name]).name
    return f"{picture.name}/{name}-{made.rpartition('-')[2]}"
