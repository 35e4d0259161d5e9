"""What an editor chooses for their own desk."""

from collections import defaultdict
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.dates import format_moment
from editorial.models import Preferences
from editorial.moments import zone_of


def zones():
    """The known zones, each region of the world together; first of all that of the site."""
    groups = defaultdict(list)
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region not in ("Etc", "SystemV", "US"):
            groups[region].append((name, place.replace("_", " ")))
    site = _("that of the site (%s)") % settings.TIME_ZONE
    return [("", site), ("UTC", "UTC"), *groups.items()]


class PreferencesForm(forms.ModelForm):
    time_zone = forms.ChoiceField(required=False, choices=zones)

    class Meta:
        model = Preferences
        fields = ["time_zone"]


def preferences(request, site):
    """One's own preferences; ``site`` is the admin site that shows them."""
    mine = Preferences.objects.filter(user=request.user).first() or Preferences(user=request.user)
    form = PreferencesForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        form.save()
        with timezone.override(zone_of(request.user)):
            messages.success(request, _("Saved. It is now %s.") % format_moment(timezone.now()))
        return HttpResponseRedirect(request.path)
    context = {
        **site.each_context(request),
        "title": _("Preferences"),
        "form": form,
        "now": format_moment(timezone.now()),
    }
    return render(request, "admin/preferences.html", context)
