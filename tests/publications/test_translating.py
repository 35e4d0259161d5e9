"""A piece in several languages: begun from its original, kept in line with it, released with it."""

import datetime

import pytest
from django.conf import global_settings
from django.utils import timezone

from editorial import scheduling
from editorial.models import Revision, ScheduledChange
from editorial.scheduling import apply_due
from publications.models import Publication
from tests import factories
from tests.forms import change, fields_of, form_page, send

pytestmark = pytest.mark.django_db

NEW_TEXT = "<p>It says more now.</p>"


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


def page_of(piece, name="translate"):
    return change(piece).replace("change", name)


def begin(client, original, language="fr"):
    """The translation that the button on the original's form begins."""
    client.post(page_of(original), {"language": language})
    return Publication.objects.get(translation_of=original, language=language)


def make_report(**kwargs):
    asia = factories.make_region("Asia")
    kwargs = {"numbered_in": asia, "number": 294, "series": factories.make_series(), **kwargs}
    original = factories.make_publication(
        "Original",
        regions=[asia],
        tags=["war"],
        part=2,
        authors=[factories.make_person()],
        **kwargs,
    )
    original.findings.create(label="What’s new?", text="<p>This.</p>")
    original.figures.create(image=factories.picture(), alt="Chart", mark="abc12345")
    original.attachments.create(file=factories.picture("r.pdf"), label="Full report")
    original.corrections.create(text="Not 3 but 4.")
    return original


# To begin


def test_a_translation_begins_with_the_structure_and_the_text_of_its_original(client, editor):
    original = make_report()
    begun = begin(client, original)
    assert (begun.status, begun.title, begun.body) == ("draft", original.title, original.body)
    assert (begun.label, begun.part, begun.series) == ("Asia Report 294", 2, original.series)
    assert (begun.slug, begun.created_by, begun.publish_at) == ("original-fr", editor, None)
    assert list(begun.regions.all()) == list(original.regions.all())
    assert list(begun.tags.names()) == ["war"]
    assert begun.bylines.get().person == original.bylines.get().person
    assert begun.findings.get().text == "<p>This.</p>"
    figure, its = begun.figures.get(), original.figures.get()
    assert figure.pk != its.pk
    assert (figure.image.name, figure.mark) == (its.image.name, "abc12345")
    assert not begun.attachments.exists()
    assert not begun.corrections.exists()
    assert Revision.objects.of(begun).count() == 1


def test_what_is_written_over_a_translation_leaves_its_original_alone(client, editor):
    original = make_report()
    begun = begin(client, original)
    send(client, change(begun), **{"findings-0-text": "<p>Ceci.</p>", "title": "Rapport"})
    original.refresh_from_db()
    assert (original.title, original.findings.get().text) == ("Original", "<p>This.</p>")
    assert begun.findings.get().text == "<p>Ceci.</p>"


def test_the_translation_of_a_part_belongs_to_the_translation_of_the_whole(client, editor):
    whole = factories.make_publication("Watch list")
    part = factories.make_publication("Spring", parent=whole, part=1)
    assert begin(client, part, "ar").parent == whole
    french = begin(client, whole)
    assert begin(client, part).parent == french


def test_one_translation_for_each_language(client, editor):
    original = factories.make_publication("Original")
    begin(client, original)
    page = client.post(page_of(original), {"language": "fr"})
    assert "fr is not one of the available choices" in page.content.decode()
    assert original.translations.count() == 1


def test_a_translation_of_a_translation_is_refused(client, editor):
    original = factories.make_publication("Original")
    french = begin(client, original)
    page = client.post(page_of(french), {"language": "ko"}, follow=True)
    assert "It is a translation itself: start from its original." in page.content.decode()
    page = send(client, change(french), translation_of=french.pk, refused=True)
    said = page.context["adminform"].form.errors["translation_of"]
    assert said == ["This is an original: it has translations, or would be its own."]
    assert Publication.objects.count() == 2


def test_who_works_on_another_desk_begins_none(client):
    original = factories.make_publication(regions=[factories.make_region("Asia")])
    elsewhere = factories.make_member("Editor")
    factories.make_desk(factories.make_region("Africa"), members=[elsewhere])
    client.force_login(elsewhere)
    assert client.get(page_of(original)).status_code == 403
    assert client.post(page_of(original), {"language": "fr"}).status_code == 403
    assert "Start a translation" not in client.get(change(original)).content.decode()


# To stay in line


def publish_new_text(client, original):
    send(client, change(original), "_publish", body=NEW_TEXT)


def outdated_at_the_desk(client):
    return [str(piece) for piece in form_page(client, "/admin/")["outdated"]]


