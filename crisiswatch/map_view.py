"""The map of a month by itself, for the slider under it: what changes when the month does."""

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

from crisiswatch.map import world_map
from crisiswatch.models import Edition
from editorial.finding import get_public_or_gone
from regions.models import Region

SECONDS = 300


def month_map(request, month):
    """
    What ``map.js`` puts in place, as JSON: a sentence to be said aloud, and the same HTML that the
    page of the month holds, by the name of the part of the map.
    """
    edition = get_public_or_gone(Edition.objects, month=month)
    world = world_map(edition, edition.entries_in_order(Region.objects.tree()))
    parts = {
        part: render_to_string(f"crisiswatch/_map_{part}.html", {"world": world})
        for part in ("month", "lit", "ways", "legend", "list")
    }
    says = render_to_string("crisiswatch/_map_says.html", {"world": world}).strip()
    response = JsonResponse({"says": says, "parts": parts})
    patch_cache_control(response, public=True, max_age=SECONDS)
    return response
