from django.urls import path, register_converter

from crisiswatch import views
from crisiswatch.feeds import CrisisWatch
from crisiswatch.months import MonthConverter

register_converter(MonthConverter, "month")

app_name = "crisiswatch"
urlpatterns = [
    path("crisiswatch/", views.editions, name="editions"),
    path("crisiswatch.atom", CrisisWatch(), name="feed"),
    path("crisiswatch/<month:month>/", views.edition, name="edition"),
    path("crisiswatch/<month:month>/<slug:slug>/", views.entry, name="entry"),
]
