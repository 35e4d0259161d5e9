"""What is to go live at a moment: at its second, once, whoever notices it, and nothing undone."""

import datetime
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from editorial import drafting, scheduling
from editorial.imported import keep_imported
from editorial.models import Event, Revision, ScheduledChange, Status
from editorial.scheduling import look_for_what_is_due as look
from publications.models import Publication
from regions.models import Region
from tests import factories
from tests.forms import change, fields_of, send, withdraw

pytestmark = pytest.mark.django_db

NINE = datetime.datetime(2024, 7, 1, 9, tzinfo=datetime.UTC)
NOON = NINE.replace(hour=12)
SECOND = datetime.timedelta(seconds=1)
ADDRESS = "/publications/report/"
FINDING = {
    "findings-TOTAL_FORMS": 1,
    "findings-0-label": "New?",
    "findings-0-text": "<p>Yes.</p>",
    "findings-0-position": 1,
}
QUESTION = {
    "questions-TOTAL_FORMS": 1,
    "questions-INITIAL_FORMS": 0,
    "questions-0-question": "Why?",
    "questions-0-answer": "<p>So.</p>",
    "questions-0-position": 1,
}
BODY = "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>"


@pytest.fixture(autouse=True)
def nine_o_clock(time_machine):
    time_machine.move_to(NINE, tick=False)
    return time_machine


@pytest.fixture
def pages_look(nobody_looks_for_what_is_due, monkeypatch):
    """Every request looks for what is due, as if the last look had been long ago."""
    monkeypatch.setattr(scheduling, "look_for_what_is_due", look)
    monkeypatch.setattr(scheduling, "LOOK_EVERY", float("-inf"))


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def report(editor):
    regions = [factories.make_region("Sahel")]
    return factories.make_publication("Report", regions=regions, body=BODY, tags=["war"])


def page_of(piece, name):
    return change(piece).replace("/change/", f"/{name}/")


def schedule_page(client, piece, at=NOON, version=None, *, follow=True):
    """Send the page on which a moment is chosen."""
    address = page_of(piece, "schedule")
    version = version or client.get(address).context["version"]
    data = {"version": version, "at_0": at.date().isoformat(), "at_1": f"{at:%H:%M:%S}"}
    return client.post(address, data, follow=follow)


def schedule(client, piece, at=NOON, **changes):
    """Type something into the form of a live piece, and schedule it. Returns what is to be."""
    before = set(ScheduledChange.objects.values_list("pk", flat=True))
    response = send(client, change(piece), "_schedule", **changes)
    assert response.url == page_of(piece, "schedule")
    schedule_page(client, piece, at, follow=False)
    return ScheduledChange.objects.exclude(pk__in=before).get()


def publish_meanwhile(client, piece, pending="keep", **changes):
    response = send(client, change(piece), "_publish", follow=True, **changes)
    data = {"version": response.context["version"], "pending": pending}
    return client.post(page_of(piece, "publish"), data)


def readers_see(address=ADDRESS):
    return Client().get(address).content.decode()


def text(response):
    return response.content.decode()


def actions(piece):
    return [event.action for event in Event.objects.filter(object_id=piece.pk).order_by("pk")]


def fresh(obj):
    return type(obj)._base_manager.get(pk=obj.pk)


# First publication


def test_a_first_publication_is_public_from_its_second_on_and_nobody_has_to_run(
    client, editor, time_machine
):
    piece = factories.make_publication("Report", status=Status.DRAFT, publish_at=None)
    response = schedule_page(client, piece, NOON)
    assert "Readers see it from 1 Jul 2024, 12:00 UTC on." in text(response)
    assert fresh(piece).publish_at == NOON
    assert actions(piece) == [Event.Action.SCHEDULED]
    time_machine.move_to(NOON - SECOND)
    assert not Publication.objects.public().exists()
    assert Client().get(ADDRESS).status_code == 404
    time_machine.move_to(NOON)
    assert Publication.objects.public().get() == piece
    assert Client().get(ADDRESS).status_code == 200
    assert not ScheduledChange.objects.exists()


