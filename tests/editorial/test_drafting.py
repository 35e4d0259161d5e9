"""Drafts of what readers see: saved, opened again, published, given up, brought back."""

import datetime

import pytest
from django.contrib.messages import get_messages

from crisiswatch.models import Entry
from editorial import drafting, scheduling
from editorial.imported import keep_imported
from editorial.models import Event, Revision, Status
from editorial.sharing import share
from editorial.snapshots import is_draft_key, take_snapshot
from people.models import Person
from publications.models import Publication
from tests import factories
from tests.forms import change, fields_of, send, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def report(editor):
    region = factories.make_region("Sahel")
    author = factories.make_person("Han Bora")
    piece = factories.make_publication(
        "Report", regions=[region], authors=[author], tags=["war"], body="<p>Old body.</p>"
    )
    piece.findings.create(label="What’s new?", text="<p>Old finding.</p>", position=1)
    return piece


def html(client, path="/publications/report/"):
    return client.get(path).content.decode()


def messages_of(response):
    return " ".join(map(str, get_messages(response.wsgi_request))) + response.content.decode()


NEW_FINDING = {
    "findings-TOTAL_FORMS": 2,
    "findings-1-label": "Why does it matter?",
    "findings-1-text": "<p>New finding.</p>",
    "findings-1-position": 2,
}


def test_a_draft_holds_texts_rows_relations_tags_and_files_and_readers_see_none_of_it(
    client, report
):
    other = factories.make_region("Lake Chad")
    before = html(client)
    send(
        client,
        change(report),
        body="<p>New body.</p>",
        regions=[str(other.pk)],
        tags="peace",
        image=factories.picture(),
        image_alt="A ford",
        **NEW_FINDING,
    )
    assert html(client) == before
    shown = fields_of(client, change(report))
    assert shown["body"] == "<p>New body.</p>"
    assert shown["regions"] == [other.pk]
    assert shown["tags"] == "peace"
    assert shown["findings-1-label"] == "Why does it matter?"
    send(client, change(report), "_publish")
    page = html(client)
    for words in ["New body.", "Lake Chad", "peace", "A ford", "New finding.", "Old finding."]:
        assert words in page
    assert "Old body." not in page
    assert "war" not in [tag.name for tag in report.tags.all()]


def test_a_row_that_only_the_draft_has_keeps_its_key_until_it_is_published(client, report):
    send(client, change(report), **NEW_FINDING)
    shown = fields_of(client, change(report))
    key = int(shown["findings-1-id"])
    assert is_draft_key(key)
    send(client, change(report), **{"findings-1-text": "<p>Twice.</p>"})
    assert int(fields_of(client, change(report))["findings-1-id"]) == key
    assert report.findings.count() == 1
    send(client, change(report), "_publish")
    assert [finding.text for finding in report.findings.all()] == [
        "<p>Old finding.</p>",
        "<p>Twice.</p>",
    ]
    assert not any(is_draft_key(finding.pk) for finding in report.findings.all())


def test_a_row_taken_out_in_a_draft_is_taken_out_when_it_is_published(client, report):
    send(client, change(report), **{"findings-0-DELETE": "on"})
    assert report.findings.count() == 1
    assert fields_of(client, change(report))["findings-TOTAL_FORMS"] == "0"
    send(client, change(report), "_publish")
    assert report.findings.count() == 0


def test_publishing_is_all_or_nothing(client, report):
    send(client, change(report), slug="taken", body="<p>New body.</p>", **NEW_FINDING)
    factories.make_publication("Other", slug="taken")
    with pytest.raises(drafting.ValidationError, match="taken"):
        drafting.publish(Publication.objects.get(pk=report.pk), by=None, version=2)
    report.refresh_from_db()
    assert (report.slug, report.body, report.findings.count()) == (
        "report",
        "<p>Old body.</p>",
        1,
    )
    response = client.get(change(report))
    assert "has been taken meanwhile" in response.content.decode()
    assert "New body." in response.content.decode()


def test_a_save_that_changes_nothing_makes_no_revision(client, report):
    send(client, change(report))
    assert not Revision.objects.exists()
    assert not fields_of(client, change(report))["_version"].startswith("2")


