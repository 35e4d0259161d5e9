from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<slug:slug>/", views.person, name="person"),
    path("in-the-news/", views.quotes, name="quotes"),
    path("in-the-news/<slug:slug>/", views.quote, name="quote"),
]