def test_a_first_publication_that_is_called_off_never_comes(client, editor, time_machine):
    piece = factories.make_publication("Report", status=Status.DRAFT, publish_at=None)
    schedule_page(client, piece, NOON, follow=False)
    send(client, change(piece), "_rework")
    time_machine.move_to(NOON + SECOND)
    assert Client().get(ADDRESS).status_code == 404


@pytest.mark.parametrize("how", ["_rework", "with a draft", "withdraw"])
def test_a_moment_that_is_called_off_is_nobody_s_plan_any_more(client, editor, time_machine, how):
    piece = factories.make_publication("Report", status=Status.DRAFT, publish_at=None)
    schedule_page(client, piece, NOON, follow=False)
    if how == "with a draft":
        send(client, change(piece), title="New title")
    if how == "withdraw":
        withdraw(client, piece)
    else:
        send(client, change(piece), "_rework")
    assert fresh(piece).publish_at is None
    later = NOON + datetime.timedelta(days=3)
    time_machine.move_to(later)
    send(client, change(piece), "_approve")
    assert fresh(piece).publish_at == later  # Not the day for which it was planned once.


def test_a_day_that_was_typed_stays_when_a_piece_comes_back_from_review(client, editor):
    piece = factories.make_publication("Report", status=Status.IN_REVIEW, publish_at=NOON)
    send(client, change(piece), "_rework")
    assert fresh(piece).publish_at == NOON


@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED])
@pytest.mark.parametrize("at", [NINE, NINE - SECOND, NINE - datetime.timedelta(days=400)])
def test_a_moment_that_has_passed_is_refused_with_a_sentence(client, editor, status, at):
    piece = factories.make_publication("Report", status=status)
    if status == Status.APPROVED:
        send(client, change(piece), title="New title")
    response = schedule_page(client, piece, at)
    assert "This moment has passed: choose a later one, or publish now." in text(response)
    assert fresh(piece).status == status
    assert not ScheduledChange.objects.exists()


def test_a_change_cannot_come_before_the_first_text(client, editor):
    soon = factories.public(publish_at=NOON)
    piece = factories.make_publication("Report", **soon)
    send(client, change(piece), title="New title")
    response = schedule_page(client, piece, NOON)
    assert "Readers do not have the first text by then" in text(response)
    assert not ScheduledChange.objects.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED])
def test_what_is_incomplete_is_not_scheduled_and_all_that_is_missing_is_said(
    client, editor, status
):
    piece = factories.make_publication("Report", status=status)
    send(client, change(piece), standfirst="", regions=[])
    response = schedule_page(client, piece)
    assert "Standfirst is still empty" in text(response)
    assert "No region is chosen" in text(response)
    assert not ScheduledChange.objects.exists()
    assert fresh(piece).status == status


@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED])
def test_a_schedule_page_opened_before_somebody_saved_schedules_nothing(client, editor, status):
    piece = factories.make_publication("Report", status=status)
    send(client, change(piece), title="Seen by both")
    version = client.get(page_of(piece, "schedule")).context["version"]
    send(client, change(piece), title="Seen by one")
    response = schedule_page(client, piece, version=version)
    assert "Somebody has changed it since you opened this page" in text(response)
    assert fresh(piece).status == status
    assert not ScheduledChange.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_crafted_version_schedules_nothing(client, report, version):
    send(client, change(report), title="New title")
    response = schedule_page(client, report, version=version or " ")
    assert response.status_code == 200
    assert not ScheduledChange.objects.exists()


def test_without_a_draft_there_is_nothing_to_schedule(client, report):
    page = change(report).replace("change", "schedule")
    assert client.get(page)["Location"] == change(report)
    assert not ScheduledChange.objects.exists()
    with pytest.raises(ValidationError, match="no draft"):
        scheduling.schedule_piece(report, at=NOON, by=None, version=report.version)


# A change of something live


