"""
Days and months as readers of each language write them.

Django's own formats give neither ``14 Sept 2023`` nor ``14 ספט' 2023`` in both languages, so each
language of the interface has a row here; one that has none gets ISO 8601, which all can read.
"""

import datetime

from django.utils import timezone
from django.utils.translation import get_language

SHORT = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec".split(),
    "he": "ינו' פבר' מרץ אפר' מאי יוני יולי אוג' ספט' אוק' נוב' דצמ'".split(),
}
LONG = {
    "en": (
        "January February March April May June July August September October November December"
    ).split(),
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר".split(),
}


def format_day(day: datetime.date, language: str | None = None) -> str:
    """Return ``14 Sept 2023`` in the given or the active language."""
    months = SHORT.get(language or get_language())
    return f"{day.day} {months[day.month - 1]} {day.year}" if months else day.isoformat()


def format_moment(moment: datetime.datetime) -> str:
    """Return ``1 Jul 2024, 11:00 CEST (09:00 UTC)``: the site's zone for editors, and UTC."""
    local, universal = timezone.localtime(moment), moment.astimezone(datetime.UTC)
    said = f"{format_day(local, 'en')}, {local:%H:%M %Z}"
    if local.utcoffset():
        other_day = f"{format_day(universal, 'en')}, " if universal.date() != local.date() else ""
        said += f" ({other_day}{universal:%H:%M} UTC)"
    return said


def format_month(day: datetime.date, language: str | None = None) -> str:
    """Return ``June 2024`` in the given or the active language."""
    months = LONG.get(language or get_language())
    return f"{months[day.month - 1]} {day.year}" if months else f"{day:%Y-%m}"
