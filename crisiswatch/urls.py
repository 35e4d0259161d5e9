from django.urls import path, register_converter

from crisiswatch import map_view, views
from crisiswatch.database.exporting import FORMS
from crisiswatch.database.views import database, export
from crisiswatch.feeds.editions import CrisisWatch
from crisiswatch.feeds.entries import Changes, SituationChanges, SituationEntries
from crisiswatch.months import MonthConverter
from crisiswatch.serving import data

register_converter(MonthConverter, "month")

app_name = "crisiswatch"
urlpatterns = [
    path("crisiswatch/", views.editions, name="editions"),
    path("crisiswatch.atom", CrisisWatch(), name="feed"),
    path("crisiswatch/changes.atom", Changes(), name="changes_feed"),
    path("crisiswatch/database/", database, name="database"),
    *[
        path(f"crisiswatch/database.{form}", export, {"form": form}, f"database_{form}")
        for form in FORMS
    ],
    path("crisiswatch/situations/<slug:slug>.atom", SituationEntries(), name="situation_feed"),
    path(
        "crisiswatch/situations/<slug:slug>/changes.atom",
        SituationChanges(),
        name="situation_changes_feed",
    ),
    path("crisiswatch/data/", data, name="data"),
    path("crisiswatch/about/", views.about, name="about"),
    path("crisiswatch/archive/", views.archive, name="archive"),
    path("crisiswatch/situations/", views.situations, name="situations"),
    path("crisiswatch/situations/<slug:slug>/", views.situation, name="situation"),
    path("crisiswatch/<month:month>/", views.edition, name="edition"),
    path("crisiswatch/<month:month>/print/", views.print_edition, name="print"),
    path("crisiswatch/<month:month>/map.json", map_view.month_map, name="map"),
    path("crisiswatch/<month:month>/<slug:slug>/", views.entry, name="entry"),
]