def test_a_scheduled_change_is_told_above_the_form_which_shows_what_readers_have(client, report):
    schedule(client, report, title="New title")
    response = client.get(change(report))
    said = "Revision 2 takes the place of what readers see: 1 Jul 2024, 12:00 UTC"
    assert said in text(response)
    assert "Readers see exactly this" in text(response)
    assert fields_of(client, change(report))["title"] == "Report"
    assert "New title" not in readers_see()
    assert actions(report) == [Event.Action.SCHEDULED]


def by_a_request():
    readers_see("/")


def by_the_worker():
    scheduling.apply_what_is_due.call()


def by_the_command():
    call_command("apply_scheduled", verbosity=0)


@pytest.mark.parametrize("notice", [by_a_request, by_the_worker, by_the_command])
def test_a_change_comes_at_its_moment_and_not_a_second_before(
    client, report, time_machine, pages_look, notice, capsys
):
    planned = schedule(
        client,
        report,
        title="New title",
        tags="peace",
        **FINDING,
    )
    time_machine.move_to(NOON - SECOND)
    notice()
    assert "New title" not in readers_see()
    time_machine.move_to(NOON)
    notice()
    page = readers_see()
    assert all(words in page for words in ["New title", "Yes.", "peace"])
    planned.refresh_from_db()
    assert planned.applied_at == planned.revision.published_at == NOON
    assert actions(report) == [Event.Action.SCHEDULED, Event.Action.APPLIED]
    event = Event.objects.get(action=Event.Action.APPLIED)
    assert (event.user, event.from_revision, event.to_revision) == (None, 1, 2)


@pytest.mark.usefixtures("pages_look")
def test_the_very_page_that_is_asked_for_first_after_the_moment_shows_the_change(
    client, report, time_machine
):
    schedule(client, report, title="New title")
    time_machine.move_to(NOON)
    assert "New title" in readers_see()


@pytest.mark.usefixtures("pages_look")
def test_a_change_that_nobody_noticed_for_weeks_is_not_lost(client, report, time_machine):
    planned = schedule(client, report, title="New title")
    late = NOON + datetime.timedelta(days=40)
    time_machine.move_to(late)
    assert "New title" in readers_see()
    planned.refresh_from_db()
    assert planned.applied_at == late
    assert fresh(report).publish_at == report.publish_at


def test_changes_come_in_the_order_of_their_moments(client, report, time_machine):
    schedule(client, report, at=NOON, title="Later")
    schedule(client, report, at=NOON - SECOND, title="Sooner", subtitle="Sooner too")
    time_machine.move_to(NOON)
    assert scheduling.apply_due() == 2
    assert (fresh(report).title, fresh(report).subtitle) == ("Later", "Sooner too")


@pytest.mark.django_db(transaction=True)
def test_eight_processes_that_notice_at_once_apply_it_once(client, report, time_machine):
    planned = schedule(client, report, title="New title")
    version = fresh(report).version
    time_machine.move_to(NOON)
    gate = Barrier(8)

    def notice(_number):
        try:
            gate.wait()
            return scheduling.apply_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(notice, range(8))) == 1
    assert actions(report).count(Event.Action.APPLIED) == 1
    assert fresh(report).version == version + 1
    assert fresh(report).title == "New title"
    planned.refresh_from_db()
    assert (planned.applied_at, planned.failed_at) == (NOON, None)
    assert Revision.objects.of(report).count() == 2
    assert scheduling.apply_due() == 0


def test_each_process_looks_at_most_every_half_second(monkeypatch):
    looks, moments = [], iter([100.0, 100.49, 100.51, 100.6])
    monkeypatch.setattr(scheduling, "apply_due", lambda: looks.append(1))
    monkeypatch.setattr(scheduling, "_looked", {"at": float("-inf")})
    monkeypatch.setattr(scheduling.time, "monotonic", lambda: next(moments))
    for _moment in range(4):
        look()
    assert len(looks) == 2


# Called off


