"""The pages behind the links in our mails. A GET shows a button; only a POST does something."""

from functools import partial, wraps

from django.conf import settings
from django.db import transaction
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from newsletter.models import Product, Wording
from newsletter.signing_up import welcome
from newsletter.tokens import Purpose, SpentLink, make_token, read_confirmation, read_token
from newsletter.views import SeeOther
from regions.models import Region


def own_page(view):
    """
    For a page behind a token: no cache keeps it, no search engine lists it, no site hears of it.

    The token is also what stands in for a CSRF token: nobody else can make one.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request, token):
        try:
            response = view(request, token)
        except SpentLink:
            context = {"sign_up_page": page_of(request, token)}
            response = render(request, "newsletter/spent.html", context, status=410)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


@own_page
def confirm(request, token):
    subscriber, region = read_confirmation(token)
    if request.method == "POST":
        wording = Wording.current(request.LANGUAGE_CODE)
        shown = {"wording": wording.consent, "wording_version": wording.version}
        if subscriber.confirm(region=region, page=page_of(request, token), **shown):
            transaction.on_commit(partial(welcome.enqueue, subscriber.pk))
        return SeeOther(request.path)
    context = {"region": region, "wording": Wording.current(request.LANGUAGE_CODE)}
    if subscriber.receives(region):
        context["preferences"] = make_token(Purpose.PREFERENCES, subscriber)
    return render(request, "newsletter/confirm.html", context)


@own_page
def preferences(request, token):
    subscriber, _content = read_token(Purpose.PREFERENCES, token)
    if request.method == "POST" and "erase" in request.POST:
        subscriber.erase()
        return render(request, "newsletter/erased.html")
    if not subscriber.is_subscribed:
        raise SpentLink
    offered = list(Region.objects.tree().depth_first())
    if request.method == "POST":
        wishes = read_wishes(request.POST, offered, subscriber)
        subscriber.change(**wishes, offered=offered, page=page_of(request, token))
    chosen = subscriber.subscriptions.all()
    context = {
        "subscriber": subscriber,
        "is_saved": request.method == "POST",
        "regions": offered,
        "chosen_regions": {subscription.region_id for subscription in chosen},
        "products": Product.choices,
        "chosen_products": {subscription.product for subscription in chosen},
        "unsubscribe": make_token(Purpose.UNSUBSCRIBE, subscriber),
    }
    return render(request, "newsletter/preferences.html", context)


@own_page
def unsubscribe(request, token):
    """A POST answers 200 and does not redirect: mail programs send it too (RFC 8058)."""
    subscriber, _content = read_token(Purpose.UNSUBSCRIBE, token)
    if request.method == "POST":
        subscriber.leave(page=page_of(request, token))
    context = {
        "subscriber": subscriber,
        "preferences": make_token(Purpose.PREFERENCES, subscriber),
    }
    return render(request, "newsletter/unsubscribe.html", context)


def page_of(request, token):
    """The path of a page as a consent keeps it: without the token, which is a key."""
    return request.path.replace(token, "…")


def read_wishes(posted, offered, subscriber):
    """What the form asks for; what it does not offer counts as not ticked."""
    slugs, products = posted.getlist("region"), posted.getlist("product")
    language = posted.get("language")
    return {
        "regions": [region for region in offered if region.slug in slugs],
        "products": [product for product in Product if product in products],
        "language": language if language in dict(settings.LANGUAGES) else subscriber.language,
    }
