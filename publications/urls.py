from django.urls import path

from publications import views
from publications.feeds import Corrections, LatestUpdates, RegionUpdates

app_name = "publications"
urlpatterns = [
    path("publications/", views.publications, name="publications"),
    path("publications/<slug:slug>/", views.publication, name="publication"),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections.atom", Corrections(), name="corrections_feed"),
    path("updates.atom", LatestUpdates(), name="feed"),
    path("regions/<slug:slug>/updates.atom", RegionUpdates(), name="region_feed"),
]