def test_what_is_called_off_never_comes_and_is_a_draft_again(client, report, time_machine):
    planned = schedule(client, report, title="New title")
    cancel = f"{page_of(report, 'schedule')}{planned.pk}/cancel/"
    assert client.get(cancel).status_code == 405
    response = client.post(cancel, follow=True)
    assert "The scheduled change is called off" in text(response)
    assert fields_of(client, change(report))["title"] == "New title"
    time_machine.move_to(NOON + SECOND)
    assert scheduling.apply_due() == 0
    assert "New title" not in readers_see()
    assert actions(report) == [Event.Action.SCHEDULED, Event.Action.UNSCHEDULED]
    response = client.post(cancel, follow=True)
    assert "Too late" in text(response)
    assert actions(report).count(Event.Action.UNSCHEDULED) == 1


def test_what_has_come_cannot_be_called_off_any_more(client, report, time_machine):
    planned = schedule(client, report, title="New title")
    time_machine.move_to(NOON)
    scheduling.apply_due()
    assert not scheduling.cancel(planned, by=None)
    assert "New title" in readers_see()


def test_a_schedule_of_one_piece_is_not_called_off_through_another(client, report):
    planned = schedule(client, report, title="New title")
    other = factories.make_publication("Other")
    response = client.post(f"{page_of(other, 'schedule')}{planned.pk}/cancel/")
    assert response.status_code == 404
    assert ScheduledChange.objects.pending().exists()


def test_a_withdrawal_calls_off_what_was_to_come_and_says_so_in_the_log(
    client, report, time_machine
):
    schedule(client, report, title="New title")
    schedule(client, report, at=NOON + SECOND, title="Newer title")
    page = client.get(page_of(report, "withdraw"))
    assert "Revision 2" in text(page)
    withdraw(client, report)
    assert not ScheduledChange.objects.pending().exists()
    assert actions(report)[2:] == [*[Event.Action.UNSCHEDULED] * 2, Event.Action.WITHDRAWN]
    time_machine.move_to(NOON + SECOND)
    assert scheduling.apply_due() == 0
    assert Client().get(ADDRESS).status_code == 410


# What fails


def assert_failed(planned, reason):
    planned.refresh_from_db()
    assert planned.failed_at == NOON
    assert planned.applied_at is None
    assert reason in planned.problem
    event = Event.objects.get(action=Event.Action.FAILED)
    assert event.to_revision == planned.revision.number
    assert reason in event.details


@pytest.mark.usefixtures("pages_look")
@pytest.mark.parametrize("prefix", ["", "/he"])
def test_a_slug_taken_meanwhile_keeps_the_old_text_and_stops_no_other_change(
    client, report, time_machine, prefix
):
    planned = schedule(client, report, slug="taken", title="New title")
    other = factories.make_publication("Other", regions=[report.regions.get()])
    schedule(client, other, at=NOON, title="Other new title")
    factories.make_publication("First", slug="taken")
    time_machine.move_to(NOON)
    assert Client().get(f"{prefix}{ADDRESS}").status_code == 200
    assert "New title" not in readers_see()
    assert "Other new title" in readers_see("/publications/other/")
    assert_failed(planned, "“taken” has been taken meanwhile")
    readers_see()
    assert actions(report).count(Event.Action.FAILED) == 1


def test_what_failed_is_a_draft_again_and_can_be_mended(client, report, time_machine):
    planned = schedule(client, report, slug="taken", title="New title")
    factories.make_publication("First", slug="taken")
    time_machine.move_to(NOON)
    scheduling.apply_due()
    assert_failed(planned, "taken")
    assert fields_of(client, change(report))["title"] == "New title"
    schedule(client, report, at=NOON + SECOND, slug="free")
    time_machine.move_to(NOON + SECOND)
    assert scheduling.apply_due() == 1
    assert "New title" in readers_see("/publications/free/")


def test_a_piece_that_is_not_public_any_more_is_left_as_it_is(client, report, time_machine):
    planned = schedule(client, report, title="New title")
    taken_back = fresh(report)  # As an import does, which knows of no schedules.
    taken_back.withdraw("It names a source.")
    keep_imported(fresh(report))
    time_machine.move_to(NOON)
    assert scheduling.apply_due() == 0
    assert_failed(planned, "It is not public any more.")
    assert fresh(report).title == "Report"