@pytest.mark.parametrize("status", [Status.APPROVED, Status.DRAFT])
def test_the_same_form_sent_twice_does_nothing_twice(client, editor, status):
    piece = factories.make_publication("Report", status=status)
    form = {**fields_of(client, change(piece)), **NEW_FINDING, "_save": "1"}
    form["findings-TOTAL_FORMS"] = 1
    form |= {name.replace("-1-", "-0-"): value for name, value in NEW_FINDING.items()}
    form["findings-TOTAL_FORMS"] = 1
    for _ in range(2):
        response = client.post(change(piece), form, follow=True)
        assert response.redirect_chain[-1][0] == change(piece)
    revisions = Revision.objects.of(piece)
    assert len(revisions.order_by("-number")[0].snapshot["findings"]) == 1
    assert revisions.filter(is_aside=True).count() == 0
    assert revisions.count() == 2  # As it was found, and the save.


def test_the_first_revision_says_how_the_piece_was_found(client, report):
    found = take_snapshot(report)
    send(client, change(report), title="New title")
    first, second = Revision.objects.of(report).order_by("number")
    assert first.snapshot == found
    assert first.published_at == report.publish_at
    assert second.snapshot == found | {"title": "New title"}
    assert second.changes == "Title"
    assert second.based_on == 1


def test_an_incomplete_draft_of_a_live_page_is_saved_and_says_what_is_missing(client, report):
    typed = {"standfirst": "", "image": factories.picture(), "regions": []}
    response = send(client, change(report), follow=True, **typed)
    checks = {check.field: check.blocking for check, _anchor in response.context["checks"]}
    assert {"standfirst", "image_alt", "regions"} <= {field for field in checks if checks[field]}
    response = send(client, change(report), "_submit", follow=True)
    assert "Standfirst is still empty" in messages_of(response)
    assert drafting.draft_of(report).submitted_at is None


def test_what_a_form_refuses_keeps_what_was_typed_and_the_version(client, report):
    form = {**fields_of(client, change(report)), "title": "", "body": "<p>Typed.</p>"}
    response = client.post(change(report), {**form, "_save": "1"})
    assert "Typed." in response.content.decode()
    again = {**form, "title": "T", "_version": response.context["token"], "_save": "1"}
    response = client.post(change(report), again, follow=True)
    assert response.redirect_chain[-1][0] == change(report)
    assert drafting.draft_of(report).snapshot["title"] == "T"


def test_a_draft_waits_for_review_and_goes_on_waiting_while_it_is_edited(client, report):
    send(client, change(report), "_submit", title="New title")
    send(client, change(report), title="Newer title")
    assert drafting.draft_of(report).submitted_at
    assert html(client).count("New title") == 0


def test_a_discarded_draft_is_gone_from_the_form_and_stays_in_the_history(client, report):
    send(client, change(report), title="New title")
    page = change(report).replace("change", "discard")
    assert "Revision 2 stays in the history" in html(client, page)
    version = client.get(page).context["version"]
    client.post(page, {"version": version})
    assert fields_of(client, change(report))["title"] == "Report"
    assert Revision.objects.of(report).get(number=2).discarded_at
    assert Event.objects.filter(action=Event.Action.DISCARDED).exists()


def test_a_discarded_page_opened_before_a_save_discards_nothing(client, report):
    send(client, change(report), title="New title")
    page = change(report).replace("change", "discard")
    version = client.get(page).context["version"]
    send(client, change(report), title="Newer title")
    response = client.post(page, {"version": version})
    assert "Somebody has changed it" in messages_of(response)
    assert drafting.draft_of(report)


def test_a_draft_that_names_what_is_gone_opens_with_a_sentence_and_keeps_its_text(client, report):
    outlet = factories.make_outlet("Gone Gazette")
    tag = factories.make_region("Nowhere")
    send(
        client,
        change(report),
        title="New title",
        original_outlet=outlet.pk,
        original_url="https://example.org/1",
        regions=[str(tag.pk), str(report.regions.get().pk)],
    )
    outlet.delete()
    tag.delete()
    response = client.get(change(report))
    page = response.content.decode()
    assert "has been deleted since" in page
    assert 'value="New title"' in page
    send(client, change(report), "_publish", original_url="")
    report.refresh_from_db()
    assert (report.title, report.original_outlet) == ("New title", None)


def test_a_row_that_names_what_is_gone_is_left_out_with_a_sentence(client, editor):
    edition = factories.make_edition()
    situation = factories.make_situation("Gone")
    entry = {"edition": edition.pk, "situation": situation.pk, "trend": "unchanged"}
    send(client, "/admin/crisiswatch/entry/add/", **entry)
    situation.coverage.all().delete()
    situation.delete()
    response = client.get(change(edition))
    assert "has been deleted since" in response.content.decode()


