"""``make_…`` functions for the newsletter, and the links that stand in a mail."""

import re

from django.utils import timezone

from newsletter.addresses import fingerprint
from newsletter.models import Issue, Product, SignUp, Subscriber, Subscription, Suppression, Wording
from tests.factories import number

ADDRESS = "reader@example.org"


def make_subscriber(address=None, regions=(), products=(Product.ALL_UPDATES,), **kwargs):
    """Somebody confirmed."""
    kwargs.setdefault("confirmed_at", timezone.now())
    kwargs.setdefault("welcomed_at", kwargs["confirmed_at"])
    address = address or f"reader{number()}@example.org"
    subscriber = Subscriber.objects.create(address=address, **kwargs)
    for region in regions:
        Subscription.objects.create(subscriber=subscriber, region=region)
    for product in products:
        Subscription.objects.create(subscriber=subscriber, product=product)
    return subscriber


def make_pending(address=ADDRESS):
    return make_subscriber(address, confirmed_at=None, products=())


def make_gone(address=ADDRESS):
    return make_subscriber(address, left_at=timezone.now(), products=())


def make_suppression(address=ADDRESS, reason=Suppression.Reason.COMPLAINED):
    return Suppression.objects.create(fingerprint=fingerprint(address), reason=reason)


def make_sign_up(address=ADDRESS, **kwargs):
    kwargs.setdefault("fingerprint", fingerprint(address))
    kwargs.setdefault("network", "a network")
    kwargs.setdefault("language", "en")
    kwargs.setdefault("wording", "Subscribe!")
    kwargs.setdefault("wording_version", 3)
    if kwargs.get("answered_at"):
        address = ""
    return SignUp.objects.create(address=address, **kwargs)


def make_wording(**kwargs):
    kwargs.setdefault("language", "en")
    kwargs.setdefault("heading", "Hear from %(site)s")
    kwargs.setdefault("sentence", "One sentence.")
    kwargs.setdefault("consent", "The small print.")
    return Wording.objects.create(**kwargs)


def make_issue(**kwargs):
    kwargs.setdefault("subject", f"Issue {number()}")
    return Issue.objects.create(**kwargs)


# What an address can be when somebody enters it.
STATES = {
    "unknown": lambda address: None,
    "pending": make_pending,
    "confirmed": make_subscriber,
    "gone": make_gone,
    "suppressed": make_suppression,
}


def links(mail):
    """The paths of the links in a mail, by the second part of the path (``confirm`` …)."""
    paths = re.findall(r"^http://testserver(\S+)$", mail.body, re.MULTILINE)
    return {re.search(r"newsletter/(\w+)/", path)[1]: path for path in paths}


def make_one_of_each():
    """A row of every model."""
    subscriber = make_subscriber(ADDRESS)
    subscriber.consents.create(action="confirmed")
    make_issue().deliveries.create(subscriber=subscriber)
    make_suppression("gone@example.org")
    make_sign_up("new@example.org")
    make_wording()
