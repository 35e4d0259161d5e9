"""The sign-up form and its answer, through HTTP."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.models import SignUp, Subscriber
from newsletter.models.sign_ups import REQUESTS_AN_HOUR
from tests.factories import hidden_states, make_region
from tests.newsletter.factories import ADDRESS, STATES, make_sign_up, make_wording

pytestmark = pytest.mark.django_db
INBOX = "/newsletter/check-your-inbox/"


@pytest.fixture
def queue(settings):
    """Jobs wait in the database, as they do in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_an_address_is_answered_with_check_your_inbox(reader):
    response = reader.sign_up()
    assert (response.status_code, response["Location"]) == (303, INBOX)
    assert "Check your inbox" in reader.get(INBOX).content.decode()


def test_the_answer_keeps_the_language_of_the_page(reader):
    response = reader.sign_up(prefix="/he")
    assert response["Location"] == f"/he{INBOX}"
    assert reader.get(f"/he{INBOX}").status_code == 200


def test_a_request_keeps_what_was_asked_and_shown(reader, queue):
    region = make_region()
    wording = make_wording(language="he")
    reader.sign_up("Reader@EXAMPLE.org", "/he", region=region.slug, page="/he/regions/x/")
    sign_up = SignUp.objects.get()
    assert (sign_up.address, sign_up.region, sign_up.language) == (
        "Reader@example.org",
        region,
        "he",
    )
    assert (sign_up.wording, sign_up.wording_version) == (wording.text, wording.version)
    assert sign_up.page == "/he/regions/x/"
    assert sign_up.answered_at is None
    assert "192.0.2" not in sign_up.network


def test_a_request_enqueues_one_job_that_holds_nothing_but_its_number(reader, queue):
    reader.sign_up()
    job = DBTaskResult.objects.get()
    assert job.task_path == "newsletter.signing_up.answer"
    assert job.args_kwargs == {"args": [SignUp.objects.get().pk], "kwargs": {}}


def test_no_job_starts_before_the_request_is_kept(
    client, queue, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as waiting:
        client.post("/newsletter/", {"address": ADDRESS})
    assert len(waiting) == 1
    assert not DBTaskResult.objects.exists()


@pytest.fixture
def ask(reader, queue):
    """Enter an address of a given state: what the site answers, adds and asks of the database."""

    def ask(state, address):
        STATES[state](address)
        before = SignUp.objects.count(), DBTaskResult.objects.count()
        with CaptureQueriesContext(connection) as queries:
            response = reader.sign_up(address)
        after = SignUp.objects.count(), DBTaskResult.objects.count()
        added = [late - early for early, late in zip(before, after, strict=True)]
        asked = [re.search(r"\w+ .*?(?=\w+_\w+)|SAVEPOINT", query["sql"])[0] for query in queries]
        return {
            "status": response.status_code,
            "headers": dict(response.headers),
            "page": response.content,
            "added": added,
            "queries": asked,
        }

    return ask


def test_the_answer_is_the_same_whatever_the_state_of_the_address(ask):
    said = [ask(state, f"{state}@example.org") for state in STATES]
    assert all(one == said[0] for one in said)
    assert said[0]["added"] == [1, 1]
    assert len(said[0]["queries"]) <= 6


def test_a_request_looks_neither_at_subscribers_nor_at_suppressions(reader, queue):
    with CaptureQueriesContext(connection) as queries:
        reader.sign_up()
    asked = " ".join(query["sql"] for query in queries)
    assert "newsletter_signup" in asked
    assert "newsletter_subscriber" not in asked
    assert "newsletter_suppression" not in asked


@pytest.mark.parametrize("typed", ["", "no address", "a@b", "a@b.org\nBcc: c@d.org", "x" * 300])
def test_what_is_no_address_brings_the_form_back_with_what_was_typed(reader, typed):
    response = reader.sign_up(typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert response["Cache-Control"] == "no-store"
    assert f'value="{typed}"' in page
    assert 'aria-invalid="true" aria-describedby="address-error"' in page
    assert re.search(r'id="address-error">Please type an e-mail address', page)
    assert not SignUp.objects.exists()


def test_the_form_that_comes_back_still_knows_its_region_and_page(reader):
    page = reader.sign_up("no address", region="asia", page="/regions/asia/").content.decode()
    assert 'name="region" value="asia"' in page
    assert 'name="page" value="/regions/asia/"' in page


def test_what_was_typed_is_escaped(reader):
    page = reader.sign_up('"><script>alert(1)</script>', region='"><b>').content.decode()
    assert "<script>alert" not in page
    assert '"><b>' not in page


def test_a_good_form_shows_no_error(reader):
    page = reader.get("/newsletter/").content.decode()
    assert "aria-invalid" not in page
    assert "address-error" not in page
    assert 'type="email" name="address" value=""' in page
    assert 'name="page" value="/newsletter/"' in page


@pytest.mark.parametrize("address", [ADDRESS, "no address", ""])
def test_a_robot_gets_the_same_answer_and_leaves_no_trace(reader, mailoutbox, address):
    response = reader.sign_up(address, website="https://example.com")
    assert (response.status_code, response["Location"]) == (303, INBOX)
    assert not SignUp.objects.exists()
    assert not mailoutbox


def test_the_trap_for_robots_is_out_of_sight_without_inline_styles(reader):
    page = reader.get("/newsletter/").content.decode()
    assert re.search(r'<div class="quiet" aria-hidden="true">.*name="website" tabindex="-1"', page)
    assert "style=" not in page


def test_a_network_may_ask_so_often_and_then_is_told_to_wait(reader):
    for number in range(REQUESTS_AN_HOUR):
        assert (
            reader.sign_up(f"r{number}@example.org", network=f"192.0.2.{number}").status_code == 303
        )
    response = reader.sign_up()
    assert response.status_code == 429
    assert "Please try again in an hour." in response.content.decode()
    assert f'value="{ADDRESS}"' in response.content.decode()
    assert SignUp.objects.count() == REQUESTS_AN_HOUR
    assert reader.sign_up(network="198.51.100.1").status_code == 303


def test_after_an_hour_the_network_may_ask_again(reader, time_machine):
    for number in range(REQUESTS_AN_HOUR):
        reader.sign_up(f"r{number}@example.org")
    sent = SignUp.objects.latest("requested_at").requested_at
    time_machine.move_to(sent + timedelta(minutes=59))
    assert reader.sign_up().status_code == 429
    time_machine.move_to(sent + timedelta(minutes=61))
    assert reader.sign_up().status_code == 303


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled", "withdrawn"])
def test_a_region_that_is_not_public_is_not_given_away(reader, queue, state):
    region = make_region("Canary", **hidden_states()[state])
    assert reader.sign_up(region=region.slug).status_code == 303
    assert SignUp.objects.get().region is None


@pytest.mark.parametrize("slug", ["", "no-such-region", "a b", "x" * 5000, "\0", "../../etc"])
def test_an_unknown_region_does_not_stop_a_reader(reader, queue, slug):
    assert reader.sign_up(region=slug).status_code == 303
    assert SignUp.objects.get().region is None


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "/a b", "/" + "x" * 5000, "/\0"])
def test_a_page_that_is_no_path_is_not_kept(reader, queue, page):
    assert reader.sign_up(page=page).status_code == 303
    assert SignUp.objects.get().page == ""


