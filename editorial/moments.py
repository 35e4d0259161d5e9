"""
Moments as editors type them: a day and an hour in their own zone, with UTC beside it.

Where the clock goes forward an hour does not exist, and where it goes back one exists twice
(PEP 495). Both are asked about, never guessed.
"""

import datetime
import functools
import re
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from js_asset import Script

from editorial.dates import format_day
from editorial.models import Preferences

FIRST_YEAR, LAST_YEAR = 1900, 2199
DAY = re.compile(r"([0-9]{4,6})-([0-9]{1,2})-([0-9]{1,2})")
HOUR = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]*)?)?")


def zone_of(user) -> datetime.tzinfo:
    """The zone that a user has chosen, or else that of the site."""
    chosen = Preferences.objects.filter(user=user.pk).values_list("time_zone", flat=True).first()
    return ZoneInfo(chosen) if chosen else timezone.get_default_timezone()


def in_the_editors_zone(view):
    """Let a view, and the template that it answers with, say all moments in the user's zone."""

    @functools.wraps(view)
    def in_zone(request, *args, **kwargs):
        with timezone.override(zone_of(request.user)):
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    return in_zone


def moments_at(local: datetime.datetime, zone: datetime.tzinfo) -> list[datetime.datetime]:
    """The moments, in UTC, at which clocks in ``zone`` show ``local``: none, one or two."""
    read = [local.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC) for fold in (0, 1)]
    shown = [moment.astimezone(zone).replace(tzinfo=None, fold=0) == local for moment in read]
    return sorted({moment for moment, is_so in zip(read, shown, strict=True) if is_so})


def edges_of_gap(local, zone) -> tuple[datetime.datetime, datetime.datetime]:
    """The last minute before an hour that clocks leap over and the first one after it."""
    after, before = (
        local.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC) for fold in (0, 1)
    )
    offset = before.astimezone(zone).utcoffset()
    while after - before > datetime.timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    leap = after.replace(microsecond=0)
    return (leap - datetime.timedelta(minutes=1)).astimezone(zone), leap.astimezone(zone)


def parse_day(text: str) -> datetime.date:
    """Read a day as ISO 8601 has it. Raises ``ValidationError``."""
    found = DAY.fullmatch(text)
    if not found:
        raise ValidationError(_("Write the day as year-month-day: 2024-07-01."))
    year, month, day = map(int, found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise ValidationError(_("Choose a year from %(first)s to %(last)s.") % years)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise ValidationError(_("There is no such day.")) from None


def parse_hour(text: str) -> datetime.time:
    """Read an hour from 00:00 to 23:59, with seconds or without. Raises ``ValidationError``."""
    found = HOUR.fullmatch(text)
    try:
        return datetime.time(*map(int, found.groups(default="0")))
    except (AttributeError, ValueError):
        sentence = _("Write the hour as hours and minutes, from 00:00 to 23:59.")
        raise ValidationError(sentence) from None


def parse_moment(text: str) -> datetime.datetime | None:
    """Read a moment as the form sends it back, or return None."""
    try:
        moment = datetime.datetime.fromisoformat(text)
        return moment.astimezone(datetime.UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def in_utc(moment) -> str:
    universal = moment.astimezone(datetime.UTC)
    return f"{format_day(universal, 'en')}, {universal:%H:%M} UTC"


def choices_of(moments) -> list[tuple[str, str]]:
    """The two moments that one hour may be, in words."""
    zone = timezone.get_current_timezone()
    said = [
        _("the first %(hour)s (%(zone)s, %(utc)s)"),
        _("the second %(hour)s (%(zone)s, %(utc)s)"),
    ]
    local = [moment.astimezone(zone) for moment in moments]
    return [
        (
            moment.isoformat(),
            says % {"hour": f"{own:%H:%M}", "zone": f"{own:%Z}", "utc": f"{moment:%H:%M} UTC"},
        )
        for says, moment, own in zip(said, moments, local, strict=True)
    ]


class MomentWidget(forms.Widget):
    """
    A day and an hour, sent as ``_0`` and ``_1``; ``_2`` says which moment is meant by them.

    That is a hidden field that holds the stored moment to its last digit, or a choice where the
    hour exists twice.
    """

    use_fieldset = True

    class Media:
        js = [Script("js/desk/moments.js", type="module")]

    def value_from_datadict(self, data, files, name):
        return [(data.get(f"{name}_{part}") or "").strip() for part in range(3)]

    def value_omitted_from_data(self, data, files, name):
        return not any(f"{name}_{part}" in data for part in range(3))

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_

    def decompress(self, value):
        """The three parts of a stored moment."""
        if not value:
            return ["", "", ""]
        local = timezone.localtime(value)
        hour = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
        return [local.date().isoformat(), hour, value.astimezone(datetime.UTC).isoformat()]

    def render(self, name, value, attrs=None, renderer=None):
        day, hour, which = value if isinstance(value, list) else self.decompress(value)
        try:
            local = datetime.datetime.combine(parse_day(day), parse_hour(hour))
            moments = moments_at(local, timezone.get_current_timezone())
        except ValidationError:
            moments = []
        attrs = self.build_attrs(self.attrs, attrs)
        context = {
            "name": name,
            "id": attrs.pop("id", f"id_{name}"),
            "attrs": flatatt(attrs),
            "day": day,
            "hour": hour,
            "which": which,
            "first": f"{FIRST_YEAR}-01-01",
            "last": f"{LAST_YEAR}-12-31",
            "zone": timezone.get_current_timezone_name(),
            "utc": in_utc(moments[0]) if len(moments) == 1 else "",
            "choices": choices_of(moments) if len(moments) > 1 else [],
        }
        return render_to_string("admin/moment.html", context)


class MomentField(forms.Field):
    """
    A moment, aware, in UTC. See ``MomentWidget`` for what the form sends.

    Raises ``ValidationError`` for an hour that does not exist or exists twice in the active zone.
    """

    widget = MomentWidget

    def to_python(self, value):
        if isinstance(value, datetime.datetime) or not value:
            return value or None
        day, hour, which = value
        if not day and not hour:
            return None
        if not day or not hour:
            raise ValidationError(_("Say the hour too.") if day else _("Say the day too."))
        local = datetime.datetime.combine(parse_day(day), parse_hour(hour))
        return self.the_one(local, parse_moment(which))

    def the_one(self, local, which):
        """The moment that clocks show as ``local``; ``which``, if that is one of two."""
        zone = timezone.get_current_timezone()
        found = moments_at(local, zone)
        said = {"hour": f"{local:%H:%M}", "zone": zone}
        if which and which.replace(microsecond=0) in found:
            return which
        if len(found) > 1:
            twice = _("%(hour)s comes twice on this day: the clock goes back. Choose which one.")
            raise ValidationError(twice % said)
        if not found:
            before, after = (self.say(edge, local) for edge in edges_of_gap(local, zone))
            leap = _(
                "There is no %(hour)s on this day: the clock goes forward, from %(before)s to "
                "%(after)s. Choose one of these, or another hour."
            )
            raise ValidationError(leap % {**said, "before": before, "after": after})
        return found[0]

    def say(self, edge, local):
        other_day = "" if edge.date() == local.date() else f"{format_day(edge, 'en')}, "
        return f"{other_day}{edge:%H:%M} ({edge:%Z})"

    def has_changed(self, initial, data):
        try:
            return not self.disabled and self.to_python(data) != (initial or None)
        except ValidationError:
            return True
