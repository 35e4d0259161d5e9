from django.conf import settings
from django.contrib import admin
from django.contrib.flatpages.models import FlatPage
from django.contrib.staticfiles.storage import staticfiles_storage
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import csrf, defaults

from crisishub.desk import under_policy
from crisiswatch.models import Edition
from people.models import Quote
from publications.models import Publication
from regions.models import Region


def home(request):
    edition = Edition.objects.public().first()
    tree = Region.objects.tree()
    context = {
        "edition": edition,
        "entries": edition.entries_in_order(tree) if edition else [],
        "publications": Publication.objects.public().as_works()[:7],
        "quotes": Quote.objects.public().as_cards()[:4],
        "tree": tree,
    }
    return render(request, "home.html", context)


def page(request, url):
    """A flat page (about, privacy policy); the same text under every language's prefix."""
    page = get_object_or_404(FlatPage, url=f"/{url}", sites=settings.SITE_ID)
    return render(request, "page.html", {"page": page})


def robots(request):
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


def favicon(request):
    return redirect(staticfiles_storage.url("favicon.svg"))


def permission_denied(request, exception):
    """Answer 403; on the desk, with the reason."""
    if not is_on_the_desk(request):
        return defaults.permission_denied(request, exception)
    return refuse_on_the_desk(request, _("You may not see this page"), reason=str(exception))


def csrf_failure(request, reason=""):
    """Answer 403 to a form that did not come from a page of ours; ``reason`` is Django's."""
    if not is_on_the_desk(request):
        return csrf.csrf_failure(request, reason)
    return refuse_on_the_desk(request, _("This form was not sent"), not_sent=True)


def is_on_the_desk(request):
    return request.path_info.startswith(reverse("admin:index"))


@under_policy
def refuse_on_the_desk(request, title, **said):
    context = {**admin.site.each_context(request), "title": title, **said}
    return render(request, "admin/403.html", context, status=403)
