"""The data files: their addresses are in no language."""

from django.urls import path, register_converter

from crisiswatch import serving
from crisiswatch.months import MonthOfDataConverter

register_converter(MonthOfDataConverter, "of")

app_name = "crisiswatch_data"
urlpatterns = [
    path("versions.csv", serving.versions, name="versions"),
    path("latest/<name>", serving.latest, name="latest"),
    path("v<int:number>/<name>", serving.versioned, name="versioned"),
    path("<of:month>/latest/<name>", serving.latest, name="latest_of_month"),
    path("<of:month>/v<int:number>/<name>", serving.versioned, name="versioned_of_month"),
]
