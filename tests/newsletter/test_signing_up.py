"""What happens to a request after its answer: the job, its mails and what it keeps."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.addresses import fingerprint
from newsletter.models import Consent, SignUp, Subscriber, Subscription
from newsletter.models.sign_ups import MAILS_A_DAY
from newsletter.signing_up import answer, welcome
from tests.factories import make_region
from tests.newsletter.factories import (
    ADDRESS,
    STATES,
    links,
    make_gone,
    make_pending,
    make_sign_up,
    make_subscriber,
    make_suppression,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["unknown", "pending", "gone"])
def test_who_is_not_subscribed_gets_a_link_to_confirm(reader, mailoutbox, state):
    STATES[state](ADDRESS)
    reader.sign_up()
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]
    assert links(mailoutbox[0]).keys() == {"confirm"}
    assert not Subscriber.objects.get().is_subscribed
    assert not Subscription.objects.exists()


def test_who_is_subscribed_is_told_so(reader, mailoutbox):
    make_subscriber(ADDRESS)
    reader.sign_up()
    assert "already subscribed" in mailoutbox[0].subject
    assert links(mailoutbox[0]).keys() == {"preferences"}


@pytest.mark.parametrize("state", ["unknown", "pending", "gone"])
def test_the_mail_is_in_the_language_of_the_page(reader, mailoutbox, state):
    STATES[state](ADDRESS)
    reader.sign_up(prefix="/he")
    assert Subscriber.objects.get().language == "he"
    assert mailoutbox[0].extra_headers["Content-Language"] == "he"
    assert reader.link("confirm").startswith("/he/newsletter/confirm/")


def test_who_is_subscribed_keeps_the_language_they_chose(reader, mailoutbox):
    make_subscriber(ADDRESS, language="en")
    reader.sign_up(prefix="/he")
    assert Subscriber.objects.get().language == "en"
    assert mailoutbox[0].extra_headers["Content-Language"] == "en"


def test_a_further_region_waits_for_the_button(reader, mailoutbox):
    subscriber, region = make_subscriber(ADDRESS), make_region("Asia")
    reader.sign_up(region=region.slug)
    assert links(mailoutbox[0]).keys() == {"preferences", "confirm"}
    assert "Asia" in mailoutbox[0].body
    assert not subscriber.receives(region)
    reader.post(reader.link("confirm"))
    assert subscriber.receives(region)


def test_a_region_that_is_received_already_needs_no_button(reader, mailoutbox):
    region = make_region()
    make_subscriber(ADDRESS, regions=[region])
    reader.sign_up(region=region.slug)
    assert links(mailoutbox[0]).keys() == {"preferences"}


def test_a_suppressed_address_gets_nothing_and_nothing_is_kept(reader, mailoutbox):
    make_suppression(ADDRESS)
    reader.sign_up("Reader@Example.org")
    assert not mailoutbox
    assert not Subscriber.objects.exists()
    assert SignUp.objects.get().address == ""


def test_a_suppression_holds_under_a_new_key_while_the_old_one_is_kept(
    reader, mailoutbox, settings
):
    make_suppression(ADDRESS)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key"
    reader.sign_up()
    assert not mailoutbox


def test_the_same_address_in_other_letters_is_the_same_subscriber(reader):
    reader.sign_up("reader@example.org")
    reader.sign_up("READER@EXAMPLE.ORG")
    assert Subscriber.objects.get().address == "reader@example.org"


def test_the_request_is_recorded_with_what_was_shown_where_and_when(reader):
    region = make_region(slug="asia")
    sign_up = make_sign_up(
        region=region, page="/regions/asia/", wording="Really?", wording_version=7
    )
    answer.call(sign_up.pk)
    consent = Consent.objects.get()
    assert (consent.action, consent.topics, consent.page) == ("requested", "asia", "/regions/asia/")
    assert (consent.wording, consent.wording_version) == ("Really?", 7)
    assert consent.at == sign_up.requested_at


def test_an_answered_request_forgets_the_address(reader):
    reader.sign_up()
    sign_up = SignUp.objects.get()
    assert sign_up.answered_at
    assert sign_up.address == ""
    assert sign_up.fingerprint == fingerprint(ADDRESS)


def test_a_job_that_runs_twice_answers_once(mailoutbox):
    sign_up = make_sign_up()
    answer.call(sign_up.pk)
    answer.call(sign_up.pk)
    assert len(mailoutbox) == 1
    assert Consent.objects.count() == 1


def test_a_job_whose_request_is_gone_does_nothing(mailoutbox):
    answer.call(4711)
    assert not mailoutbox


def test_an_address_gets_so_many_mails_a_day_and_the_same_answer(reader, mailoutbox, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    answers = {reader.sign_up("Reader@example.org").status_code for _ in range(MAILS_A_DAY + 2)}
    assert answers == {303}
    assert len(mailoutbox) == MAILS_A_DAY
    reader.sign_up("other@example.org")
    assert len(mailoutbox) == MAILS_A_DAY + 1
    time_machine.move_to(now + timedelta(hours=25))
    reader.sign_up()
    assert len(mailoutbox) == MAILS_A_DAY + 2


@pytest.fixture
def broken_mail(monkeypatch):
    def refuse(self, *args, **kwargs):
        raise OSError(f"550 {self.to} unknown here")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    return monkeypatch


def test_a_mail_that_did_not_leave_is_sent_later_by_the_next_job(broken_mail, mailoutbox):
    first = make_sign_up("first@example.org", requested_at=timezone.now() - timedelta(minutes=10))
    answer.call(first.pk)
    first.refresh_from_db()
    assert (first.address, first.answered_at) == ("first@example.org", None)
    broken_mail.undo()
    answer.call(make_sign_up("second@example.org").pk)
    assert sorted(mail.to for mail in mailoutbox) == [["first@example.org"], ["second@example.org"]]
    assert Consent.objects.count() == 2


@pytest.mark.parametrize("age", [timedelta(minutes=1), timedelta(days=2)])
def test_what_may_still_be_under_way_or_is_too_old_is_left_alone(mailoutbox, age):
    make_sign_up("first@example.org", requested_at=timezone.now() - age)
    answer.call(make_sign_up("second@example.org").pk)
    assert [mail.to for mail in mailoutbox] == [["second@example.org"]]


def test_what_the_mail_server_says_does_not_reach_the_log(broken_mail, caplog):
    answer.call(make_sign_up().pk)
    assert "OSError" in caplog.text
    assert ADDRESS not in caplog.text


def test_requests_are_forgotten_after_seven_days(mailoutbox):
    now = timezone.now()
    old = make_sign_up(requested_at=now - timedelta(days=8), answered_at=now)
    young = make_sign_up(requested_at=now - timedelta(days=6), answered_at=now)
    answer.call(make_sign_up("new@example.org").pk)
    assert not SignUp.objects.filter(pk=old.pk).exists()
    assert SignUp.objects.filter(pk=young.pk).exists()


def test_an_address_that_nobody_confirms_is_forgotten_with_its_link(time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    answer.call(make_sign_up("pending@example.org").pk)
    make_subscriber("confirmed@example.org")
    make_gone("gone@example.org")
    time_machine.move_to(now + timedelta(days=6))
    answer.call(make_sign_up("again@example.org").pk)
    assert Subscriber.objects.count() == 4
    time_machine.move_to(now + timedelta(days=8))
    answer.call(make_sign_up("new@example.org").pk)
    kept = {"confirmed@example.org", "gone@example.org", "again@example.org", "new@example.org"}
    assert set(Subscriber.objects.values_list("address", flat=True)) == kept


def test_the_welcome_mail_is_sent_once(mailoutbox):
    subscriber = make_subscriber(welcomed_at=None)
    welcome.call(subscriber.pk)
    welcome.call(subscriber.pk)
    assert len(mailoutbox) == 1
    assert links(mailoutbox[0]).keys() == {"preferences", "unsubscribe"}


def test_who_comes_back_is_welcomed_again(reader, mailoutbox):
    reader.subscribe()
    reader.post(reader.link("unsubscribe"))
    reader.subscribe()
    assert [mail.subject for mail in mailoutbox].count(mailoutbox[-1].subject) == 2
    assert "unsubscribe" in links(mailoutbox[-1])


@pytest.mark.parametrize("make", [make_pending, make_gone])
def test_nobody_is_welcomed_who_does_not_subscribe(mailoutbox, make):
    welcome.call(make().pk)
    welcome.call(4711)
    assert not mailoutbox


def test_a_welcome_that_did_not_leave_may_be_sent_again(broken_mail, mailoutbox):
    subscriber = make_subscriber(welcomed_at=None)
    welcome.call(subscriber.pk)
    broken_mail.undo()
    welcome.call(subscriber.pk)
    assert len(mailoutbox) == 1


def test_a_welcome_that_did_not_leave_goes_out_with_the_next_answer(broken_mail, mailoutbox):
    subscriber = make_subscriber(welcomed_at=None)
    welcome.call(subscriber.pk)
    broken_mail.undo()
    answer.call(4711)
    assert [mail.to for mail in mailoutbox] == [[subscriber.address]]
