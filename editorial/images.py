"""Pictures of an object, and the sizes and formats in which pages show them."""

import hashlib
import io
import re
import threading
from dataclasses import dataclass
from types import SimpleNamespace

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models.fields.files import ImageFieldFile as DjangosImageFieldFile
from django.utils.translation import gettext_lazy as _
from imagefield.fields import ImageField, ImageFieldFile
from PIL import Image

from editorial.cleaning import KINDS, clean_picture, saved


def found_by_name(*fields: str) -> list[models.Index]:
    """The indexes by which the owner of a file is found, for the ``Meta`` of a model."""
    return [models.Index(fields=[field], name=f"%(class)s_{field}_file") for field in fields]


ALT_HELP = _("What the picture shows, for those who do not see it.")
LIMITS = _(
    "JPEG, PNG, WebP or GIF, up to 20 MB and 60 megapixels. Where and by whom it was taken is not "
    "kept with it."
)


@dataclass(frozen=True)
class Use:
    """
    A place for pictures on pages: widths in pixels, from the smallest, and for browsers the width
    that it has on which screen. With a ``shape``, width to height, the picture is cut to it.
    """

    widths: tuple[int, ...]
    sizes: str
    shape: tuple[int, int] | None = None
    kinds: tuple[str, ...] = ("avif", "webp")


USES = {
    "portrait": Use((80, 160), "4.5rem", (4, 5)),
    "portrait_large": Use((240, 480), "14rem", (4, 5)),
    "card": Use((320, 640, 960), "(min-width: 24rem) 20rem, 100vw", (16, 9)),
    "wide": Use((480, 800, 1280), "(min-width: 46rem) 44rem, 100vw"),
    "banner": Use((480, 960, 1600), "(min-width: 78rem) 76rem, 100vw", (5, 2)),
    # For other sites that show a link; they take no newer formats.
    "share": Use((1200,), "", (40, 21), ("jpg",)),
}
# Each is made in less than 300 ms of one processor, of which decoding takes a third.
SAVED_AS = {
    "avif": ("AVIF", {"quality": 60, "speed": 9}),
    "webp": ("WEBP", {"quality": 78, "method": 2}),
    "jpg": ("JPEG", {"quality": 85}),
}
# A digest of it stands in every address: what is made in another way has another one.
RECIPE = repr((USES, SAVED_AS))
ADDRESS = re.compile(r"(?P<use>\w+)-(?P<width>\d+)-(?P<focus>.*)-[0-9a-f]{6}\.(?P<kind>\w+)")


@dataclass(frozen=True)
class Rendition:
    use: str
    width: int
    kind: str

    def part(self, width, height, focus=(0.5, 0.5)) -> tuple[float, float, float, float]:
        """What is cut out around the focal point: left, top, right, bottom, each from 0 to 1."""
        across = down = 1.0
        if shape := USES[self.use].shape:
            ratio = shape[0] * height / (shape[1] * width)
            across, down = min(1, ratio), min(1, 1 / ratio)
        left = min(max(focus[0] - across / 2, 0), 1 - across)
        top = min(max(focus[1] - down / 2, 0), 1 - down)
        return left, top, left + across, top + down

    def size(self, width, height) -> tuple[int, int]:
        """Width and height in pixels; no picture gets larger than it is."""
        left, top, right, bottom = self.part(width, height)
        across, down = (right - left) * width, (bottom - top) * height
        factor = min(1, self.width / across)
        return max(1, round(across * factor)), max(1, round(down * factor))


RENDITIONS = {
    f"{name}-{width}.{kind}": Rendition(name, width, kind)
    for name, use in USES.items()
    for kind in use.kinds
    for width in use.widths
}


class PictureFile(ImageFieldFile):
    def save(self, name, content, save=True):
        """Keep a picture, from wherever it comes, clean. Raises ``ValidationError``."""
        content = clean_picture(content)
        DjangosImageFieldFile.save(self, content.name, content, save)

    save.alters_data = True


class PictureFormField(forms.ImageField):
    """Refuses with a sentence what is too large, is no picture, or cannot be shown."""

    default_validators = ()

    def to_python(self, data):
        upload = super(forms.ImageField, self).to_python(data)
        return upload and clean_picture(upload)


