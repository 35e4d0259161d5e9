from django.urls import path

from newsletter import readers, views

app_name = "newsletter"
urlpatterns = [
    path("newsletter/", views.sign_up, name="sign_up"),
    path("newsletter/check-your-inbox/", views.check_your_inbox, name="check_your_inbox"),
    path("newsletter/confirm/<str:token>/", readers.confirm, name="confirm"),
    path("newsletter/preferences/<str:token>/", readers.preferences, name="preferences"),
    path("newsletter/unsubscribe/<str:token>/", readers.unsubscribe, name="unsubscribe"),
]