def test_a_translation_is_outdated_once_its_original_says_something_else(client, editor):
    original = factories.make_publication("Original")
    french = begin(client, original)
    send(client, change(french), title="Rapport")
    assert outdated_at_the_desk(client) == []
    publish_new_text(client, original)
    assert outdated_at_the_desk(client) == ["Rapport"]
    html = client.get("/admin/").content.decode()
    compare = page_of(original, "compare") + "?from=1&amp;to=2"
    assert compare in html
    assert compare in client.get(change(french)).content.decode()
    shown = client.get(compare.replace("&amp;", "&")).content.decode()
    assert "It says more now." in shown


def test_a_draft_of_the_original_makes_no_translation_outdated(client, editor):
    original = factories.make_publication("Original")
    french = begin(client, original)
    send(client, change(original), body=NEW_TEXT)
    assert outdated_at_the_desk(client) == []
    assert "has changed since" not in client.get(change(french)).content.decode()


def test_what_has_been_brought_up_to_date_is_outdated_no_more(client, editor):
    original = factories.make_publication("Original")
    french = begin(client, original)
    publish_new_text(client, original)
    send(client, change(french), body="<p>Plus.</p>")
    assert outdated_at_the_desk(client) == ["Original"]
    send(client, change(french), is_in_line="on")
    assert outdated_at_the_desk(client) == []


def test_it_is_in_line_with_what_its_original_said_when_the_form_was_opened(client, editor):
    original = factories.make_publication("Original")
    french = begin(client, original)
    publish_new_text(client, original)
    opened = fields_of(client, change(french))
    send(client, change(original), "_publish", body="<p>And more again.</p>")
    client.post(change(french), {**opened, "is_in_line": "on", "_save": "1"})
    french.refresh_from_db()
    assert french.in_line_with == 2
    assert outdated_at_the_desk(client) == ["Original"]


def test_the_word_that_it_is_up_to_date_goes_live_with_the_text(client, editor):
    original = factories.make_publication("Original")
    french = begin(client, original)
    send(client, change(french), "_approve")
    publish_new_text(client, original)
    send(client, change(french), body="<p>Plus.</p>", is_in_line="on")
    assert outdated_at_the_desk(client) == ["Original"]
    send(client, change(french), "_publish")
    assert outdated_at_the_desk(client) == []


def test_one_tied_by_hand_is_in_line_with_what_its_original_says_then(client, editor):
    original, french = factories.make_publication("Original"), factories.make_publication("Rapport")
    send(client, change(french), "_publish", translation_of=original.pk, language="fr")
    assert outdated_at_the_desk(client) == []
    publish_new_text(client, original)
    assert outdated_at_the_desk(client) == ["Rapport"]


def test_forms_offer_the_languages_of_the_house_first(settings):
    settings.TRANSLATION_LANGUAGES = ["fr", "ar"]
    offered = [code for code, _name in Publication._meta.get_field("language").flatchoices]
    assert offered[:5] == ["en", "he", "fr", "ar", "af"]
    assert len(offered) == len(set(offered)) == len(global_settings.LANGUAGES)


def test_the_desk_says_what_is_missing_in_the_languages_of_the_house(client, editor, settings):
    settings.TRANSLATION_LANGUAGES = ["ar", "fr"]
    long_ago = timezone.now() - datetime.timedelta(days=400)
    factories.make_publication("Long ago", publish_at=long_ago)
    factories.make_publication("Hidden", status="draft")
    factories.make_publication("Arabic", language="ar")
    original = factories.make_publication("Original")
    factories.make_publication("Rapport", translation_of=original, language="fr")
    context = form_page(client, "/admin/")
    lacking = {str(piece): [code for code, _ in codes] for piece, codes in context["untranslated"]}
    assert lacking == {"Arabic": ["fr"], "Original": ["ar"]}


def test_the_form_shows_a_piece_in_all_its_languages(client, editor, settings):
    settings.TRANSLATION_LANGUAGES = ["ar"]
    original = factories.make_publication("Original")
    french = begin(client, original)
    for piece in (original, french):
        shown = form_page(client, change(piece))["versions"]
        assert [(each.name, each.piece) for each in shown] == [
            ("English", original),
            ("French", french),
            ("Arabic", None),
        ]
        assert shown[1].state == "draft"


# To release


def schedule(client, piece, beside=(), hours=3):
    at = timezone.now() + datetime.timedelta(hours=hours)
    path = page_of(piece, "schedule")
    data = {"at_0": f"{at:%Y-%m-%d}", "at_1": f"{at:%H:%M:%S}", "beside": beside}
    return client.post(path, data | {"version": client.get(path).context["version"]})


def offered(client, piece):
    """What can be released with a piece: keys by what the page calls it."""
    form = client.get(page_of(piece, "schedule")).context["form"]
    return {says: key for key, says in getattr(form.fields.get("beside"), "choices", [])}


