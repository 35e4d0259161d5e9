"""Pictures from the form to the page."""

import io
import struct
import time
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from editorial import images
from editorial.cleaning import clean_picture
from editorial.images import RENDITIONS, Rendition, rendition_file, rendition_path
from editorial.plain import is_plain
from tests import factories
from tests.forms import change, send

SECRETS = b"Jane Doe", b"Telephone", b"crisis-camera", b"<x:xmpmeta"


@pytest.fixture
def editor(client, db):
    user = factories.make_editor()
    client.force_login(user)
    return user


def photograph(size=(120, 80), kind="JPEG", **options):
    """A picture that tells where, by whom and with what it was taken; blue at the left."""
    image = Image.new("RGB", size, "firebrick")
    image.paste("navy", (0, 0, size[0] // 4, size[1]))
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = "crisis-camera", "Jane Doe"
    exif[0x0112] = options.pop("orientation", 1)
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 58.0, 1.0), 3: "E", 4: (126.0, 33.0, 1.0)})
    if kind in ("JPEG", "PNG"):
        options["comment" if kind == "JPEG" else "pnginfo"] = (
            b"Telephone" if kind == "JPEG" else None
        )
    content = io.BytesIO()
    xmp = {} if kind == "PNG" else {"xmp": b"<x:xmpmeta>Jane Doe</x:xmpmeta>"}
    image.save(content, kind, exif=exif, **xmp, **options)
    return ContentFile(content.getvalue(), name=f"photo.{kind.lower()}")


def opened(name):
    with default_storage.open(name) as file:
        content = file.read()
    image = Image.open(io.BytesIO(content))
    image.load()
    return image, content


def refusal(client, upload):
    """What the form of a person says of a portrait, once it is clear that all else is kept."""
    person = factories.make_person()
    response = send(client, change(person), portrait=upload, contact="What was typed", refused=True)
    assert "What was typed" in response.content.decode()
    [error] = response.context["adminform"].form.errors["portrait"]
    return error


