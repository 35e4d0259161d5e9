"""The pages behind the links in our mails, through HTTP and the mailbox."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.models import Consent, Product, SignUp, Subscriber, Subscription
from newsletter.tokens import Purpose, make_token
from tests.factories import hidden_states, make_region, make_situation
from tests.newsletter.factories import (
    ADDRESS,
    links,
    make_gone,
    make_pending,
    make_subscriber,
    make_suppression,
    make_wording,
)

pytestmark = pytest.mark.django_db


def path(purpose, subscriber, region=None):
    return f"/newsletter/{purpose}/{make_token(purpose, subscriber, region)}/"


def everything():
    """All rows that a reader's pages may change."""
    return [
        list(model.objects.order_by("pk").values()) for model in (Subscriber, Subscription, Consent)
    ]


def boxes(page, name):
    """The ticked boxes and all boxes of a name, as they stand on a page."""
    found = re.findall(rf'name="{name}" value="([\w-]+)"( checked)?>', page.content.decode())
    return [value for value, ticked in found if ticked], [value for value, _ticked in found]


# Confirming


def test_from_an_address_to_a_confirmed_subscription(reader, mailoutbox):
    region = make_region("Asia")
    reader.sign_up(region=region.slug)
    confirm = reader.link("confirm")
    question = reader.get(confirm).content.decode()
    assert "Confirm your subscription" in question
    assert "Asia" in question
    assert "<button>Confirm</button>" in question
    response = reader.post(confirm)
    assert (response.status_code, response["Location"]) == (303, confirm)
    assert "You are subscribed" in reader.get(confirm).content.decode()
    subscriber = Subscriber.objects.get()
    assert subscriber.is_subscribed
    assert [one.region for one in subscriber.subscriptions.all()] == [region]
    assert links(mailoutbox[-1]).keys() == {"preferences", "unsubscribe"}
    assert all(reader.get(link).status_code == 200 for link in links(mailoutbox[-1]).values())


def test_without_a_region_one_subscribes_to_all_updates(reader):
    reader.subscribe()
    assert Subscription.objects.get().product == Product.ALL_UPDATES


def test_following_the_link_changes_nothing(reader):
    reader.sign_up()
    before = everything()
    for method in (reader.get, reader.client.head, reader.client.put, reader.client.options):
        method(reader.link("confirm"))
    assert everything() == before


def test_the_consent_is_recorded_with_what_the_page_said(reader):
    wording = make_wording(consent="You may leave.", version=5)
    region = make_region(slug="asia")
    reader.sign_up(region="asia")
    assert "You may leave." in reader.get(reader.link("confirm")).content.decode()
    token = reader.link("confirm").split("/")[-2]
    reader.post(reader.link("confirm"))
    consent = Consent.objects.get(action="confirmed")
    assert (consent.wording, consent.wording_version) == (wording.consent, 5)
    assert (consent.topics, consent.page) == (region.slug, "/newsletter/confirm/…/")
    assert token not in consent.page


def test_a_second_press_changes_nothing_and_sends_nothing(reader, mailoutbox):
    reader.sign_up()
    confirm = reader.link("confirm")
    reader.post(confirm)
    before, mails = everything(), len(mailoutbox)
    assert reader.post(confirm).status_code == 303
    assert everything() == before
    assert len(mailoutbox) == mails


def test_two_links_for_two_regions_both_work(reader):
    asia, africa = make_region(slug="asia"), make_region(slug="africa")
    reader.sign_up(region="asia")
    first = reader.link("confirm")
    reader.sign_up(region="africa")
    reader.post(reader.link("confirm"))
    reader.post(first)
    assert set(Subscription.objects.values_list("region", flat=True)) == {asia.pk, africa.pk}


def test_who_has_left_can_come_back(reader):
    gone = make_gone(ADDRESS)
    reader.subscribe()
    gone.refresh_from_db()
    assert gone.is_subscribed
    assert gone.left_at is None


def test_a_link_from_before_leaving_does_not_subscribe_again(reader):
    reader.sign_up()
    confirm = reader.link("confirm")
    reader.post(confirm)
    reader.post(reader.link("unsubscribe"))
    response = reader.post(confirm)
    assert response.status_code == 410
    assert not Subscriber.objects.get().is_subscribed
    assert not Subscription.objects.exists()


def test_an_old_link_offers_the_form(reader, time_machine):
    reader.sign_up(page="/")
    confirm = reader.link("confirm")
    time_machine.move_to(timezone.now() + timedelta(days=8))
    for response in (reader.get(confirm), reader.post(confirm)):
        page = response.content.decode()
        assert response.status_code == 410
        assert "This link no longer works" in page
        assert 'action="/newsletter/"' in page
        assert 'name="page" value="/newsletter/confirm/…/"' in page
    assert not Subscriber.objects.get().is_subscribed