class PictureField(ImageField):
    """A picture with renditions and a focal point; adds its width, height and focal point."""

    attr_class = PictureFile

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("auto_add_fields", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(
            **{"form_class": PictureFormField, "help_text": self.help_text or LIMITS, **kwargs}
        )

    def save_form_data(self, instance, data):
        """Take what the form field let pass, which has looked at it already."""
        if isinstance(data, UploadedFile):
            data = clean_picture(data)
        models.ImageField.save_form_data(self, instance, data)
        if data is False:
            setattr(instance, self.ppoi_field, "0.5x0.5")


def renditions_of(picture, use: str, kind: str) -> list[tuple[str, int, int]]:
    """
    Return path, width and height of the renditions of one kind that a page offers in one place.

    From the smallest to the first that shows all that the picture has.
    """
    found = []
    for width in USES[use].widths:
        name = f"{use}-{width}.{kind}"
        size = RENDITIONS[name].size(picture.width, picture.height)
        found.append((rendition_path(picture, name), *size))
        if size[0] < width:
            break
    return found


def rendition_path(picture, name: str) -> str:
    """
    Return the path below ``MEDIA_URL`` of a picture file's rendition ``name``: ``card-640.webp``.

    It changes with the picture, its focal point and how renditions are made; it says the focal
    point, so that the rendition can be made for a picture that no row names yet.
    """
    made, _dot, kind = name.rpartition(".")
    focus = "x".join(map(str, picture._ppoi()))
    digest = hashlib.sha256(f"{focus} {RECIPE}".encode()).hexdigest()[:6]
    return f"{picture.name}/{made}-{focus}-{digest}.{kind}"


def split_rendition(path: str) -> tuple[str, str, str]:
    """
    Return the file, the rendition and the focal point that a path below ``MEDIA_URL`` names.

    ``people/person/portrait/1f….jpg/card-640-0.5x0.5-9a….webp`` is the rendition ``card-640.webp``
    of that file; the path of a file itself names no rendition and no focal point.
    """
    source, _slash, last = path.rpartition("/")
    if found := ADDRESS.fullmatch(last):
        name = "{use}-{width}.{kind}".format(**found.groupdict())
        if "." in source.rpartition("/")[2] and name in RENDITIONS:
            return source, name, found["focus"]
    return path, "", ""


def picture_at(field, name: str, focus: str):
    """Return the picture file ``name`` as it would be in a row with that focal point."""
    return field.attr_class(SimpleNamespace(**{field.ppoi_field: focus}), field, name)


_one_at_a_time = threading.Lock()


def rendition_file(picture, name: str) -> str:
    """
    Return the name in the storage of a rendition, which is made when it is first asked for.

    A process makes one at a time, however many are asked for. Raises ``OSError``.
    """
    base = picture._process_base(picture.name)
    digest = hashlib.sha256(rendition_path(picture, name).encode()).hexdigest()[:12]
    kept = f"{base.path}/{base.basename}{digest}.{name.rpartition('.')[2]}"
    if not picture.storage.exists(kept):
        with _one_at_a_time:
            if not picture.storage.exists(kept):
                with picture.storage.open(picture.name) as file:
                    drawn = draw(file, RENDITIONS[name], picture._ppoi())
                picture.storage.keep(kept, io.BytesIO(drawn))
    return kept


def draw(file, rendition: Rendition, focus) -> bytes:
    """Return the bytes of a rendition of the picture in an open file."""
    with Image.open(file, formats=KINDS) as source:
        size = rendition.size(*source.size)
        part = rendition.part(*source.size, focus)
        factor = size[0] / ((part[2] - part[0]) * source.width)
        # A JPEG can be decoded at a half, a quarter or an eighth.
        source.draft("RGB", [int(side * factor) + 1 for side in source.size])
        box = [share * side for share, side in zip(part, source.size * 2, strict=True)]
        image = source.convert("RGBA" if source.has_transparency_data else "RGB")
    image = image.resize(size, Image.Resampling.LANCZOS, box, reducing_gap=2)
    if rendition.kind == "jpg" and image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", size, "white"), image).convert("RGB")
    kind, options = SAVED_AS[rendition.kind]
    return saved(image, kind, **options)
