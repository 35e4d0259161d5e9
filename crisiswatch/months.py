"""Months are dates that stand on the first day."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

YEARS = range(1990, 2200)  # Whoever types “24”, or “20245”, for a year means another one.


class MonthInput(forms.DateInput):
    input_type = "month"

    def format_value(self, value):
        return f"{value:%Y-%m}" if isinstance(value, datetime.date) else value


class MonthFormField(forms.Field):
    widget = MonthInput

    def to_python(self, value):
        return parse_month(value)


class MonthField(models.DateField):
    """A month; kept as its first day, written ``2024-06`` (ISO 8601)."""

    def to_python(self, value):
        return parse_month(value)

    def formfield(self, **kwargs):
        kwargs.pop("widget", None)
        return super().formfield(**{"form_class": MonthFormField, **kwargs})

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return f"{value:%Y-%m}" if value else ""


class MonthConverter:
    """``2024/06`` in an address."""

    regex = "[0-9]{4}/[0-9]{2}"

    def to_python(self, value):
        return datetime.date.fromisoformat(f"{value.replace('/', '-')}-01")

    def to_url(self, value):
        return value.isoformat()[:7].replace("-", "/")


class IsoMonthConverter(MonthConverter):
    """``2024-06`` in an address."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_url(self, value):
        return value.isoformat()[:7]


class MonthOfDataConverter:
    """``2024-06`` in an address, as in the data: the text stays as it is."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)[:7]


def last_months(month: datetime.date, count: int) -> list[datetime.date]:
    """The ``count`` months that end with ``month``, oldest first."""
    number = number_of(month)
    return [of_number(each) for each in range(number - count + 1, number + 1)]


def months_between(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """All months from ``first`` to ``last``, both among them; none if the last lies before."""
    return [of_number(each) for each in range(number_of(first), number_of(last) + 1)]


def number_of(month: datetime.date) -> int:
    """Months counted from the beginning of the calendar, so that one can reckon with them."""
    return month.year * 12 + month.month - 1


def of_number(number: int) -> datetime.date:
    return datetime.date(number // 12, number % 12 + 1, 1)


def months_on(month: datetime.date, count: int) -> datetime.date:
    """The month that comes ``count`` months after one, or before it where that is negative."""
    return of_number(number_of(month) + count)


def parse_month(value) -> datetime.date | None:
    """Read ``2024-06`` or any day of that month. Raises ``ValidationError``."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime.date):
        return datetime.date(value.year, value.month, 1)
    try:
        month = datetime.date.fromisoformat(f"{value}-01")
    except (TypeError, ValueError):
        message = _("“%(value)s” is not a month: write it as 2024-06.")
        raise ValidationError(message, params={"value": value}) from None
    if month.year not in YEARS:
        message = _("“%(value)s” is not a month to choose: years go from %(first)s to %(last)s.")
        params = {"value": value, "first": YEARS[0], "last": YEARS[-1]}
        raise ValidationError(message, params=params)
    return month
