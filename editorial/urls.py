from django.urls import path

from editorial import media, views

app_name = "editorial"
urlpatterns = [
    path("media/<path:path>", media.media, name="media"),
    path("preview/<str:token>/", views.shared, name="shared"),
    path("preview/<str:token>/media/<path:path>", views.shared_media, name="shared_media"),
]