def header_of(width, height):
    """A PNG that says of itself that it is so large, and has one pixel."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    about = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", about) + chunk(b"IDAT", zlib.compress(b"\0" * 4)) + chunk(b"IEND", b"")
    return ContentFile(b"\x89PNG\r\n\x1a\n" + data, name="large.png")


# What is kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_a_picture_was_taken_reaches_nobody(client, editor, kind):
    person = factories.make_person()
    send(client, change(person), "_publish", portrait=photograph(kind=kind), portrait_alt="A")
    person.refresh_from_db()
    original = person.portrait.name
    paths = [rendition_path(person.portrait, name) for name in RENDITIONS]
    for path in [original, *paths]:
        content = b"".join(client.get(f"/media/{path}"))
        assert not any(secret in content for secret in SECRETS)
        shown = Image.open(io.BytesIO(content))
        assert not shown.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & shown.info.keys()


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (-1, 0)), (6, (0, 0))])
def test_a_picture_stands_upright(orientation, corner):
    image = Image.open(clean_picture(photograph(orientation=orientation)))
    assert image.size == ((80, 120) if orientation == 6 else (120, 80))
    x, y = corner[0] % image.width, corner[1] % image.height
    red, _green, blue = image.getpixel((x, y))
    assert blue > red


def test_colours_stay_what_they_were(tmp_path):
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    assert wide.profile.xcolor_space.strip() == "Lab"  # A profile that does not fit says nothing.
    upload = photograph(icc_profile=wide.tobytes())
    red, green, blue = Image.open(clean_picture(upload)).getpixel((100, 40))
    assert abs(red - 178) + abs(green - 34) + abs(blue - 34) < 12


def test_what_can_be_seen_through_stays_so(db):
    content = io.BytesIO()
    Image.new("RGBA", (60, 60), (0, 90, 0, 0)).save(content, "PNG", exif=Image.Exif())
    piece = factories.make_publication(
        image=ContentFile(content.getvalue(), name="a.png"), image_alt="A"
    )
    for name in ("card-320.avif", "wide-480.webp"):
        image, _content = opened(rendition_file(piece.image, name))
        assert image.convert("RGBA").getpixel((5, 5))[3] == 0
    image, _content = opened(rendition_file(piece.image, "share-1200.jpg"))
    assert min(image.getpixel((5, 5))) > 250


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_kind_is_shown_as_it_was(mode):
    content = io.BytesIO()
    grey = Image.new("L", (9, 9), 255)
    image = Image.new("I;16", (9, 9), 65535) if mode == "I;16" else grey.convert(mode)
    image.save(content, "PNG", dpi=(72, 72))
    cleaned = Image.open(clean_picture(ContentFile(content.getvalue(), name="a.png")))
    assert cleaned.convert("RGB").getpixel((4, 4)) == (255, 255, 255)


def test_inks_become_colours():
    content = io.BytesIO()
    Image.new("CMYK", (9, 9), (0, 0, 0, 0)).save(content, "JPEG")
    cleaned = Image.open(clean_picture(ContentFile(content.getvalue(), name="a.jpg")))
    assert (cleaned.mode, cleaned.getpixel((4, 4))) == ("RGB", (255, 255, 255))


def test_what_is_clean_stays_as_it_is():
    for kind in ("JPEG", "PNG", "WEBP"):
        once = clean_picture(photograph(kind=kind)).read()
        assert is_plain(once)
        again = clean_picture(ContentFile(once, name=f"a.{kind.lower()}")).read()
        assert again == once


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_hides_behind_a_picture_goes(kind):
    once = clean_picture(photograph(kind=kind)).read()
    for hidden in (b"<script>alert(1)</script>", b"PK\x03\x04", b"\xff\xd9"):
        assert not is_plain(once + hidden)
        cleaned = clean_picture(ContentFile(once + hidden, name="a.png")).read()
        assert hidden not in cleaned[-64:] or hidden == b"\xff\xd9"
        assert is_plain(cleaned)


@given(st.binary(max_size=60), st.sampled_from(["JPEG", "PNG", "WEBP"]), st.floats(0, 1))
def test_no_bytes_break_the_look_for_metadata(junk, kind, share):
    data = clean_picture(photograph((9, 9), kind)).read()
    place = int(share * len(data))
    assert is_plain(data[:place] + junk + data[place:]) in {True, False}
    assert is_plain(junk) in {True, False}


def test_a_large_photograph_is_kept_smaller():
    large = clean_picture(photograph((5000, 3000)))
    width, height = Image.open(large).size
    assert width * height <= 12_000_000
    assert abs(width / height - 5 / 3) < 0.01


# What is refused


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "a.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "a.png"),
        (b"<!doctype html><title>x</title>", "a.jpg"),
        (b"%PDF-1.4", "a.gif"),
        (b"GIF89a", "a.gif"),
    ],
)
def test_what_is_no_picture_is_refused(client, editor, content, name):
    error = refusal(client, ContentFile(content, name=name))
    assert error == "This picture cannot be read. Take a JPEG, PNG, WebP or GIF."


def test_a_picture_that_is_cut_off_is_refused(client, editor):
    upload = photograph((400, 300))
    error = refusal(client, ContentFile(upload.read()[:-400], name="a.jpg"))
    assert error.startswith("This picture is damaged, or a part of it is missing.")


def test_a_picture_that_moves_is_refused(client, editor):
    content = io.BytesIO()
    first, second = (Image.new("RGB", (9, 9), colour) for colour in ("red", "blue"))
    first.save(content, "GIF", save_all=True, append_images=[second])
    error = refusal(client, ContentFile(content.getvalue(), name="a.gif"))
    assert error == "This picture moves. Take one that stands still."


@pytest.mark.parametrize("size", [(50_000, 50_000), (20_001, 10), (8_000, 8_000), (12_000, 9_000)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(client, editor, size):
    upload, began = header_of(*size), time.perf_counter()
    error = refusal(client, upload)
    assert error.startswith("This picture has more than 60 megapixels")
    assert time.perf_counter() - began < 10  # The form takes most of it; a bomb would take more.


def test_a_picture_of_300_megabytes_is_refused(client, editor, monkeypatch):
    monkeypatch.setattr("editorial.uploading.NoMoreThanWeTake.most", 1024)
    monkeypatch.setattr("editorial.cleaning.MEGABYTES", 1)
    upload = ContentFile(b"\xff" * 3 * 1024 * 1024, name="a.jpg")
    assert refusal(client, upload) == "This file has 3.0 MB; the limit is 1 MB. Make it smaller."


# What is shown


def test_a_page_offers_each_picture_in_two_formats_and_no_larger_than_it_is(client, db):
    factories.make_region("Korea", image=factories.picture(size=(1000, 800)), image_alt="Hills")
    html = client.get("/regions/korea/").content.decode()
    picture = html.partition("<picture>")[2].partition("</picture>")[0]
    assert picture.count("image/avif") == 1
    assert "480w, " in picture
    assert " 960w, " in picture
    assert " 1000w" in picture
    assert 'width="1000" height="400"' in picture
    assert 'fetchpriority="high"' in picture
    assert "lazy" not in picture


@pytest.mark.parametrize("name", ["card-320.avif", "card-320.webp", "wide-480.avif"])
def test_the_focal_point_stays_in_sight(db, name):
    image = io.BytesIO()
    shown = Image.new("RGB", (300, 900), "white")
    shown.paste("navy", (0, 800, 300, 900))
    shown.save(image, "PNG")
    content = ContentFile(image.getvalue(), name="a.png")
    piece = factories.make_publication(image=content, image_alt="A", image_ppoi="0.5x0.95")
    drawn, _content = opened(rendition_file(piece.image, name))
    assert drawn.size == RENDITIONS[name].size(300, 900)
    red, _green, blue = drawn.convert("RGB").getpixel((drawn.width // 2, drawn.height - 5))
    assert blue - red > 60


SIDES = st.integers(1, 20_000)


@given(SIDES, SIDES, st.sampled_from(sorted(RENDITIONS)), st.floats(0, 1), st.floats(0, 1))
def test_what_is_cut_out_lies_inside_and_is_no_larger(width, height, name, x, y):
    rendition: Rendition = RENDITIONS[name]
    left, top, right, bottom = rendition.part(width, height, (x, y))
    assert 0 <= left < right <= 1.0000001
    assert 0 <= top < bottom <= 1.0000001
    across, down = rendition.size(width, height)
    assert 1 <= across <= min(width + 1, rendition.width)
    assert down >= 1


def test_a_rendition_is_made_once(db, monkeypatch):
    piece = factories.make_publication(image=factories.picture(), image_alt="A")
    first = rendition_file(piece.image, "card-320.webp")
    monkeypatch.setattr(images, "draw", None)
    assert rendition_file(piece.image, "card-320.webp") == first
