"""What an editor types into every field of a form, and nobody outside may ever meet."""

import itertools

from django import forms
from django.test import Client
from imagefield.widgets import PPOIWidget

from people.models import Outlet
from tests import factories
from tests.forms import fields_in, form_page

CANARY = "CANARY"
SLUG = "canary"
# What a new row needs besides texts and files.
ROW = {"started_on": "2001-01-01", "ended_on": "2001-12-31", "is_primary": ""}

_count = itertools.count(1)


def sign_in() -> Client:
    client = Client()
    client.force_login(factories.make_editor())
    return client


def fill_in(client, path, **rest) -> dict:
    """
    The form of a page with a canary in every text, slug and file, in every row, and in a new row
    of every kind; ``rest`` is said by the name of the input.
    """
    path = f"{path}?everything"  # What a piece of another kind would have too.
    page = form_page(client, path)
    data = fields_in(page)
    every = [page["adminform"].form]
    for inline in page["inline_admin_formsets"]:
        formset = inline.formset
        every += formset.forms
        if inline.has_add_permission:
            new = formset.empty_form
            new.prefix = f"{formset.prefix}-{formset.total_form_count()}"
            data[f"{formset.prefix}-TOTAL_FORMS"] = formset.total_form_count() + 1
            start = {bound.name: bound.value() for bound in new} | ROW
            data |= {b.html_name: start[b.name] for b in new if start[b.name] is not None}
            every.append(new)
    for form in every:
        for bound in form:
            if not bound.field.disabled:
                data |= canary_for(bound)
    return data | rest


def outlet_of(name):
    return (Outlet.objects.filter(name=name).first() or factories.make_outlet(name)).pk


def canary_for(bound) -> dict:
    field, words = bound.field, f"{CANARY} {bound.name}"
    match field:
        case forms.SlugField():
            says = f"{SLUG}-{next(_count)}"
        case forms.URLField():  # Of somebody who printed it first.
            outlet = bound.form.add_prefix("original_outlet")
            return {bound.html_name: f"https://{SLUG}.example/{CANARY}", outlet: outlet_of(CANARY)}
        case forms.FileField():
            number = next(_count)
            if bound.name == "file":
                says = factories.pdf(f"{CANARY}.pdf", number)
            else:
                says = factories.picture(f"{CANARY}.png", size=(number, number), colour="gold")
        case forms.CharField() if isinstance(field.widget, PPOIWidget):
            says = "0.25x0.75"
        case forms.CharField() if bound.name == "outside_name":  # Then it is no person from here.
            return {bound.html_name: words, bound.form.add_prefix("person"): ""}
        case forms.CharField():
            says = words
        case _:
            return {}
    return {bound.html_name: says}