def test_a_draft_of_an_older_schema_opens_with_a_sentence(client, report):
    send(client, change(report), title="New title")
    draft = drafting.draft_of(report)
    draft.snapshot["heading"] = draft.snapshot.pop("subtitle")
    draft.save()
    page = html(client, change(report))
    assert "“heading” is no field any more" in page
    assert 'value="New title"' in page


def test_what_went_live_meanwhile_is_not_undone_by_an_older_draft(client, report):
    send(client, change(report), title="New title")
    draft = drafting.draft_of(report)
    live = take_snapshot(report) | {"subtitle": "Came by import"}
    version = Publication.objects.get(pk=report.pk).version
    drafting.put(report, live)
    drafting.keep_revision(report, live, by=None, published_at=datetime.datetime.now(datetime.UTC))
    Revision.objects.filter(pk=draft.pk).update(number=draft.number + 5)
    response = send(client, change(report), "_publish")
    assert "/merge/" in response.url
    assert version


def test_an_import_under_an_open_form_is_noticed(client, report):
    form = fields_of(client, change(report))
    from_outside = Publication.objects.get(pk=report.pk)
    from_outside.subtitle = "Imported"
    from_outside.save()
    keep_imported(from_outside)
    response = client.post(change(report), {**form, "title": "Typed", "_save": "1"}, follow=True)
    assert "/merge/" in response.redirect_chain[-1][0]


def test_an_older_revision_is_brought_back_as_a_draft(client, report):
    send(client, change(report), "_publish", title="Second title", **NEW_FINDING)
    version = Publication.objects.get(pk=report.pk).version
    page = change(report).replace("change", "restore/1").replace("1/change", "1")
    page = f"/admin/publications/publication/{report.pk}/restore/1/"
    client.post(page, {"version": version})
    assert fields_of(client, change(report))["title"] == "Report"
    assert "Second title" in html(client)
    send(client, change(report), "_publish")
    assert "Second title" not in html(client)
    assert report.findings.count() == 1
    event = Event.objects.get(action=Event.Action.RESTORED)
    assert (event.from_revision, event.to_revision) == (1, 3)


def test_a_withdrawn_piece_keeps_its_draft_in_the_history(client, report):
    send(client, change(report), title="Unpublished title")
    withdraw(client, report)
    assert fields_of(client, change(report))["title"] == "Report"
    send(client, change(report), "_approve")
    assert "Unpublished title" not in html(client)
    titles = [revision.snapshot["title"] for revision in Revision.objects.of(report)]
    assert "Unpublished title" in titles


def test_what_is_scheduled_and_reworked_takes_its_draft_along(client, editor):
    tomorrow = factories.hidden_states()["scheduled"]
    piece = factories.make_publication("Soon", **tomorrow)
    send(client, change(piece), title="Better title")
    send(client, change(piece), "_rework")
    piece.refresh_from_db()
    assert (piece.status, piece.title) == (Status.DRAFT, "Better title")


def test_an_entry_of_a_public_edition_is_changed_by_a_draft_of_the_edition(client, editor):
    entry = factories.make_entry([("Lead.", "Old words.")], situation=factories.make_situation("K"))
    path = f"/crisiswatch/2024/06/{entry.situation.slug}/"
    send(client, change(entry), **{"developments-0-body": "New words."})
    assert "New words." not in html(client, path)
    assert fields_of(client, change(entry))["developments-0-body"] == "New words."
    send(client, change(entry.edition), "_publish")
    assert "New words." in html(client, path)


def test_an_entry_added_to_a_public_edition_is_found_in_its_draft(client, editor):
    edition = factories.make_entry().edition
    situation = factories.make_situation("Added")
    send(
        client,
        "/admin/crisiswatch/entry/add/",
        edition=edition.pk,
        situation=situation.pk,
        trend="improved",
        lead="In one breath.",
    )
    assert Entry.objects.count() == 1
    [row] = [r for r in drafting.draft_of(edition).snapshot["entries"] if is_draft_key(r["pk"])]
    path = f"/admin/crisiswatch/entry/{row['pk']}/change/"
    send(client, path, lead="In another.")
    send(client, change(edition), "_publish")
    assert Entry.objects.get(situation=situation).lead == "In another."


