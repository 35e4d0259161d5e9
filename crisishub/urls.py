from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path

from crisishub import views
from crisishub.sitemaps import SITEMAPS

handler403 = "crisishub.views.permission_denied"
urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    path("", include("editorial.urls")),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("", include("regions.urls")),
        path("", include("people.urls")),
        path("", include("publications.urls")),
        path("", include("crisiswatch.urls")),
        path("", include("newsletter.urls")),
        re_path(r"^(?P<url>(?:[\w-]+/)+)$", views.page, name="page"),
        prefix_default_language=False,
    ),
]
