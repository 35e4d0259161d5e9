"""Pictures as they are kept: upright, in sRGB, of a sensible size, and nothing but a picture."""

import io
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from editorial.files import SmallerThan
from editorial.plain import is_plain

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
MEGABYTES = 20
# What is taken: enough for any camera, and no bomb. The header says it, before anything is decoded.
MOST_PIXELS, LONGEST_SIDE = 60_000_000, 20_000
# What is kept: twice what the widest place on a page shows, and quick to scale.
KEPT_PIXELS, KEPT_SIDE = 12_000_000, 8_000

NOT_READ = _("This picture cannot be read. Take a JPEG, PNG, WebP or GIF.")
DAMAGED = _(
    "This picture is damaged, or a part of it is missing. Save it anew and choose it again."
)
TOO_LARGE = _(
    "This picture has more than 60 megapixels, or a side of more than 20,000 pixels. "
    "Make it smaller."
)
MOVES = _("This picture moves. Take one that stands still.")

SRGB = ImageCms.createProfile("sRGB")


class CleanPicture(SimpleUploadedFile):
    """A picture that ``clean_picture`` has made."""


def clean_picture(file) -> CleanPicture:
    """
    Return a picture as it is to be kept: without EXIF, GPS, XMP, comments and colour profile.

    What is plain already stays as it is, byte for byte. Else what can be seen through becomes a
    PNG, and a photograph a JPEG. Raises ``ValidationError`` with a sentence.
    """
    if isinstance(file, CleanPicture):
        return file
    SmallerThan(MEGABYTES)(file)
    file.seek(0)
    data = file.read()
    file.seek(0)
    with opened(data) as image:
        try:
            image.load()
            kind, kept = (image.format, data) if may_stay(image, data) else made_anew(image, data)
        except Exception:  # Pillow raises whatever its readers stumble over.
            raise ValidationError(DAMAGED) from None
    ending = {"MPO": ".jpg", "JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}[kind]
    return CleanPicture(PurePosixPath(file.name or "picture").stem + ending, kept)


def is_clean(file) -> bool:
    """Whether ``clean_picture`` would keep a picture as it is, by its looks: it is not decoded."""
    file.seek(0)
    data = file.read()
    file.seek(0)
    return may_stay(opened(data), data)


def opened(data: bytes) -> Image.Image:
    """Return the picture, not decoded yet. Raises ``ValidationError``."""
    try:
        image = Image.open(io.BytesIO(data), formats=KINDS)
        moves = getattr(image, "is_animated", False) and image.format != "MPO"
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(TOO_LARGE) from None
    except Exception:
        raise ValidationError(NOT_READ) from None
    if image.width * image.height > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
        raise ValidationError(TOO_LARGE)
    if moves:
        raise ValidationError(MOVES)
    return image


def scale(image) -> float:
    """By how much it has to shrink to be kept; 1 if it need not."""
    by_area = (KEPT_PIXELS / (image.width * image.height)) ** 0.5
    return min(1, by_area, KEPT_SIDE / max(image.size))


def may_stay(image, data):
    is_usual = image.mode != "CMYK" and not image.mode.startswith("I")
    return is_usual and scale(image) == 1 and is_plain(data)


def made_anew(image, data) -> tuple[str, bytes]:
    is_photograph = image.format in ("JPEG", "MPO") or data[12:16] == b"VP8 "
    profile = image.info.get("icc_profile")
    image = eight_bits(ImageOps.exif_transpose(image))
    if (factor := scale(image)) < 1:
        size = [max(1, int(side * factor)) for side in image.size]
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3)
    image = in_srgb(image, profile)
    kind = "JPEG" if is_photograph and image.mode == "RGB" else "PNG"
    return kind, saved(image, kind, **({"quality": 92} if kind == "JPEG" else {}))


def eight_bits(image):
    """Colours that can be scaled: no palette, no sixteen bits, which Pillow would cut off."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "CMYK", "L") else image.convert("RGB")


def in_srgb(image, profile: bytes | None):
    """The colours that a profile means, as a browser shows them that is told of none."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(meant):
                return ImageCms.profileToProfile(image, meant, SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            pass  # A profile that fits nothing says nothing.
    return image.convert(mode)


def saved(image, kind, **options) -> bytes:
    """The bytes of a picture, without what it was told by the file it came from."""
    image.info.clear()
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()