@pytest.mark.parametrize("status", [Status.APPROVED, Status.DRAFT])
def test_two_editors_of_two_entries_of_one_edition_are_in_nobody_s_way(client, editor, status):
    edition = factories.make_edition(status=status)
    entries = [factories.make_entry(edition=edition) for _ in range(2)]
    forms = [fields_of(client, change(entry)) for entry in entries]
    for entry, form in zip(entries, forms, strict=True):
        posted = {**form, "lead": f"Lead {entry.pk}", "_save": "1"}
        assert client.post(change(entry), posted)["Location"] == change(entry)
    for entry in entries:
        assert fields_of(client, change(entry))["lead"] == f"Lead {entry.pk}"


def test_two_editors_of_one_entry_are_asked(client, editor):
    entry = factories.make_entry()
    form = fields_of(client, change(entry))
    for words in ("First.", "Second."):
        where = client.post(change(entry), {**form, "lead": words, "_save": "1"})["Location"]
    assert "/crisiswatch/edition/" in where
    assert "/merge/" in where


def test_a_part_added_to_a_public_edition_leaves_the_rest_of_the_draft_alone(client, editor):
    edition = factories.make_entry().edition
    send(client, change(edition), overview="<p>Only in the draft.</p>")
    situation = factories.make_situation("Added")
    new = {"edition": edition.pk, "situation": situation.pk, "trend": "improved"}
    send(client, "/admin/crisiswatch/entry/add/", **new)
    assert drafting.draft_of(edition).snapshot["overview"] == "<p>Only in the draft.</p>"


@pytest.mark.parametrize("key", ["+{}", " {}", "{}_", "x"])
def test_no_way_of_writing_an_entry_s_number_reaches_the_live_row(client, editor, key):
    entry = factories.make_entry(lead="Live.")
    form = {**fields_of(client, change(entry)), "lead": "LEAKED", "_save": "1"}
    client.post(f"/admin/crisiswatch/entry/{key.format(entry.pk)}/change/", form)
    entry.refresh_from_db()
    assert entry.lead == "Live."


def test_what_is_approved_after_a_withdrawal_is_what_readers_have(client, report):
    send(client, change(report), "_publish", title="Second")
    withdraw(client, report)
    send(client, change(report), title="Third")
    send(client, change(report), "_approve")
    assert drafting.newest_published(report).snapshot["title"] == "Third"


def test_a_schedule_called_off_by_rework_keeps_its_text(client, editor):
    piece = factories.make_publication("Old", **factories.hidden_states()["scheduled"])
    send(client, change(piece), title="New")
    revision = drafting.draft_of(piece)
    later = piece.publish_at + datetime.timedelta(hours=1)
    version = Publication.objects.get(pk=piece.pk).version
    scheduling.schedule(revision, at=later, by=editor, version=version)
    send(client, change(piece), "_rework")
    send(client, change(piece), "_approve")
    titles = {each.snapshot["title"] for each in Revision.objects.of(piece)}
    assert titles == {"Old", "New"}


def test_an_import_hides_no_draft(client, report):
    send(client, change(report), title="Drafted")
    keep_imported(Publication.objects.get(pk=report.pk))
    assert drafting.draft_of(report).snapshot["title"] == "Drafted"
    assert "/merge/" in send(client, change(report), "_publish").url


def test_to_restore_does_not_lift_an_embargo(client, editor):
    piece = factories.make_publication("Report", status=Status.DRAFT, publish_at=None)
    send(client, change(piece), title="Other")
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    send(client, change(piece), publish_at_0=f"{tomorrow:%Y-%m-%d}", publish_at_1="12:00")
    version = Publication.objects.get(pk=piece.pk).version
    client.post(f"/admin/publications/publication/{piece.pk}/restore/1/", {"version": version})
    piece.refresh_from_db()
    assert (piece.title, piece.publish_at.date()) == ("Report", tomorrow.date())


def test_a_withdrawal_closes_preview_links(client, report, editor):
    send(client, change(report), title="Drafted")
    link = share(drafting.draft_of(report), by=editor, hours=48)
    withdraw(client, report)
    link.refresh_from_db()
    assert not link.is_open


def test_the_list_says_which_live_pages_have_drafts(client, report):
    factories.make_publication("Other")
    send(client, change(report), title="New title")
    page = html(client, "/admin/publications/publication/")
    assert page.count("· draft") == 1


def test_who_wrote_it_and_what_changed_stand_in_the_revision(client, editor, report):
    send(client, change(report), title="T", _note="As the author asked")
    revision = drafting.draft_of(report)
    assert (revision.author, revision.note, revision.changes) == (
        editor,
        "As the author asked",
        "Title",
    )
    assert Person.objects.count() == 1
