import datetime
import re
from html import unescape
from zlib import crc32

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, linebreaks, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info

from editorial.dates import format_day, format_moment, format_month
from editorial.images import USES, renditions_of
from editorial.richtext import Notes, render_text

register = template.Library()


@register.filter
def day(value):
    """A date, or a moment in the site's time zone, marked up and isolated for direction."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localdate(value, timezone.get_default_timezone())
    return format_html(
        '<bdi><time datetime="{}">{}</time></bdi>', value.isoformat(), format_day(value)
    )


@register.filter
def month(value):
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m}", format_month(value))


@register.filter
def month_text(value):
    """The month without markup, for attributes."""
    return format_month(value)


@register.filter
def lang_attrs(language):
    """`` lang="en" dir="ltr"`` where a text is not in the language of the page, else nothing."""
    language = language or settings.LANGUAGE_CODE
    return "" if language == get_language() else attributes_of(language)


@register.filter
def page_attrs(language):
    """What leads back to the language of the page, inside a text that has ``lang_attrs``."""
    language = language or settings.LANGUAGE_CODE
    return "" if language == get_language() else attributes_of(get_language())


def attributes_of(language):
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    return format_html(' lang="{}" dir="{}"', language, direction)


@register.filter
def rich(html):
    """
    Stored rich text by itself, cleaned once more on its way out, with its footnotes below it.

    Where several texts of a page share their footnotes: ``editorial.richtext.render_text``.
    """
    notes = Notes(prefix=f"t{crc32((html or '').encode())}-")
    text = render_text(html or "", notes=notes, anchors=False).html
    return format_html("{}{}", text, notes.html)


@register.filter
def plain(html):
    """Rich text without its markup, for attributes."""
    return unescape(strip_tags(html or ""))


@register.filter
def paragraphs(text):
    """Plain text; a blank line opens a new paragraph."""
    return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - escaped


@register.filter
def web_address(address):
    """An address that a link may lead to, or nothing: ``javascript:`` is one too, and runs."""
    return address if re.match("https?://", address or "", re.IGNORECASE) else ""


@register.filter
def begins_with(text, start):
    return text.startswith(start)


@register.simple_block_tag
def capture(content):
    """What stands between, kept: ``{% capture as title %}…{% endcapture %}``."""
    return content


@register.simple_block_tag
def lean(content):
    """What stands between, without indentation and empty lines: public pages hold no ``<pre>``."""
    return mark_safe(re.sub(r"\n\s+", "\n", content))  # noqa: S308 - of a template


@register.inclusion_tag("includes/_picture.html")
def picture(file, use, alt, lazy=True):
    """
    A picture in one of the places of ``editorial.images.USES``; width and height are always set.

    Not ``lazy`` is what a reader sees first: at most one on a page.
    """
    offered = renditions_of(file, use, "webp")
    _path, width, height = offered[-1]
    return {
        "src": address_of(offered[-1][0]),
        "webp": srcset(offered),
        "avif": srcset(renditions_of(file, use, "avif")),
        "sizes": USES[use].sizes,
        "alt": alt,
        "width": width,
        "height": height,
        "lazy": lazy,
    }


def address_of(path):
    return reverse("editorial:media", args=[path])


def srcset(offered):
    return ", ".join(f"{address_of(path)} {width}w" for path, width, _height in offered)


@register.simple_tag
def static_anyhow(path):
    """
    The address of a static file, for the page of a server on which much is broken: where even the
    names of these files cannot be read, that page comes without them.
    """
    try:
        return static(path)
    except (ValueError, OSError):
        return f"{settings.STATIC_URL}{path}"


@register.filter
def moment(value):
    """A moment in the active zone and in UTC, for editors."""
    return format_moment(value) if value else ""