def test_a_text_that_has_become_incomplete_does_not_come(client, report, time_machine):
    """Nothing is published half: what its rows name may have gone meanwhile."""
    region = factories.make_region("Gone")
    planned = schedule(client, report, title="New title", regions=[str(region.pk)])
    region.delete()
    time_machine.move_to(NOON)
    assert scheduling.apply_due() == 0
    assert_failed(planned, "has been deleted since")
    assert fresh(report).regions.get() == Region.objects.get(name="Sahel")


def test_a_piece_deleted_meanwhile_fails_and_is_named_in_the_log(client, report, time_machine):
    planned = schedule(client, report, title="New title")
    report.delete()
    time_machine.move_to(NOON)
    assert scheduling.apply_due() == 0
    assert_failed(planned, "It is not public any more.")


def test_a_mistake_of_ours_fails_once_with_a_sentence_and_is_told_to_the_operator(
    client, report, time_machine, monkeypatch, caplog
):
    planned = schedule(client, report, title="New title")
    time_machine.move_to(NOON)
    monkeypatch.setattr(Publication, "settle", lambda piece: 1 / 0)
    assert scheduling.apply_due() == 0
    assert_failed(planned, "the operator finds the reason")
    assert "ZeroDivisionError" in caplog.text
    assert fresh(report).title == "Report"


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_change_that_the_database_stood_in_the_way_of_is_tried_again(
    client, report, time_machine, monkeypatch, caplog, error
):
    schedule(client, report, title="New title")
    time_machine.move_to(NOON)

    def fail(*args, **kwargs):
        raise error("the connection is lost")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(scheduling, "go_live", fail)
        assert scheduling.apply_due() == 0
    assert "the connection is lost" in caplog.text
    assert ScheduledChange.objects.pending().exists()
    assert scheduling.apply_due() == 1


@pytest.mark.usefixtures("pages_look")
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_cannot_be_asked_breaks_no_page(report, monkeypatch, caplog, error):
    def fail():
        raise error("no such table")

    monkeypatch.setattr(scheduling, "apply_due", fail)
    assert "One." in readers_see()
    assert "Nobody could look for scheduled changes" in caplog.text


# Something else is published meanwhile


def test_publishing_while_something_is_scheduled_asks_first(client, report):
    planned = schedule(client, report, title="Scheduled title")
    response = send(client, change(report), "_publish", follow=True, subtitle="At once")
    assert response.redirect_chain[-1][0] == page_of(report, "publish")
    assert "Revision 2 takes the place" in text(response)
    for said in ({}, {"pending": "drop"}):
        data = {"version": response.context["version"], **said}
        client.post(page_of(report, "publish"), data)
        assert fresh(report).subtitle == ""
    assert list(ScheduledChange.objects.pending()) == [planned]


def test_what_is_called_off_by_publishing_something_else_is_logged_and_never_comes(
    client, report, time_machine
):
    schedule(client, report, title="Scheduled title")
    publish_meanwhile(client, report, pending="cancel", subtitle="At once")
    assert actions(report)[1:] == [Event.Action.PUBLISHED, Event.Action.UNSCHEDULED]
    time_machine.move_to(NOON)
    assert scheduling.apply_due() == 0
    assert (fresh(report).title, fresh(report).subtitle) == ("Report", "At once")


