"""The dry run, and publication as one act."""

import datetime

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crisiswatch.models import DataVersion, Edition, Entry
from crisiswatch.releasing import release
from editorial import drafting
from editorial.dates import format_moment
from editorial.models import Event, Revision
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db

MAY, JUNE = datetime.date(2024, 5, 1), datetime.date(2024, 6, 1)


@pytest.fixture
def editor(client):
    editor = factories.make_editor()
    client.force_login(editor)
    return editor


@pytest.fixture
def may():
    edition = factories.make_edition(MAY, overview="<p>May.</p>")
    for name in ("Sahel", "Korea"):
        situation = factories.make_situation(name, region=factories.make_region(f"{name} region"))
        factories.make_entry(edition=edition, situation=situation, lead=f"{name} in May.")
    return edition


@pytest.fixture
def june(may):
    """Ready to be published; nobody has it yet."""
    edition = Edition.objects.create(month=JUNE, overview="<p>June.</p>")
    for entry in may.entries.all():
        lead = f"{entry.situation} in June."
        facts = {"trend": "deteriorated", "lead": lead, "risk_alert": True}
        factories.make_entry(
            [("A.", f"{lead} More.")], edition=edition, situation=entry.situation, **facts
        )
    return edition


def page(edition, name):
    return change(edition).replace("change", name)


def dry_run(client, edition):
    response = client.get(page(edition, "dry-run"))
    assert response.status_code == 200
    return response.context["its"], response.content.decode()


def publish(client, edition, version=None):
    data = {"version": version or Edition.objects.get(pk=edition.pk).version}
    return client.post(page(edition, "dry-run"), data, follow=True)


def paths(pages):
    return {each.path for each in pages}


def text_of(response):
    return b"".join(response).decode()


def found(client, *paths):
    return {client.get(path).status_code for path in paths}


EVERYWHERE = (
    "/",
    "/crisiswatch/",
    "/crisiswatch/archive/",
    "/crisiswatch/situations/sahel/",
    "/crisiswatch.atom",
)
FILES = [
    f"/data/crisiswatch/{place}"
    for place in (
        "latest/entries.csv",
        "v1/editions.csv",
        "2024-06/latest/entries.csv",
        "2024-06/v1/entries.jsonl",
        "versions.csv",
    )
]
JUNE_IN_WORDS = ("June 2024", "2024-06")
MONTH = ("/crisiswatch/2024/06/", "/crisiswatch/2024/06/print/", "/crisiswatch/2024/06/sahel/")


