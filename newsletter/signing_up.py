"""
From an address in a form to a confirmed subscription.

Whatever the state of an address (unknown, asked, confirmed, gone, suppressed), a request does the
same: it keeps one row and wakes one job. Only the job looks, so neither the answer nor its time
tells anybody who is a subscriber.
"""

import logging
from functools import partial

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from newsletter import mails
from newsletter.addresses import fingerprint
from newsletter.models import Consent, SignUp, Subscriber, Suppression

AT_A_TIME = 100

log = logging.getLogger(__name__)


@transaction.atomic
def receive(address, *, network, language, region, page, wording):
    """Keep a request and have it answered once it is kept."""
    sign_up = SignUp.objects.create(
        address=address,
        fingerprint=fingerprint(address),
        network=network,
        language=language,
        region=region,
        page=page,
        wording=wording.text,
        wording_version=wording.version,
    )
    transaction.on_commit(partial(answer.enqueue, sign_up.pk))


@task()
def answer(sign_up_id: int):
    """Answer a request, then those that a lost job or a broken mail server has left behind."""
    answer_one(sign_up_id)
    for left_over in SignUp.objects.left_over().values_list("pk", flat=True)[:AT_A_TIME]:
        answer_one(left_over)
    for unwelcomed in Subscriber.objects.unwelcomed().values_list("pk", flat=True)[:AT_A_TIME]:
        welcome_one(unwelcomed)
    forget()


def answer_one(sign_up_id: int):
    """Does nothing the second time: the row is claimed before its mail is sent."""
    with transaction.atomic():
        waiting = SignUp.objects.select_for_update().filter(pk=sign_up_id, answered_at=None)
        sign_up = waiting.first()
        if sign_up is None:
            return
        mail = prepare(sign_up)
        waiting.update(answered_at=timezone.now(), address="")
    if mail and not send(mail):
        again = SignUp.objects.filter(pk=sign_up_id)
        again.update(answered_at=None, address=sign_up.address)


def prepare(sign_up):
    """Note who asked for what, and return the mail that answers, or None where none may go out."""
    if Suppression.objects.covers(sign_up.address) or sign_up.is_one_too_many():
        return None
    subscriber = Subscriber.objects.meet(sign_up.address)
    if not subscriber.is_subscribed:
        subscriber.language = sign_up.language
        subscriber.save()
    subscriber.consents.get_or_create(
        action=Consent.Action.REQUESTED,
        at=sign_up.requested_at,
        defaults={
            "topics": sign_up.region.slug if sign_up.region else "all_updates",
            "wording": sign_up.wording,
            "wording_version": sign_up.wording_version,
            "page": sign_up.page,
        },
    )
    write = mails.already_subscribed if subscriber.is_subscribed else mails.please_confirm
    return write(subscriber, sign_up.region)


@task()
def welcome(subscriber_id: int):
    """Send the welcome mail, once for each time that somebody has joined."""
    welcome_one(subscriber_id)


def welcome_one(subscriber_id: int):
    unwelcomed = Subscriber.objects.unwelcomed().filter(pk=subscriber_id)
    if unwelcomed.update(welcomed_at=timezone.now()):
        subscriber = Subscriber.objects.get(pk=subscriber_id)
        if not send(mails.welcome(subscriber)):
            Subscriber.objects.filter(pk=subscriber_id).update(welcomed_at=None)


def send(mail) -> bool:
    """
    Hand a mail over and return whether that worked.

    What the mail server says may hold the address, so only the kind of error goes to the log.
    """
    try:
        mail.send()
    except Exception as error:
        log.warning("a mail could not be sent and waits: %s", type(error).__name__)
        return False
    return True


def forget():
    """Delete requests as old as their links, and the addresses that nobody confirmed meanwhile."""
    for old in (SignUp.objects.old(), Subscriber.objects.forgotten()):
        some = list(old.values_list("pk", flat=True)[:AT_A_TIME])
        old.model.objects.filter(pk__in=some).delete()