def test_what_was_kept_is_put_on_top_and_undoes_nothing(client, report, time_machine):
    schedule(
        client,
        report,
        title="Scheduled title",
        tags="war, peace",
        body=BODY.replace("Three.", "Three, scheduled."),
        **FINDING,
    )
    region = factories.make_region("Lake Chad")
    publish_meanwhile(
        client,
        report,
        subtitle="At once",
        tags="war, famine",
        regions=[str(region.pk), str(report.regions.get().pk)],
        body=BODY.replace("One.", "One, at once."),
        **QUESTION,
    )
    assert "One, at once." in readers_see()
    time_machine.move_to(NOON)
    assert scheduling.apply_due() == 1
    now = fresh(report)
    assert (now.title, now.subtitle) == ("Scheduled title", "At once")
    assert sorted(now.tags.names()) == ["famine", "peace", "war"]
    assert now.body == "<p>One, at once.</p>\n<p>Two.</p>\n<p>Three, scheduled.</p>"
    assert now.regions.count() == 2
    assert [finding.label for finding in now.findings.all()] == ["New?"]
    assert [question.question for question in now.questions.all()] == ["Why?"]
    assert Event.objects.get(action=Event.Action.APPLIED).details == ""


def test_where_both_changed_the_same_words_the_scheduled_ones_stand_and_the_log_says_so(
    client, report, time_machine
):
    schedule(client, report, title="Scheduled title")
    publish_meanwhile(client, report, title="At once")
    time_machine.move_to(NOON)
    assert scheduling.apply_due() == 1
    assert fresh(report).title == "Scheduled title"
    event = Event.objects.get(action=Event.Action.APPLIED)
    assert event.details == "It takes the place of what went live meanwhile: title."
    assert "At once" in str([revision.snapshot for revision in Revision.objects.of(report)])


def test_a_draft_begun_before_a_scheduled_change_came_does_not_undo_it(
    client, report, time_machine
):
    schedule(client, report, title="Scheduled title")
    send(client, change(report), subtitle="Draft")
    time_machine.move_to(NOON)
    scheduling.apply_due()
    assert fields_of(client, change(report))["subtitle"] == "Draft"
    response = send(client, change(report), "_publish")
    assert "/merge/" in response.url
    assert fresh(report).title == "Scheduled title"


def test_discarding_a_draft_leaves_what_is_scheduled(client, report, time_machine):
    schedule(client, report, title="Scheduled title")
    send(client, change(report), subtitle="Draft")
    version = client.get(page_of(report, "discard")).context["version"]
    client.post(page_of(report, "discard"), {"version": version})
    assert fields_of(client, change(report))["subtitle"] == ""
    time_machine.move_to(NOON)
    assert scheduling.apply_due() == 1
    assert fresh(report).title == "Scheduled title"


def test_a_form_left_open_over_a_scheduled_change_is_noticed(client, report, time_machine):
    schedule(client, report, title="Scheduled title")
    form = fields_of(client, change(report))
    time_machine.move_to(NOON)
    scheduling.apply_due()
    response = client.post(change(report), {**form, "title": "Typed", "_save": "1"}, follow=True)
    assert "/merge/" in response.redirect_chain[-1][0]
    assert fresh(report).title == "Scheduled title"


def test_a_changed_slug_leaves_its_redirect_at_the_moment_and_not_before(
    client, report, time_machine
):
    schedule(client, report, slug="better")
    assert Client().get(ADDRESS).status_code == 200
    time_machine.move_to(NOON)
    scheduling.apply_due()
    assert Client().get(ADDRESS)["Location"] == "/publications/better/"


def test_a_button_pressed_twice_schedules_once(client, report):
    send(client, change(report), title="New title")
    version = client.get(page_of(report, "schedule")).context["version"]
    for _press in range(2):
        schedule_page(client, report, version=version, follow=False)
    assert ScheduledChange.objects.count() == 1
    assert actions(report) == [Event.Action.SCHEDULED]


def test_the_worker_is_woken_where_it_can_be_told_when(client, report, settings, monkeypatch):
    told = []
    monkeypatch.setattr(
        scheduling.apply_what_is_due.get_backend(), "supports_defer", True, raising=False
    )
    monkeypatch.setattr(
        type(scheduling.apply_what_is_due),
        "using",
        lambda task, *, run_after: told.append(run_after) or task,
    )
    schedule(client, report, title="New title")
    assert told == [NOON]
    assert timezone.now() == NINE
    assert drafting.draft_of(fresh(report)) is None
