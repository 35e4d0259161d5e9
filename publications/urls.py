from django.urls import path

from publications import views
from publications.citing import FORMS
from publications.feeds.corrections import Corrections
from publications.feeds.podcast import Podcast
from publications.feeds.updates import (
    KindUpdates,
    PersonUpdates,
    RegionUpdates,
    TopicUpdates,
    Updates,
)
from publications.pdf import pdf

app_name = "publications"
urlpatterns = [
    path("publications/", views.publications, name="publications"),
    path("publications/<slug:slug>/", views.publication, name="publication"),
    *[
        path(
            f"publications/<slug:slug>/cite.{form}", views.citation, {"form": form}, f"cite_{form}"
        )
        for form in FORMS
    ],
    path("publications/<slug:slug>.pdf", pdf, name="pdf"),
    path("publications/<slug:slug>.md", views.markdown, name="markdown"),
    path("publications/<slug:slug>/republish/", views.republish, name="republish"),
    path("topics/", views.topics, name="topics"),
    path("topics/<str:slug>/", views.topic, name="topic"),
    path("corrections/", views.corrections, name="corrections"),
    path("updates.atom", Updates(), name="feed"),
    path("corrections.atom", Corrections(), name="corrections_feed"),
    path("podcast.rss", Podcast(), name="podcast_feed"),
    path("publications/<slug:kind>.atom", KindUpdates(), name="kind_feed"),
    path("regions/<slug:slug>/updates.atom", RegionUpdates(), name="region_feed"),
    path("people/<slug:slug>/updates.atom", PersonUpdates(), name="person_feed"),
    path("topics/<str:slug>/updates.atom", TopicUpdates(), name="topic_feed"),
]
