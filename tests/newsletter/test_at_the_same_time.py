"""Two presses of a button, or two workers with one job, at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from newsletter.models import Consent, Subscriber, Subscription
from newsletter.signing_up import answer, welcome
from tests.newsletter.factories import ADDRESS, make_pending, make_sign_up, make_subscriber

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 4


def at_once(act):
    """Call ``act`` in several threads, as nearly at one moment as can be."""
    gate = Barrier(TIMES)

    def run(_number):
        try:
            gate.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(run, range(TIMES)))


def test_pressed_at_once_confirms_once():
    subscriber = make_pending()
    news = at_once(lambda: Subscriber.objects.get(pk=subscriber.pk).confirm())
    assert sorted(news) == [False] * (TIMES - 1) + [True]
    assert Subscription.objects.count() == 1
    assert Consent.objects.count() == 1


def test_worked_at_once_a_request_is_answered_once(mailoutbox):
    sign_up = make_sign_up()
    at_once(lambda: answer.call(sign_up.pk))
    assert len(mailoutbox) == 1
    assert Consent.objects.count() == 1


def test_worked_at_once_one_welcome_is_sent(mailoutbox):
    subscriber = make_subscriber(welcomed_at=None)
    at_once(lambda: welcome.call(subscriber.pk))
    assert len(mailoutbox) == 1


def test_requests_of_a_new_address_at_once_make_one_subscriber(mailoutbox):
    waiting = [make_sign_up(address).pk for address in (ADDRESS, "READER@example.org") * 2]
    at_once(lambda: answer.call(waiting.pop()))
    assert Subscriber.objects.count() == 1
    assert len(mailoutbox) == TIMES