class TestTheDryRun:
    def test_lists_what_readers_would_get_and_changes_nothing(self, client, editor, june):
        before = list(Revision.objects.all()), list(Event.objects.all())
        its, html = dry_run(client, june)
        assert paths(its.appear) == {*MONTH, "/crisiswatch/2024/06/korea/"}
        assert paths(its.change) >= {
            "/",
            "/crisiswatch/",
            "/crisiswatch/archive/",
            "/crisiswatch/2024/05/",
            "/crisiswatch.atom",
            "/regions/sahel-region/",
            "/crisiswatch/situations/sahel/",
            "/crisiswatch/situations/korea/",
        }
        assert not its.vanish
        assert [(each.kind, each.then.trend, each.now.trend) for each in its.entries] == [
            ("new", "unchanged", "deteriorated")
        ] * 2
        assert "Unchanged Situation" in html
        assert "Deteriorated Situation" in html
        files = {(each.month, each.name) for each in its.files}
        assert files >= {("", "entries.csv"), ("2024-06", "entries.csv")}
        assert "2024-06/entries.csv" in html
        assert not DataVersion.objects.exists()
        assert found(client, *MONTH) == {404}
        assert before == (list(Revision.objects.all()), list(Event.objects.all()))
        assert Edition.objects.get(pk=june.pk).status == "draft"

    def test_says_what_is_needed_instead_where_it_cannot_be_published(self, client, editor, june):
        june.entries.filter(situation__slug="sahel").update(trend="")
        its, html = dry_run(client, june)
        assert its.problems == ["Sahel has no trend yet."]
        assert html.count("Sahel has no trend yet.") == 1
        assert f'href="{page(june, "sheet")}#sahel"' in html
        assert 'value="Approve and publish"' not in html

    def test_sets_a_trend_beside_what_readers_had_before_it(self, client, editor, june):
        july = Edition.objects.create(month=datetime.date(2024, 7, 1))
        for entry in june.entries.all():  # June says "deteriorated", and nobody has it.
            facts = {"trend": "improved", "lead": "Better."}
            factories.make_entry(edition=july, situation=entry.situation, **facts)
        its, _html = dry_run(client, july)
        assert {(each.then.trend, each.now.trend) for each in its.entries} == {
            ("unchanged", "improved")
        }

    def test_looks_from_the_moment_that_was_chosen(self, client, editor, june):
        moment = timezone.now() + datetime.timedelta(days=3)
        Edition.objects.filter(pk=june.pk).update(publish_at=moment)
        its, _html = dry_run(client, june)
        assert its.at == moment
        assert "/crisiswatch/2024/06/" in paths(its.appear)

    def test_of_a_draft_names_what_it_changes_and_no_more(self, client, editor, may, june):
        drafting.approve(june, by=editor, version=june.version)
        entry = june.entries.get(situation__slug="sahel")
        send(client, change(entry), trend="improved")
        its, html = dry_run(client, june)
        assert [(c.kind, c.entry, c.then.trend, c.now.trend) for c in its.entries] == [
            ("changed", entry, "deteriorated", "improved")
        ]
        assert {"/crisiswatch/2024/06/sahel/", "/crisiswatch/"} <= paths(its.change)
        assert "/crisiswatch/2024/06/korea/" not in paths(its.change)
        assert not its.appear
        assert 'value="Publish changes"' in html

    def test_of_a_correction_lists_the_texts_situation_by_situation(self, client, editor, june):
        drafting.approve(june, by=editor, version=june.version)
        sahel, korea = (june.entries.get(situation__slug=slug) for slug in ("sahel", "korea"))
        send(client, change(sahel), lead="Better.", **{"developments-0-body": "Best."})
        send(client, change(korea), author=editor.pk)  # No reader sees that.
        send(client, change(june), overview="<p>July, no: June.</p>")
        response = client.get(page(june, "dry-run"))
        found = [(text.of, text.says) for text in response.context["texts"]]
        assert found == [("Global overview", ""), ("Sahel", "Lead, Developments (1 changed)")]
        html = response.content.decode()
        compare = client.get(page(june, "compare")).content.decode()
        for place in ("overview", f"entries.{sahel.pk}.lead"):
            assert f'href="{page(june, "compare")}#change-{place}"' in html
            assert f'id="change-{place}"' in compare

    def test_of_what_readers_have_says_that_nothing_would_change(self, client, editor, may):
        its, html = dry_run(client, may)
        assert its.is_empty
        assert "Nothing would change for readers." in html

    def test_each_page_can_be_looked_at_as_readers_would_have_it(self, client, editor, june):
        for path in (*MONTH, "/crisiswatch/", "/crisiswatch/situations/sahel/"):
            response = client.get(page(june, "preview"), {"page": path})
            assert response.status_code == 200
            assert "in June." in response.content.decode(), path
        for path in ("/", "/crisiswatch/2024/05/"):
            response = client.get(page(june, "preview"), {"page": path})
            assert "June 2024" in response.content.decode(), path

    def test_asks_no_more_for_more_situations(self, client, editor, june):
        counts, region = [], factories.make_region()
        for number in (8, 8):
            for _ in range(number):
                situation = factories.make_situation(region=region)
                factories.make_entry(edition=june, situation=situation)
            client.get(page(june, "dry-run"))
            with CaptureQueriesContext(connection) as queries:
                client.get(page(june, "dry-run"))
            counts.append(len(queries))
        assert counts[1] <= counts[0], counts


