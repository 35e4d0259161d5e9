from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from crisishub import finding, sitemaps, views
from crisishub.api import api, nothing_here
from crisishub.api.guide import api_guide

handler403 = "crisishub.views.permission_denied"
urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    path("", include("editorial.urls")),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap_of"),
    path("data/crisiswatch/", include("crisiswatch.data_urls")),
    path("api/v1/", api.urls),
    path("api/<path:rest>", nothing_here, name="api_nothing"),
    *i18n_patterns(
        path("api/", api_guide, name="api_guide"),
        path("", views.home, name="home"),
        path("search/", finding.search, name="search"),
        path("search/suggest", finding.titles, name="search_titles"),
        path("opensearch.xml", finding.opensearch, name="opensearch"),
        path("", include("regions.urls")),
        path("", include("people.urls")),
        path("", include("publications.urls")),
        path("", include("crisiswatch.urls")),
        path("", include("newsletter.urls")),
        re_path(r"^(?P<url>(?:[\w-]+/)+)$", views.page, name="page"),
        prefix_default_language=False,
    ),
]
