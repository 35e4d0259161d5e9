from django.urls import path

from regions import views

app_name = "regions"
urlpatterns = [
    path("regions/", views.regions, name="regions"),
    path("regions/<slug:slug>/", views.region, name="region"),
    path("regions/<slug:slug>/updates/", views.updates, name="updates"),
]