class TestPublishing:
    def test_puts_everything_before_readers_at_once(self, client, editor, june):
        publish(client, june)
        assert found(client, *MONTH) == {200}
        for path in EVERYWHERE:
            assert "June 2024" in client.get(path).content.decode(), path

    def test_twice_is_once_and_the_second_is_told(self, client, editor, june):
        version = june.version
        publish(client, june, version)
        client.force_login(factories.make_editor())
        again = publish(client, june, version)
        assert "Somebody was faster" in again.content.decode()
        assert Event.objects.filter(action="approved").count() == 1
        assert Revision.objects.filter(published_at__isnull=False, object_id=june.pk).count() == 1

    @pytest.mark.parametrize("version", ["", "x", "999"])
    def test_of_what_nobody_has_looked_at_is_refused(self, client, editor, june, version):
        response = client.post(page(june, "dry-run"), {"version": version})
        assert "Somebody has changed it since" in response.content.decode()
        assert found(client, *MONTH) == {404}

    def test_for_a_moment_that_lies_ahead_is_not_called_done(self, client, editor, june):
        tomorrow = timezone.now() + datetime.timedelta(days=1)
        Edition.objects.filter(pk=june.pk).update(publish_at=tomorrow)
        html = publish(client, june).content.decode()
        assert f"It goes live: {format_moment(tomorrow)}." in html
        assert "everything at once" not in html

    def test_is_for_those_who_may(self, client, june):
        for role, status in [("Contributor", 403), ("Editor", 200)]:
            client.force_login(factories.make_member(role))
            assert publish(client, june).status_code == status
        assert found(client, *MONTH) == {200}

    def test_takes_two_people_where_that_is_the_rule(self, client, editor, june, settings):
        settings.TWO_PERSON_RULE = True
        send(client, change(june), overview="<p>Mine.</p>")
        assert "somebody else has to release it" in dry_run(client, june)[1]
        assert publish(client, june).status_code == 403
        client.force_login(factories.make_editor())
        publish(client, june)
        assert found(client, *MONTH) == {200}

    def test_later_is_at_that_moment_everywhere(self, client, editor, june):
        moment = timezone.now() + datetime.timedelta(hours=1)
        drafting.approve(june, by=editor, version=june.version, publish_at=moment)
        assert found(client, *MONTH) == {404}
        with time_machine.travel(moment):
            assert found(client, *MONTH) == {200}
            assert "June 2024" in client.get("/").content.decode()

    def test_a_clock_that_jumps_back_hides_all_of_it_or_nothing(self, client, editor, june):
        now = timezone.now()

        def shown():
            pages = [client.get(path) for path in (*MONTH, *EVERYWHERE, *FILES)]
            said = [text_of(page) if page.status_code == 200 else "" for page in pages]
            return {any(words in each for words in JUNE_IN_WORDS) for each in said}

        publish(client, june)
        assert shown() == {True}
        with time_machine.travel(now - datetime.timedelta(hours=1)):
            assert shown() == {False}
        assert shown() == {True}

    def test_a_clock_that_jumps_back_leaves_what_readers_had_of_others(self, client, editor, june):
        release(Edition.objects.all())
        now, hour = timezone.now(), datetime.timedelta(hours=1)
        publish(client, june)
        with time_machine.travel(now + hour):
            Entry.objects.filter(edition__month=MAY).update(lead="It was Tuesday.")
            release(Edition.objects.filter(month=MAY))
        with time_machine.travel(now + hour / 2):
            assert found(client, "/data/crisiswatch/v3/entries.csv") == {200}
        with time_machine.travel(now - hour / 60):
            version = [f"/data/crisiswatch/v3/{name}" for name in ("entries.csv", "countries.csv")]
            assert found(client, *FILES[2:4], *version) == {404}
            for place in ("latest", "2024-05/latest", "2024-05/v2"):
                path = f"/data/crisiswatch/{place}/entries.csv"
                said = text_of(client.get(path))
                assert ("It was Tuesday." in said) == (place != "latest"), place
                assert "2024-06" not in said


