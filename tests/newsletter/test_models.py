import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from editorial.models import AppendOnly
from newsletter.addresses import fingerprint
from newsletter.models import (
    Consent,
    Delivery,
    Product,
    Subscriber,
    Subscription,
    Suppression,
    Wording,
)
from tests.factories import make_region, make_situation, make_user
from tests.newsletter.factories import (
    ADDRESS,
    make_gone,
    make_issue,
    make_pending,
    make_sign_up,
    make_subscriber,
    make_suppression,
    make_wording,
)

pytestmark = pytest.mark.django_db


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


# Subscribers and subscriptions


def test_an_address_subscribes_once_in_whatever_case():
    make_subscriber("Reader@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_subscriber("reader@EXAMPLE.org".lower())
    assert Subscriber.objects.at("READER@example.org").get().address == "Reader@example.org"


def test_nobody_leaves_who_never_confirmed():
    with refused("newsletter_subscriber_who_left_had_confirmed"):
        make_subscriber(confirmed_at=None, left_at=timezone.now())


@pytest.mark.parametrize(
    ("make", "is_subscribed"), [(make_subscriber, True), (make_pending, False), (make_gone, False)]
)
def test_a_subscriber_has_confirmed_and_not_left(make, is_subscribed):
    assert make(ADDRESS).is_subscribed is is_subscribed


def test_the_name_of_the_row_does_not_give_the_address_away():
    assert "reader" not in str(make_subscriber("reader@example.org")).replace("subscriber", "")


@pytest.mark.parametrize(
    "chosen",
    [[], ["region", "product"], ["region", "situation"], ["region", "situation", "product"]],
)
def test_a_subscription_has_exactly_one_target(chosen):
    targets = {
        "region": make_region(),
        "situation": make_situation(),
        "product": Product.CRISISWATCH,
    }
    subscriber = make_subscriber(products=())
    with refused("newsletter_subscription_has_exactly_one_target"):
        Subscription.objects.create(
            subscriber=subscriber, **{name: targets[name] for name in chosen}
        )


@pytest.mark.parametrize("target", ["region", "situation", "product"])
def test_a_subscriber_subscribes_to_the_same_thing_once(target):
    targets = {
        "region": make_region(),
        "situation": make_situation(),
        "product": Product.CRISISWATCH,
    }
    subscriber = make_subscriber(products=())
    subscription = subscriber.subscriptions.create(**{target: targets[target]})
    assert str(subscription) == str(getattr(targets[target], "label", targets[target]))
    with pytest.raises(IntegrityError):
        subscriber.subscriptions.create(**{target: targets[target]})


def test_confirming_says_whether_it_was_news():
    subscriber, region = make_pending(), make_region()
    assert subscriber.confirm() is True
    assert subscriber.confirm() is False
    assert subscriber.confirm(region=region) is True
    assert subscriber.confirm(region=region) is False
    assert subscriber.consents.filter(action="confirmed").count() == 2


def test_confirming_a_further_region_keeps_the_first_moment():
    subscriber = make_subscriber()
    before = subscriber.confirmed_at
    subscriber.confirm(region=make_region())
    subscriber.refresh_from_db()
    assert subscriber.confirmed_at == before


def test_leaving_without_having_confirmed_records_nothing():
    subscriber = make_pending()
    subscriber.leave()
    assert not subscriber.consents.exists()


# Consents


def make_consent():
    return make_subscriber().consents.create(action=Consent.Action.CONFIRMED)


def test_a_consent_cannot_be_changed():
    consent = make_consent()
    consent.wording = "something else"
    with pytest.raises(AppendOnly):
        consent.save()
    with pytest.raises(AppendOnly):
        Consent.objects.update(wording="something else")
    assert Consent.objects.get().wording == ""


def test_a_consent_cannot_be_deleted():
    consent = make_consent()
    with pytest.raises(AppendOnly):
        consent.delete()
    with pytest.raises(AppendOnly):
        Consent.objects.all().delete()
    with pytest.raises(AppendOnly):
        consent.subscriber.consents.all().delete()
    assert Consent.objects.exists()


def test_a_consent_goes_with_its_subscriber_when_that_is_erased():
    consent = make_consent()
    consent.subscriber.erase()
    assert not Consent.objects.exists()


# Suppressions


def test_a_suppression_names_nobody_and_covers_every_spelling():
    suppression = make_suppression("Reader@example.org")
    assert len(suppression.fingerprint) == 64
    assert "reader" not in f"{suppression} {suppression.fingerprint}".lower()
    assert Suppression.objects.covers("reader@example.org")
    assert not Suppression.objects.covers("other@example.org")


def test_an_address_is_suppressed_once():
    make_suppression()
    with pytest.raises(IntegrityError):
        make_suppression()


# Sign-ups


def test_an_answered_request_cannot_hold_the_address():
    sign_up = make_sign_up()
    with refused("newsletter_signup_once_answered_holds_no_address"):
        type(sign_up).objects.update(answered_at=timezone.now())


def test_erasing_takes_the_requests_along_in_whatever_case():
    make_sign_up("READER@example.org", fingerprint=fingerprint("READER@example.org"))
    other = make_sign_up("other@example.org")
    make_subscriber("reader@example.org").erase()
    assert list(type(other).objects.all()) == [other]


# The wording


def test_the_wording_grows_by_one_with_each_change():
    wording = make_wording()
    assert wording.version == 1
    for version in (2, 3):
        wording.heading = f"Heading {version}"
        wording.revise()
        assert wording.version == version
    assert Wording.current("en").heading == "Heading 3"


def test_a_language_has_one_wording():
    make_wording()
    with pytest.raises(IntegrityError):
        make_wording()


def test_without_a_row_the_wording_is_the_one_we_ship_as_version_0(settings):
    settings.SITE_NAME = "Watchers"
    wording = Wording.current("en")
    assert wording.version == 0
    assert wording.text.startswith("Subscribe to Watchers’s Email Updates\nReceive the best")
    assert not Wording.objects.exists()


def test_the_wording_we_ship_follows_its_own_language_not_the_readers():
    with translation.override("he"):
        assert Wording.by_default("en").sentence.startswith("Receive the best")


# Issues and deliveries


@pytest.mark.parametrize("state", Delivery.State)
@pytest.mark.parametrize("is_leased", [True, False])
def test_a_delivery_is_leased_until_a_moment_while_it_is_under_way_and_only_then(state, is_leased):
    until = timezone.now() if is_leased else None
    delivery = Delivery(
        issue=make_issue(), subscriber=make_subscriber(), state=state, leased_until=until
    )
    if is_leased == (state in {"leased", "sending"}):
        delivery.save()
    else:
        with refused("newsletter_delivery_under_way_says_until_when"):
            delivery.save()


def test_a_subscriber_gets_an_issue_once():
    issue, subscriber = make_issue(), make_subscriber()
    issue.deliveries.create(subscriber=subscriber)
    with pytest.raises(IntegrityError):
        issue.deliveries.create(subscriber=subscriber)


def test_an_issue_needs_a_subject_and_a_body_to_be_approved():
    issue = make_issue(subject="")
    assert str(issue) == "without a subject"
    assert [check.field for check in issue.checks()] == ["subject", "body"]
    issue.subject, issue.body = "June", "What happened."
    issue.approve(by=make_user())
    assert issue.is_public
    assert issue.addresses() == []


def test_an_issue_holds_doubtful_mails_unless_told_otherwise():
    assert make_issue().policy == "hold"
