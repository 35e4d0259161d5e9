from django.urls import path

from editorial import views

app_name = "editorial"
urlpatterns = [
    path("media/<path:path>", views.media, name="media"),
    path("preview/<str:token>/", views.shared, name="shared"),
    path("preview/<str:token>/media/<path:path>", views.shared_media, name="shared_media"),
]
