"""The admin's forms, filled in and sent as an editor would."""

import datetime

from django.db.models.fields.files import FieldFile
from taggit.forms import TagWidget


def fields_of(client, path):
    """The values that the form on this page would send back as it stands."""
    page = client.get(path).context
    form, formsets = page["adminform"].form, page["inline_admin_formsets"]
    every = [form, *[f for i in formsets for f in (i.formset.management_form, *i.formset.forms)]]
    data = {"_version": page["token"]} if page.get("token") else {}
    for each in every:
        for bound in each:
            value = bound.value()
            widget = bound.field.widget
            if hasattr(widget, "decompress"):
                for number, part in enumerate(widget.decompress(value)):
                    data[f"{bound.html_name}_{number}"] = part or ""
            elif isinstance(widget, TagWidget):
                data[bound.html_name] = widget.format_value(value) or ""
            elif value is True:
                data[bound.html_name] = "on"
            elif isinstance(value, datetime.date):
                data[bound.html_name] = widget.format_value(value)
            elif value is not None and value is not False and not isinstance(value, FieldFile):
                data[bound.html_name] = value if isinstance(value, list) else str(value)
    return data


def send(client, path, button="_save", *, refused=False, **changes):
    """Send the form of a page with some fields changed, by one of its buttons."""
    data = {**fields_of(client, path), **changes, button: "1"}
    response = client.post(path, data, follow=True)
    assert response.status_code == 200
    wrong = list(response.context.get("errors", []))
    assert bool(wrong) == refused, wrong
    return response


def change(obj):
    return f"/admin/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}/change/"


def withdraw(client, piece, reason="It names a source."):
    path = change(piece).replace("change", "withdraw")
    version = client.get(path).context["version"]
    return client.post(path, {"version": version, "reason": reason}, follow=True)
