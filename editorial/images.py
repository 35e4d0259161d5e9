import io
from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from imagefield.fields import ImageField, ImageFieldFile
from imagefield.webp import webp
from PIL import Image

from editorial.files import SmallerThan

ALT_HELP = _("What the picture shows, for those who do not see it.")

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
NOT_READ = _("This picture cannot be read. Take a JPEG, PNG, WebP or GIF.")

# A rendition is made when it is first asked for. Sizes in CSS pixels times two.
SIZES = {
    "portrait": ("crop", (160, 200)),
    "portrait_large": ("crop", (480, 600)),
    "card": ("crop", (640, 360)),
    "wide": ("thumbnail", (1600, 1600)),
}
RENDITIONS = {name: webp(["default", size]) for name, size in SIZES.items()}


class PictureFile(ImageFieldFile):
    @property
    def _image(self):
        """
        The picture of an upload, once it is known to be readable.

        It is read from memory: what the library reads from lacks what Pillow asks of some kinds,
        WebP that one can see through among them. Raises ``ValueError``, ``OSError`` and others.
        """
        if self.closed:
            self.open("rb")
        self.seek(0)
        image = Image.open(io.BytesIO(self.read()), formats=KINDS)
        self.seek(0)
        image.load()
        return image


class PictureField(ImageField):
    """A picture with renditions and a focal point; adds its width, height and focal point."""

    attr_class = PictureFile

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("formats", RENDITIONS)
        kwargs.setdefault("validators", [SmallerThan(megabytes=10)])
        kwargs.setdefault("auto_add_fields", True)
        super().__init__(*args, **kwargs)

    def save_form_data(self, instance, data):
        """Take what a form brought. Raises ``ValidationError`` for what cannot be read."""
        try:
            super().save_form_data(instance, data)
        except ValidationError:
            raise ValidationError({self.name: NOT_READ}) from None


def rendition_size(picture, name: str) -> tuple[int, int]:
    """Return the width and height, in pixels, of a picture file's rendition ``name``."""
    how, (width, height) = SIZES[name]
    if how == "crop":
        return width, height
    scale = min(width / picture.width, height / picture.height, 1)
    return round(picture.width * scale), round(picture.height * scale)


def rendition_path(picture, name: str) -> str:
    """
    Return the path below ``MEDIA_URL`` of a picture file's rendition ``name``.

    It changes with the picture, its focal point and how the rendition is made; it says the focal
    point, so that the rendition can be made for a picture that no row names yet.
    """
    made = picture._process_context(RENDITIONS[name]).name
    focus = "x".join(map(str, picture._ppoi()))
    return f"{picture.name}/{name}-{focus}-{made.rpartition('-')[2]}"


def split_rendition(path: str) -> tuple[str, str, str]:
    """
    Return the file, the rendition and the focal point that a path below ``MEDIA_URL`` names.

    ``people/person/portrait/1f….jpg/card-0.5x0.5-9a….webp`` is the rendition ``card`` of that
    file; the path of a file itself names no rendition and no focal point.
    """
    source, _, last = path.rpartition("/")
    rendition, _, rest = last.partition("-")
    if "." in source.rpartition("/")[2] and rendition in RENDITIONS:
        return source, rendition, rest.rpartition("-")[0]
    return path, "", ""


def picture_at(field, name: str, focus: str):
    """Return the picture file ``name`` as it would be in a row with that focal point."""
    return field.attr_class(SimpleNamespace(**{field.ppoi_field: focus}), field, name)