hostile = st.one_of(
    st.text(),
    st.sampled_from(["\0", "a\0b@example.org", "\u202e@\u2066.org", "a@b.org\r\nTo: c@d.org"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(["address", "region", "page", "website"], hostile)
    )
)
def test_no_form_value_breaks_the_page(reader, data):
    SignUp.objects.all().delete()
    response = reader.post("/newsletter/", data)
    assert response.status_code in {303, 422}


@pytest.mark.parametrize("name", ["address", "region", "page", "website"])
def test_a_value_of_a_megabyte_does_not_break_the_page(reader, name):
    response = reader.post("/newsletter/", {"address": ADDRESS} | {name: "x@" * 500_000})
    assert response.status_code in {303, 422}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200),
    st.sampled_from(["multipart/form-data; boundary=x", "application/json", "text/plain"]),
)
def test_no_body_breaks_the_page(reader, body, content_type):
    response = reader.client.post("/newsletter/", body, content_type=content_type)
    assert response.status_code in {400, 422}


def test_a_body_beyond_all_measure_is_refused(reader, settings):
    too_long = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert reader.sign_up(too_long).status_code in {400, 413}


def test_the_form_asks_for_no_cookie_and_sets_none(reader):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/newsletter/", {"address": ADDRESS}).status_code == 303
    for response in (
        reader.get("/newsletter/"),
        reader.sign_up(),
        reader.sign_up("?"),
        reader.get(INBOX),
    ):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_only_a_post_does_something(reader, method):
    response = getattr(reader.client, method)("/newsletter/?address=reader@example.org")
    assert response.status_code < 500
    assert not SignUp.objects.exists()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("language", [code for code, _name in django_settings.LANGUAGES])
def test_the_pages_open_in_every_language(reader, language):
    prefix = "" if language == "en" else f"/{language}"
    for path in ("/newsletter/", INBOX):
        response = reader.get(prefix + path)
        assert response.status_code == 200
        assert f'<html lang="{language}"' in response.content.decode()


def test_showing_the_form_costs_two_queries_at_most(reader, django_assert_max_num_queries):
    make_sign_up()
    with django_assert_max_num_queries(2):  # The wording, and the pages in the footer.
        reader.get("/newsletter/")
