import datetime
import re
from html import unescape

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, linebreaks, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from editorial.dates import format_day, format_moment, format_month
from editorial.images import rendition_path, rendition_size
from editorial.richtext import clean_html

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
    """Stored rich text; cleaned once more on its way out. A wide table scrolls by keyboard too."""
    scroll = format_html(
        '<div class="scroll" role="group" tabindex="0" aria-label="{}">', _("Table")
    )
    html = clean_html(html or "").replace("<table>", f"{scroll}<table>")
    return mark_safe(html.replace("</table>", "</table></div>"))  # noqa: S308 - cleaned above


@register.filter
def plain(html):
    """Rich text without its markup, for attributes."""
    return unescape(strip_tags(html or ""))


@register.filter
def paragraphs(text):
    """Plain text; a blank line opens a new paragraph."""
    return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - escaped


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
def picture(file, rendition, alt, lazy=True):
    """A picture in one of the sizes of ``editorial.images``; width and height are always set."""
    width, height = rendition_size(file, rendition)
    return {
        "path": rendition_path(file, rendition),
        "alt": alt,
        "width": width,
        "height": height,
        "lazy": lazy,
    }


@register.filter
def moment(value):
    """A moment in the active zone and in UTC, for editors."""
    return format_moment(value) if value else ""