class Broken(DatabaseError):
    pass


def fail_at(number):
    """A wrapper that lets one statement fail."""
    count = 0

    def wrapper(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == number:
            raise Broken
        return execute(sql, params, many, context)

    return wrapper


def rows():
    """All that publication writes."""
    return [
        list(model._base_manager.order_by("pk").values_list())
        for model in (Edition, Entry, Revision, Event)
    ]


def try_every_statement(act, before):
    """Let each statement of an act fail in turn; return how many there are."""
    for number in range(1, 500):
        try:
            with connection.execute_wrapper(fail_at(number)):
                act()
        except Broken:
            assert rows() == before, number
        else:
            return number
    raise AssertionError("it never ends")


@pytest.mark.slow
def test_a_publication_that_fails_at_any_statement_leaves_nothing_behind(editor, june):
    def act():
        edition = Edition.objects.get(pk=june.pk)
        drafting.approve(edition, by=editor, version=edition.version)

    assert try_every_statement(act, rows()) > 10
    assert Entry.objects.public().filter(edition=june).count() == 2


@pytest.mark.slow
def test_a_correction_that_fails_at_any_statement_leaves_readers_what_they_had(
    client, editor, june
):
    drafting.approve(june, by=editor, version=june.version)
    correct(client, june)

    def act():
        edition = Edition.objects.get(pk=june.pk)
        drafting.publish(edition, by=editor, version=edition.version)

    assert try_every_statement(act, rows()) > 10
    assert june.corrections.get().text == "It was May."


def correct(client, edition):
    row = {"corrected_on": "2024-07-05", "text": "It was May."}
    row["situation"] = edition.entries.get(situation__slug="sahel").situation_id
    added = {f"corrections-0-{name}": value for name, value in row.items()}
    return send(client, change(edition), **added, **{"corrections-TOTAL_FORMS": 1})


class TestACorrection:
    @pytest.fixture
    def public(self, editor, june):
        drafting.approve(june, by=editor, version=june.version)
        return june

    def test_waits_in_the_draft_and_goes_live_with_it(self, client, editor, public):
        before = drafting.newest_published(public)
        correct(client, public)
        assert not public.corrections.exists()
        told = publish(client, public).content.decode()
        assert "The changes of June 2024 are published: everything at once." in told
        correction = public.corrections.get()
        assert (correction.situation.slug, correction.corrects) == ("sahel", before)
        assert Event.objects.filter(action="corrected", user=editor).count() == 1

    def test_is_asked_for_where_readers_have_another_text(self, client, editor, public):
        for slug in ("sahel", "korea"):
            send(client, change(public.entries.get(situation__slug=slug)), lead="Otherwise.")
        advice = "Readers have it otherwise, and no correction says so: {}."
        assert advice.format("Korea, Sahel") in client.get(page(public, "dry-run")).content.decode()
        correct(client, public)
        assert advice.format("Korea") in client.get(page(public, "dry-run")).content.decode()

    def test_is_of_a_situation_in_the_month_and_of_an_edition_that_readers_have(
        self, client, editor, public
    ):
        row = {"corrected_on": "2024-07-05", "text": "Wrong."}
        row["situation"] = factories.make_situation("Chad").pk
        added = {f"corrections-0-{name}": value for name, value in row.items()}
        added["corrections-TOTAL_FORMS"] = 1
        response = send(client, change(public), refused=True, **added)
        assert "Chad has no entry in this month." in str(response.context["errors"])
        draft = factories.make_edition(datetime.date(2024, 7, 1), status="draft")
        assert "corrections-TOTAL_FORMS" not in client.get(change(draft)).content.decode()
