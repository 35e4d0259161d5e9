from django.urls import path

from editorial import views

app_name = "editorial"
urlpatterns = [path("media/<path:path>", views.media, name="media")]
