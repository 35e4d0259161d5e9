"""What a reader asks of the database of entries, as it stands in the address."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext_lazy as _

from crisiswatch.models import Entry, Situation
from crisiswatch.months import MonthFormField
from editorial.addresses import slugs_now
from editorial.dates import format_month
from publications.listing import Choice
from regions.models import Region

LONGEST = 200  # Letters of what is looked for.
NAMED = 3  # Values of a filter that are told, on the page and in the name of a file.
PAGES = {"situation": "crisiswatch:situation", "region": "regions:region"}
ALERT_LABELS = {
    "conflict_risk_alert": _("Conflict risk alert"),
    "resolution_opportunity": _("Resolution opportunity"),
}


class Several(forms.MultipleChoiceField):
    """Some values of many, in their own order. ``also`` are other names of values."""

    def __init__(self, unknown, **kwargs):
        super().__init__(required=False, **kwargs)
        self.unknown, self.also = unknown, {}

    def to_python(self, value):
        said = {self.also.get(each, each) for each in super().to_python(value) if each}
        known = [each for each, _label in self.choices if each in said]
        return [*known, *sorted(said.difference(known))]

    def validate(self, value):
        labels = dict(self.choices)
        if unknown := [each for each in value if each not in labels]:
            shown = ", ".join(f"“{Truncator(each).chars(60)}”" for each in unknown[:3])
            raise ValidationError(self.unknown, params={"value": shown})


class Question(forms.Form):
    """
    The filters of the database; all of them narrow down, of the values of one any will do.

    A situation is named by its code, which stays when it is called otherwise. A slug that it had
    once means it too, and so it is with regions: an address passed on finds the same for good.
    """

    q = forms.CharField(label=_("Words"), max_length=LONGEST, required=False)
    situation = Several(
        _("There is no situation to choose that is called %(value)s."), label=_("Situation")
    )
    region = Several(_("There is no region to choose that is called %(value)s."), label=_("Region"))
    trend = Several(_("There is no trend to choose that is called %(value)s."), label=_("Trend"))
    alert = Several(_("There is no alert to choose that is called %(value)s."), label=_("Alert"))
    since = MonthFormField(label=_("From"), required=False)
    until = MonthFormField(label=_("To"), required=False)

    def __init__(self, said):
        super().__init__(said)
        facts = ("code", "slug", "name", "region_id")
        self.situations = list(Situation.objects.public().only(*facts).order_by("name"))
        self.tree = Region.objects.tree()
        self.regions = list(self.tree.depth_first())
        self.fields["situation"].choices = [(each.code, each.name) for each in self.situations]
        self.fields["region"].choices = [(each.slug, each.name) for each in self.regions]
        self.know("situation", {each.slug: each.code for each in self.situations})
        self.know("region", {each.slug: each.slug for each in self.regions})
        self.fields["trend"].choices = Entry.Trend.choices
        self.fields["alert"].choices = list(ALERT_LABELS.items())

    def know(self, name, values):
        """
        Tell a field by what else its values go, which are given by the slugs of their pages: by
        these slugs, and by earlier ones.
        """
        renamed = {slug: value for slug, value in values.items() if slug not in values.values()}
        unknown = {*self.data.getlist(name)}.difference(values, values.values())
        earlier = slugs_now(PAGES[name], unknown)
        earlier = {old: values[now] for old, now in earlier.items() if now in values}
        self.fields[name].also = renamed | earlier

    def clean_q(self):
        words = self.cleaned_data["q"]
        return " ".join("".join(each if each.isprintable() else " " for each in words).split())

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This month lies before the one from which you look."))

    @property
    def words(self):
        return self.cleaned_data["q"]

    @property
    def months(self):
        return [self["since"], self["until"]]

    @property
    def on(self) -> dict:
        """The filters that are used, with what was chosen in them."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def pairs(self, *without) -> list[tuple[str, str]]:
        """The question as it stands in an address: always in the same order, without the empty."""
        return [
            (name, f"{value:%Y-%m}" if name in ("since", "until") else value)
            for name in self.fields
            if name in self.on and name not in without
            for value in as_list(self.on[name])
        ]

    @property
    def query(self) -> str:
        return urlencode(self.pairs())

    @property
    def one_situation(self) -> Situation | None:
        """The one that is meant, if only one is."""
        codes = self.on.get("situation", [])
        return next((each for each in self.situations if [each.code] == codes), None)

    def chosen(self) -> list[tuple[str, Choice]]:
        """What is on: the name of each filter, with the way to the list without it."""
        return [
            (name, Choice(f"{self.fields[name].label}: {said}", urlencode(self.pairs(name))))
            for name, said in self.said().items()
        ]

    def said(self) -> dict[str, str]:
        """What was chosen in each filter, in words."""
        found = {}
        for name, value in self.on.items():
            labels = dict(getattr(self.fields[name], "choices", []))
            if name in ("since", "until"):
                found[name] = format_month(value)
            elif labels:
                found[name] = ", ".join(some_of([str(labels[each]) for each in value]))
            else:
                found[name] = f"“{value}”"
        return found

    def file_name(self) -> str:
        """Without its ending: what was asked, as far as a name holds it."""
        parts = ["crisiswatch"]
        for name in self.on:
            values = [value for other, value in self.pairs() if other == name]
            more = [f"and-{len(values) - NAMED}"] if len(values) > NAMED else []
            named = slugify("-".join([*values[:NAMED], *more]), allow_unicode=True)
            parts.append(f"{name}-{named[:60]}")
        return "_".join(parts)[:180].rstrip("-_")


def some_of(labels) -> list[str]:
    """The first few, and how many there are besides."""
    more = [str(_("%(count)s more") % {"count": len(labels) - NAMED})] if labels[NAMED:] else []
    return [*labels[:NAMED], *more]


def as_list(value):
    return value if isinstance(value, list) else [value]