def test_an_address_suppressed_meanwhile_cannot_be_confirmed(reader, mailoutbox):
    reader.sign_up()
    make_suppression(ADDRESS)
    assert reader.post(reader.link("confirm")).status_code == 410
    assert len(mailoutbox) == 1


# Preferences


def test_the_preferences_show_what_is_received(reader):
    world = make_region("World", slug="world")
    asia = make_region("Asia", slug="asia", parent=world, position=2)
    make_region("Korea", slug="korea", parent=asia)
    make_region("Africa", slug="africa", parent=world, position=1)
    subscriber = make_subscriber(regions=[asia], products=[Product.CRISISWATCH], language="he")
    page = reader.get(path(Purpose.PREFERENCES, subscriber))
    assert boxes(page, "region") == (["asia"], ["world", "africa", "asia", "korea"])
    assert boxes(page, "product") == (["crisiswatch"], ["crisiswatch", "all_updates"])
    assert '<option value="he" lang="he" selected>' in page.content.decode()


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled", "withdrawn"])
def test_a_region_that_is_not_public_is_not_offered(reader, state):
    region = make_region("Canary", **hidden_states()[state])
    preferences = path(Purpose.PREFERENCES, make_subscriber())
    assert "Canary" not in reader.get(preferences).content.decode()
    reader.post(preferences, {"region": [region.slug]})
    assert not Subscription.objects.filter(region=region).exists()


def test_saving_the_preferences_makes_them_so(reader):
    asia, africa = make_region(slug="asia"), make_region(slug="africa")
    subscriber = make_subscriber(regions=[asia])
    wishes = {"region": ["africa"], "product": ["crisiswatch"], "language": "he"}
    page = reader.post(path(Purpose.PREFERENCES, subscriber), wishes)
    assert "Your choice is saved." in page.content.decode()
    assert boxes(page, "region")[0] == ["africa"]
    assert boxes(page, "product")[0] == ["crisiswatch"]
    assert subscriber.receives(africa)
    assert not subscriber.receives(asia)
    subscriber.refresh_from_db()
    assert subscriber.language == "he"
    consent = subscriber.consents.get()
    assert (consent.action, consent.topics) == ("changed", "africa, crisiswatch")
    assert consent.page == "/newsletter/preferences/…/"


def test_saving_twice_is_recorded_once(reader):
    subscriber = make_subscriber()
    preferences = path(Purpose.PREFERENCES, subscriber)
    for _press in range(2):
        reader.post(preferences, {"product": ["crisiswatch"], "language": "en"})
    assert subscriber.consents.count() == 1


def test_what_is_not_offered_stays_as_it_is(reader):
    hidden = make_region(**hidden_states()["withdrawn"])
    situation = make_situation()
    subscriber = make_subscriber(regions=[hidden])
    subscriber.subscriptions.create(situation=situation)
    reader.post(path(Purpose.PREFERENCES, subscriber), {"language": "en"})
    left = subscriber.subscriptions.all()
    assert {one.region or one.situation for one in left} == {hidden, situation}


def test_looking_at_the_preferences_changes_nothing(reader):
    preferences = path(Purpose.PREFERENCES, make_subscriber(regions=[make_region()]))
    before = everything()
    reader.get(preferences + "?erase=1&product=crisiswatch")
    reader.client.head(preferences)
    assert everything() == before


@pytest.mark.parametrize("make", [make_pending, make_gone])
def test_who_does_not_subscribe_has_no_preferences(reader, make):
    preferences = path(Purpose.PREFERENCES, make())
    before = everything()
    assert reader.get(preferences).status_code == 410
    assert reader.post(preferences, {"product": ["crisiswatch"]}).status_code == 410
    assert everything() == before


hostile = st.text() | st.sampled_from(["\0", "x" * 9999, "\u202e", "he\r\nX: y", "-1", "1"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {}, optional={name: st.lists(hostile) for name in ["region", "product", "language"]}
    )
)
def test_no_wish_breaks_the_preferences(reader, wishes):
    subscriber = make_subscriber()
    assert reader.post(path(Purpose.PREFERENCES, subscriber), wishes).status_code == 200
    subscriber.refresh_from_db()
    assert subscriber.language == "en"


def test_the_number_of_queries_does_not_grow_with_the_regions(
    reader, django_assert_max_num_queries
):
    regions = [make_region() for _ in range(3)]
    subscriber = make_subscriber(regions=regions)
    preferences = path(Purpose.PREFERENCES, subscriber)
    with django_assert_max_num_queries(5):
        reader.get(preferences)
    regions += [make_region() for _ in range(20)]
    with django_assert_max_num_queries(5):
        reader.get(preferences)
    with django_assert_max_num_queries(20):
        reader.post(preferences, {"region": [region.slug for region in regions]})
    assert subscriber.subscriptions.count() == len(regions)


# Leaving


