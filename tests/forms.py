"""The admin's forms, filled in and sent as an editor would."""

import datetime
from unittest.mock import patch

from django.db.models.fields.files import FieldFile
from django.template.response import TemplateResponse
from taggit.forms import TagWidget


def form_page(client, path):
    """The context of a page of Django's. It is not rendered, which would take most of the time."""
    with patch.object(TemplateResponse, "rendered_content", ""):
        return client.get(path).context_data


def fields_of(client, path):
    """The values that the form on this page would send back as it stands."""
    return fields_in(form_page(client, path))


def fields_in(page):
    form, formsets = page["adminform"].form, page["inline_admin_formsets"]
    every = [form, *[f for i in formsets for f in (i.formset.management_form, *i.formset.forms)]]
    data = {"_version": page["token"]} if page.get("token") else {}
    for bound in (field for each in every for field in each):
        data |= value_of(bound)
    return data


def value_of(bound):
    """What a browser would send of one field, by its names."""
    value, widget, name = bound.value(), bound.field.widget, bound.html_name
    if hasattr(widget, "decompress"):
        return {f"{name}_{n}": part or "" for n, part in enumerate(widget.decompress(value))}
    if isinstance(widget, TagWidget):
        return {name: widget.format_value(value) or ""}
    if isinstance(value, datetime.date):
        return {name: widget.format_value(value)}
    if value is None or value is False or isinstance(value, FieldFile):
        return {}
    if value is True:
        return {name: "on"}
    return {name: value if isinstance(value, list) else str(value)}


def send(client, path, button="_save", *, refused=False, follow=False, **changes):
    """
    Send the form of a page with some fields changed, by one of its buttons. The page that a save
    leads to is opened only with ``follow``: to render it takes most of the time.
    """
    data = {**fields_of(client, path), **changes, button: "1"}
    response = client.post(path, data, follow=follow)
    wrong = list(response.context.get("errors", [])) if response.context else []
    assert bool(wrong) == refused, wrong
    assert response.status_code == (200 if follow or refused else 302)
    return response


def change(obj):
    return f"/admin/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}/change/"


def withdraw(client, piece, reason="It names a source."):
    path = change(piece).replace("change", "withdraw")
    version = client.get(path).context["version"]
    return client.post(path, {"version": version, "reason": reason})
