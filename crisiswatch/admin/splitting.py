"""The page on which one situation becomes several."""

import json

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisiswatch.models import Situation
from crisiswatch.months import MonthFormField
from crisiswatch.splitting import first_free, split
from editorial.dates import format_month

PAGE = "crisiswatch_situation_split"
ROWS = 5


class MonthForm(forms.Form):
    month = MonthFormField(
        label=gettext_lazy("first month"),
        help_text=gettext_lazy(
            "From this month on the new ones are followed, and the old one not."
        ),
    )


class PartRows(forms.BaseModelFormSet):
    """The new situations, at least two; rows that were left empty are none."""

    def clean(self):
        super().clean()
        if not any(self.errors) and len(self.named) < 2:
            raise ValidationError(_("Name at least two: else rename it, or end its coverage."))

    @property
    def named(self):
        return [form for form in self.forms if form.has_changed()]


def rows_for(admin, situation):
    """
    The class of the rows of a situation: forms as its own page has them, in the same region and
    with an address made of the name where none is typed.
    """

    class PartForm(admin.form):
        class Meta(admin.form.Meta):
            model = Situation
            fields = ["name", "slug", "region", "countries"]
            widgets = {
                name: widget(Situation._meta.get_field(name), admin.admin_site)
                for name, widget in [
                    ("region", AutocompleteSelect),
                    ("countries", AutocompleteSelectMultiple),
                ]
            }

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Left empty, it is made of the name.")
            self.initial["region"] = situation.region_id

        def has_changed(self):
            """A row without a name in which there is only what it came with is empty."""
            typed = {"name", *self.changed_data} - {"region"}
            return any(self[name].data for name in typed)

        def clean_slug(self):
            slug = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))
            self.cleaned_data["slug"] = slug
            return super().clean_slug()

    return forms.modelformset_factory(Situation, PartForm, formset=PartRows, extra=ROWS)


def suggested(situation) -> list[dict]:
    """What the rows begin with: a situation for each country, or two in the one that there is."""
    countries = list(situation.countries.all())
    if len(countries) == 1:
        return [{"countries": countries}] * 2
    if len(countries) > ROWS:
        return []
    return [{"name": each.name, "countries": [each]} for each in countries]


def slugs_of(rows) -> str:
    """For the admin's own script, which writes a slug while its name is typed."""
    facts = {"name": "slug", "dependency_list": ["name"], "maxLength": 100, "allowUnicode": False}
    return json.dumps(
        [
            facts | {"id": f"#{row['slug'].auto_id}", "dependency_ids": [f"#{row['name'].auto_id}"]}
            for row in rows
        ]
    )


class SplittingMixin:
    """For the admin of situations: ``<pk>/split/``."""

    change_form_template = "admin/crisiswatch/situation/change_form.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.split_view)
        return [path("<int:pk>/split/", view, name=PAGE), *super().get_urls()]

    def split_view(self, request, pk):
        situation = self.get_object(request, str(pk))
        if situation is None:
            raise Http404
        if not (
            self.has_change_permission(request, situation) and self.has_add_permission(request)
        ):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        form = MonthForm(posted, initial={"month": first_free(situation)})
        rows = rows_for(self, situation)(
            posted, queryset=Situation.objects.none(), initial=suggested(situation)
        )
        sent = posted is not None and form.is_valid() and rows.is_valid()
        if sent and (response := self.split(request, situation, form, rows)):
            return response
        context = {
            **self.admin_site.each_context(request),
            "title": _("Split “%s”") % situation,
            "opts": self.opts,
            "original": situation,
            "form": form,
            "rows": rows,
            "prepopulated_fields_json": slugs_of(rows),
            "media": self.media + form.media + rows.media,
        }
        return render(request, "admin/crisiswatch/situation/split.html", context)

    def split(self, request, situation, form, rows):
        """Do what the forms say. Returns None where it is refused, with the sentences in them."""
        month = form.cleaned_data["month"]
        parts = [(row.save(commit=False), row.cleaned_data["countries"]) for row in rows.named]
        try:
            made = split(situation, parts, month=month, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return None
        for part in made:
            self.log_addition(request, part, _("Split from “%s”.") % situation)
        said = {"situation": situation, "month": format_month(month)}
        said["made"] = ", ".join(map(str, made))
        messages.success(
            request, _("From %(month)s on, “%(situation)s” is followed as: %(made)s.") % said
        )
        return HttpResponseRedirect(
            reverse("admin:crisiswatch_situation_change", args=[situation.pk])
        )