def test_leaving_takes_a_button(reader):
    subscriber = make_subscriber(regions=[make_region()])
    unsubscribe = path(Purpose.UNSUBSCRIBE, subscriber)
    before = everything()
    assert "<button>Unsubscribe</button>" in reader.get(unsubscribe).content.decode()
    assert everything() == before
    assert "You have unsubscribed" in reader.post(unsubscribe).content.decode()
    subscriber.refresh_from_db()
    assert subscriber.left_at
    assert not subscriber.subscriptions.exists()
    consent = subscriber.consents.get()
    assert (consent.action, consent.page) == ("left", "/newsletter/unsubscribe/…/")
    assert "You have unsubscribed" in reader.get(unsubscribe).content.decode()


def test_a_mail_program_leaves_with_one_click():
    """RFC 8058: a POST from anywhere, without a cookie, answered without a redirect."""
    subscriber = make_subscriber()
    response = Client(enforce_csrf_checks=True).post(
        path(Purpose.UNSUBSCRIBE, subscriber),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": "https://mail.example", "User-Agent": "mail program"},
    )
    assert response.status_code == 200
    subscriber.refresh_from_db()
    assert not subscriber.is_subscribed


def test_leaving_twice_is_leaving_once(reader):
    subscriber = make_subscriber()
    unsubscribe = path(Purpose.UNSUBSCRIBE, subscriber)
    reader.post(unsubscribe)
    before = everything()
    assert reader.post(unsubscribe).status_code == 200
    assert everything() == before


def test_the_preferences_lead_to_leaving(reader):
    preferences = path(Purpose.PREFERENCES, make_subscriber())
    page = reader.get(preferences).content.decode()
    assert (
        reader.get(re.search(r'href="(/newsletter/unsubscribe/\S+)"', page)[1]).status_code == 200
    )


# Being forgotten


def test_everything_about_a_reader_is_deleted_when_they_ask(reader):
    reader.subscribe("Reader@example.org")
    other = make_subscriber("other@example.org")
    erase = reader.link("preferences")
    assert "Delete everything about me" in reader.get(erase).content.decode()
    response = reader.post(erase, {"erase": "1"})
    assert "Everything is deleted" in response.content.decode()
    assert list(Subscriber.objects.all()) == [other]
    assert not Subscription.objects.exclude(subscriber=other).exists()
    assert not Consent.objects.exists()
    assert not SignUp.objects.exists()
    assert reader.get(erase).status_code == 410


def test_a_suppression_outlives_erasure(reader, mailoutbox):
    reader.subscribe()
    erase = reader.link("preferences")
    make_suppression(ADDRESS)
    reader.post(erase, {"erase": "1"})
    mailoutbox.clear()
    reader.sign_up()
    assert not mailoutbox
    assert not Subscriber.objects.exists()


# All of these pages


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("prefix", ["", "/he"])
def test_a_page_behind_a_token_is_kept_by_nobody_and_sets_no_cookie(client, purpose, prefix):
    for token in (make_token(purpose, make_subscriber()), "garbled"):
        for method in (client.get, client.post):
            response = method(f"{prefix}/newsletter/{purpose}/{token}/")
            assert response["Cache-Control"] == "no-store"
            assert response["X-Robots-Tag"] == "noindex"
            assert response["Referrer-Policy"] == "no-referrer"
            assert not response.cookies
            assert "csrf" not in response.content.decode()
            assert "style=" not in response.content.decode()


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(
    "token", ["x", "a:b:c", "%00", "%E2%80%AE", "x" * 3000, "%0d%0aX:y", "..%2f"]
)
def test_a_garbled_link_has_a_page(client, purpose, token):
    for method in (client.get, client.post):
        assert method(f"/newsletter/{purpose}/{token}/").status_code in {404, 410}


@pytest.mark.parametrize("purpose", Purpose)
def test_the_button_needs_no_token_but_the_one_in_the_link(purpose):
    response = Client(enforce_csrf_checks=True).post(path(purpose, make_subscriber()))
    assert response.status_code in {200, 303}


@pytest.mark.parametrize("purpose", [Purpose.PREFERENCES, Purpose.UNSUBSCRIBE])
def test_a_page_behind_a_link_hands_its_token_to_nobody(client, purpose):
    html = client.get(path(purpose, make_subscriber())).content.decode()
    head = html.partition("</head>")[0]
    assert make_token(purpose, Subscriber.objects.get()).partition(":")[0] not in head
    assert "canonical" not in head


def test_whoever_has_left_can_still_have_everything_deleted(client):
    subscriber = make_subscriber()
    client.post(path(Purpose.UNSUBSCRIBE, subscriber))
    page = client.get(path(Purpose.UNSUBSCRIBE, subscriber)).content.decode()
    action = re.search(r'action="([^"]+)"', page).group(1)
    assert client.post(action, {"erase": "1"}).status_code == 200
    assert not Subscriber.objects.exists()
