"""Everything that a content folder holds, in the order in which it is imported."""

from django.conf import settings
from django.contrib.flatpages.models import FlatPage

import crisiswatch.content
import people.content
import publications.content
import regions.content
from editorial.content import Layout


def show_on_site(page):
    page.sites.set([settings.SITE_ID])


LAYOUTS = [
    Layout(
        FlatPage, folder="pages", key="url", fields=("title",), text="content", finish=show_on_site
    ),
    *regions.content.LAYOUTS,
    *people.content.LAYOUTS,
    *publications.content.LAYOUTS,
    *crisiswatch.content.LAYOUTS,
]
