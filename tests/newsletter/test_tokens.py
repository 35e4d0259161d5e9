from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.tokens import Purpose, SpentLink, make_token, read_confirmation, read_token
from tests.factories import hidden_states, make_region
from tests.newsletter.factories import make_gone, make_pending, make_subscriber, make_suppression

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_token_leads_to_its_subscriber_and_does_not_hold_the_address():
    subscriber = make_subscriber("reader@example.org")
    token = make_token(Purpose.PREFERENCES, subscriber)
    assert read_token(Purpose.PREFERENCES, token)[0] == subscriber
    assert "reader" not in str(signing.loads(token, salt="newsletter.preferences"))


@pytest.mark.parametrize("made_for", Purpose)
@pytest.mark.parametrize("used_for", Purpose)
def test_a_token_serves_one_purpose_only(made_for, used_for):
    subscriber = make_subscriber()
    token = make_token(made_for, subscriber)
    if made_for == used_for:
        assert read_token(used_for, token)[0] == subscriber
    else:
        with pytest.raises(SpentLink):
            read_token(used_for, token)


def test_a_link_to_confirm_lives_for_seven_days(time_machine):
    time_machine.move_to(timezone.now())
    token = make_token(Purpose.CONFIRM, make_pending())
    time_machine.shift(7 * DAY - timedelta(minutes=1))
    assert read_confirmation(token)
    time_machine.shift(timedelta(minutes=2))
    with pytest.raises(SpentLink):
        read_confirmation(token)


@pytest.mark.parametrize("purpose", [Purpose.PREFERENCES, Purpose.UNSUBSCRIBE])
def test_the_other_links_do_not_age(purpose, time_machine):
    token = make_token(purpose, make_subscriber())
    time_machine.move_to(timezone.now() + 3000 * DAY)
    assert read_token(purpose, token)


def test_a_link_from_before_its_reader_left_is_spent():
    subscriber = make_subscriber()
    token = make_token(Purpose.CONFIRM, subscriber)
    subscriber.leave()
    with pytest.raises(SpentLink):
        read_confirmation(token)


def test_a_link_from_after_its_reader_left_works():
    subscriber = make_gone()
    assert read_confirmation(make_token(Purpose.CONFIRM, subscriber)) == (subscriber, None)


def test_a_link_to_an_address_that_has_been_suppressed_is_spent():
    subscriber = make_pending()
    token = make_token(Purpose.CONFIRM, subscriber)
    make_suppression(subscriber.address)
    with pytest.raises(SpentLink):
        read_confirmation(token)


def test_a_link_says_which_region_it_is_about():
    region = make_region()
    token = make_token(Purpose.CONFIRM, make_pending(), region)
    assert read_confirmation(token)[1] == region


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled", "withdrawn"])
def test_a_link_about_a_region_that_is_not_public_is_spent(state):
    region = make_region()
    token = make_token(Purpose.CONFIRM, make_pending(), region)
    type(region).objects.filter(pk=region.pk).update(**hidden_states()[state])
    with pytest.raises(SpentLink):
        read_confirmation(token)


def test_nobody_stays_known_by_a_token_once_erased():
    subscriber = make_subscriber()
    token = make_token(Purpose.PREFERENCES, subscriber)
    subscriber.erase()
    with pytest.raises(SpentLink):
        read_token(Purpose.PREFERENCES, token)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(), end=st.text(max_size=3))
def test_a_garbled_token_is_spent(token, end):
    made = make_token(Purpose.CONFIRM, make_pending(f"{timezone.now().timestamp()}@example.org"))
    for garbled in (token, made[:-1], made[1:], made + "x" + end, made.swapcase()):
        with pytest.raises(SpentLink):
            read_token(Purpose.CONFIRM, garbled)