def test_one_schedule_releases_all_languages_together(client, editor):
    original = factories.make_publication("Original", status="draft")
    french, arabic = begin(client, original), begin(client, original, "ar")
    send(client, change(french), title="Rapport")
    choices = offered(client, original)
    assert list(choices) == ["Original · Arabic · draft", "Rapport · French · draft"]
    schedule(client, original, list(choices.values()))
    pieces = [Publication.objects.get(pk=each.pk) for each in (original, french, arabic)]
    assert {each.status for each in pieces} == {"approved"}
    assert len({each.publish_at for each in pieces}) == 1
    assert all(each.is_scheduled for each in pieces)


def test_what_is_not_chosen_stays_as_it_is(client, editor):
    original = factories.make_publication("Original", status="draft")
    french = begin(client, original)
    schedule(client, original)
    french.refresh_from_db()
    assert french.status == "draft"


def test_where_one_cannot_be_released_none_is_and_the_page_says_which_and_why(client, editor):
    original = factories.make_publication("Original", status="draft")
    french = begin(client, original)
    send(client, change(french), title="Rapport", standfirst="")
    page = schedule(client, original, list(offered(client, original).values()))
    assert "“Rapport”: Standfirst is still empty." in page.content.decode()
    assert page.context["form"]["beside"].value(), "what was chosen is still chosen"
    assert set(Publication.objects.values_list("status", flat=True)) == {"draft"}


def test_one_that_somebody_has_changed_meanwhile_is_looked_at_again(client, editor):
    original = factories.make_publication("Original", status="draft")
    french = begin(client, original)
    chosen = list(offered(client, original).values())
    send(client, change(french), title="Rapport")
    page = schedule(client, original, chosen)
    assert "Somebody has changed one of them since" in page.content.decode()
    assert set(Publication.objects.values_list("status", flat=True)) == {"draft"}


def test_drafts_of_live_pieces_are_released_together_too(client, editor):
    original = factories.make_publication("Original")
    french = begin(client, original)
    send(client, change(french), "_approve")
    send(client, change(original), body=NEW_TEXT)
    assert offered(client, original) == {}, "nothing of the translation waits"
    send(client, change(french), body=NEW_TEXT)
    schedule(client, original, list(offered(client, original).values()))
    changes = Revision.objects.filter(schedules__isnull=False)
    assert {each.piece for each in changes} == {original, french}
    assert len(set(changes.values_list("schedules__change_at", flat=True))) == 1


def test_at_the_moment_all_changes_go_live_or_none(client, editor, time_machine):
    original = factories.make_publication("Original")
    french = begin(client, original)
    send(client, change(french), "_approve")
    send(client, change(original), title="New")
    send(client, change(french), title="Nouveau", slug="nouveau")
    schedule(client, original, list(offered(client, original).values()))
    taken = factories.make_publication("Another", slug="nouveau")
    time_machine.move_to(timezone.now() + datetime.timedelta(hours=4))
    assert apply_due() == 0
    assert set(Publication.objects.exclude(pk=taken.pk).values_list("title", flat=True)) == {
        "Original"
    }
    said = {each.revision.piece: each.problem for each in ScheduledChange.objects.all()}
    assert "It was to go live together with “Original”: " in said[original]
    assert said[french] in said[original]


def test_those_that_can_go_live_together(client, editor, time_machine):
    original = factories.make_publication("Original")
    french = begin(client, original)
    send(client, change(french), "_approve")
    for piece in (original, french):
        send(client, change(piece), body=NEW_TEXT)
    schedule(client, french, list(offered(client, french).values()))
    assert len(set(ScheduledChange.objects.values_list("together", flat=True))) == 1
    time_machine.move_to(timezone.now() + datetime.timedelta(hours=4))
    assert apply_due() == 2
    assert set(Publication.objects.values_list("body", flat=True)) == {NEW_TEXT}


def test_what_is_scheduled_together_is_locked_in_one_order(client, editor, monkeypatch):
    pieces = [factories.make_publication(status="draft") for _number in range(3)]
    locked = []
    monkeypatch.setattr(scheduling, "schedule_piece", lambda piece, **_rest: locked.append(piece))
    for given in (pieces, pieces[::-1]):
        pairs = [(piece, piece.version) for piece in given]
        scheduling.schedule_together(pairs, at=timezone.now(), by=editor)
    assert locked == pieces * 2


def test_nobody_is_offered_to_release_what_they_may_not(client):
    asia, africa = factories.make_region("Asia"), factories.make_region("Africa")
    original = factories.make_publication("Original", regions=[asia], status="draft")
    factories.make_publication(
        "Rapport", regions=[africa], status="draft", translation_of=original, language="fr"
    )
    publisher = factories.make_member("Publisher")
    factories.make_desk(asia, members=[publisher])
    client.force_login(publisher)
    assert offered(client, original) == {}
