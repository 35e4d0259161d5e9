"""
The links in our mails. Whoever holds one has read the mail: the token is the proof.

A token holds the key of a subscriber, never the address, and is signed for one purpose only: the
one that mail programs get for unsubscribing opens neither the preferences nor a confirmation.
"""

from enum import StrEnum

from django.core import signing
from django.utils import timezone

from newsletter.models import Subscriber, Suppression
from newsletter.models.sign_ups import LINK_LIVES
from regions.models import Region


class Purpose(StrEnum):
    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"


class SpentLink(Exception):
    """The link is too old, used up, cut off, made up, or its subscriber is no longer known."""


def make_token(purpose: Purpose, subscriber, region=None) -> str:
    content = {"key": subscriber.key.hex}
    if purpose == Purpose.CONFIRM:
        content |= {"region": region.pk if region else None, "at": timezone.now().timestamp()}
    return signing.dumps(content, salt=f"newsletter.{purpose}")


def read_token(purpose: Purpose, token: str):
    """
    Return the subscriber and the content of a token. Raises ``SpentLink``.

    A link that confirms lives for ``LINK_LIVES``; the others for as long as the subscriber.
    """
    lives = LINK_LIVES if purpose == Purpose.CONFIRM else None
    try:
        content = signing.loads(token, salt=f"newsletter.{purpose}", max_age=lives)
        return Subscriber.objects.get(key=content["key"]), content
    except (signing.BadSignature, Subscriber.DoesNotExist):
        raise SpentLink from None


def read_confirmation(token: str):
    """
    Return the subscriber and the region (or None) that a link in a mail asks to confirm.

    Raises ``SpentLink``, also for a link that was sent before its reader left, and for an address
    that has been suppressed since.
    """
    subscriber, content = read_token(Purpose.CONFIRM, token)
    if subscriber.left_at and content["at"] <= subscriber.left_at.timestamp():
        raise SpentLink
    if Suppression.objects.covers(subscriber.address):
        raise SpentLink
    if content["region"] is None:
        return subscriber, None
    region = Region.objects.public().filter(pk=content["region"]).first()
    if region is None:
        raise SpentLink
    return subscriber, region
