"""What differs between two revisions, in words and on the page, and the history of an object."""

import re
from difflib import SequenceMatcher
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from crisiswatch.models import Edition
from editorial import drafting, wording
from editorial.blocks import plain_blocks, rich_blocks
from editorial.comparing import changes_in_words, compare
from editorial.models import Event, Revision, Status
from editorial.paragraphs import block_changes, stretches
from editorial.rows import moved, pair
from editorial.snapshots import DRAFT_KEYS, take_snapshot
from editorial.wording import align, marked, word_runs
from people.models import Person
from publications.models import Publication
from regions.models import Region
from tests import factories

# Words


def runs(before, after):
    return [(state, text.strip()) for state, text in word_runs(before, after)]


def test_words_that_came_and_went_are_told_from_those_that_stayed():
    assert runs("The war goes on.", "The long war ends.") == [
        ("same", "The"),
        ("added", "long"),
        ("same", "war"),
        ("removed", "goes on."),
        ("added", "ends."),
    ]


def test_chinese_is_compared_sign_by_sign():
    assert word_runs("朝鲜半岛局势", "朝鲜局势") == [
        ("same", "朝鲜"),
        ("removed", "半岛"),
        ("same", "局势"),
    ]


def test_a_long_text_in_one_paragraph_is_compared_sentence_by_sentence():
    sentences = [
        f"The {word} of {number} talks in the north." for number, word in enumerate("abc" * 300)
    ]
    changed = [*sentences[:400], "A new one.", *sentences[401:]]
    states = [state for state, _text in word_runs(" ".join(sentences), " ".join(changed))]
    assert states == ["same", "removed", "added", "same"]


class Differ(SequenceMatcher):
    """Counts the words that it goes through."""

    gone_through = 0

    def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
        Differ.gone_through += ahi - alo
        return super().find_longest_match(alo, ahi, blo, bhi)


def test_a_page_goes_through_so_many_words_and_shows_the_rest_as_replaced(monkeypatch):
    monkeypatch.setattr(wording, "SequenceMatcher", Differ)
    monkeypatch.setattr(wording, "MOST_STEPS", 400_000)
    monkeypatch.setattr(Differ, "gone_through", 0)

    def text(word):
        return " ".join(f"w{number} x{number} {word}{number}" for number in range(180))

    fields = ["standfirst", "summary", "body", "image_caption", "image_credit"]
    before, after = ({name: text(word) for name in fields} for word in ("old", "new"))
    changes = compare(Publication, before, after)
    html = {
        change.name: "".join(str(b.html) for s in change.stretches for b in s.blocks)
        for change in changes
    }
    assert 0 < Differ.gone_through <= wording.MOST_STEPS
    marks = {name: its.count("<ins>") for name, its in html.items()}
    assert (marks["standfirst"] > 100, marks["image_credit"]) == (True, 1)
    assert all("new179" in its and "old179" in its for its in html.values())


def test_where_enough_was_compared_a_text_is_one_paragraph(monkeypatch):
    monkeypatch.setattr(wording, "MOST_STEPS", 0)
    sides = [[*"abc", "d e"], [*"abx", "d e"]]
    [change] = block_changes(*(plain_blocks("\n".join(side)) for side in sides))
    assert (change.before.text, change.after.text) == ("a b c d e", "a b x d e")
    assert word_runs(change.before.text, change.after.text) == [
        ("same", "a b "),
        ("removed", "c "),
        ("added", "x "),
        ("same", "d e"),
    ]


HOSTILE = st.text(alphabet="ab <>&\"'/\n\u200f\u202e{}%;=#x朝", max_size=60)


@given(HOSTILE, HOSTILE)
@example("<script>alert(1)</script>", "{0} {} %s &lt;b&gt;")
def test_whatever_is_typed_nothing_but_marks_comes_out_as_markup(before, after):
    html = str(marked(word_runs(before, after)))
    mark = r'<(ins|del)><span class="visually-hidden">(?:added|removed): </span>(.*?)</\1>'
    assert not re.search("[<>]", re.sub(mark, r"\2", html, flags=re.DOTALL))

    def without(tag):
        kept = re.sub(mark, lambda m: "" if m[1] == tag else m[2], html, flags=re.DOTALL)
        return "".join(unescape(kept).split())

    assert without("ins") == "".join(before.split())
    assert without("del") == "".join(after.split())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 30_000, "b a " * 15_000),
        ("a. " * 20_000, "b. a. " * 10_000),
        ("a\n" * 30_000, "b\na\n" * 15_000),
        ("x" * 60_000, "x" * 59_999),
    ],
)
def test_a_hostile_text_is_compared_all_the_same(before, after):
    changes = block_changes(plain_blocks(before), plain_blocks(after))
    shown = "".join(change.html for stretch in stretches(changes) for change in stretch.blocks)
    assert "<ins>" in shown


def test_paragraphs_are_paired_by_what_they_say_without_crossing():
    old = ["The north is calm today", "Talks went on in the capital", "Prices rose again"]
    new = ["A word before", "Talks went on in a capital", "Prices fell again"]
    assert align(old, new) == [(0, None), (None, 0), (1, 1), (2, 2)] or align(old, new) == [
        (None, 0),
        (0, None),
        (1, 1),
        (2, 2),
    ]


# Paragraphs


def states(before, after):
    return [change.state for change in block_changes(rich_blocks(before), rich_blocks(after))]


def test_blocks_are_what_a_reader_sees():
    html = (
        "<h2>Title</h2>\n<p>One <strong>bold</strong> &amp; plain<br>word</p>\n"
        '<ul><li><p>a</p>\n</li><li><p><a href="https://example.org/">b</a></p>\n</li></ul>\n'
        "<table><tbody><tr><th><p>x</p>\n</th><td><p>y</p>\n</td></tr></tbody></table>"
    )
    blocks = rich_blocks(html)
    assert [(block.kind, block.text) for block in blocks] == [
        ("h2", "Title"),
        ("p", "One bold & plain word"),
        ("li", "a"),
        ("li", "b"),
        ("tr", "x | y"),
    ]
    assert blocks[3].links == ("https://example.org/",)


def test_a_change_of_layout_alone_is_said_as_such():
    assert states("<p>One two</p>", "<p>One <em>two</em></p>") == ["layout"]
    assert states("<p>One</p>", "<h2>One</h2>") == ["layout"]
    [change] = compare(Region, {"introduction": "<p>One</p>"}, {"introduction": "<h2>One</h2>"})
    assert change.is_layout_only


NOTE = '<span class="footnote">See <em>The Record</em>.</span>'


def test_footnotes_boxes_and_figures_are_named():
    html = (
        f'<p>A{NOTE}b</p><aside class="box"><p>C</p></aside><aside class="pull"><p>D</p></aside>'
        f'<figure data-mark="abc12345"></figure><table><tr><td>E{NOTE}</td><td>F</td></tr></table>'
    )
    assert [(block.called, block.text) for block in rich_blocks(html)] == [
        ("", "Ab"),
        ("Footnote", "See The Record."),
        ("Box", "C"),
        ("Pull quote", "D"),
        ("", "Figure abc12345"),
        ("", "E | F"),
        ("Footnote", "See The Record."),
    ]


def test_a_footnote_that_changes_is_told_apart_from_its_paragraph():
    before = f"<p>A long paragraph{NOTE} with words.</p>"
    assert states(before, before.replace("Record", "Diary")) == ["same", "changed"]
    assert states(before, before.replace(NOTE, "")) == ["layout", "removed"]
    called_later = f"<p>A long paragraph with words{NOTE}.</p>"
    assert states(before, called_later) == ["layout", "same"]


def test_a_text_that_the_editor_only_took_up_has_not_changed():
    before = "<ul><li>A</li></ul><table><tr><td>B</td></tr></table>"
    after = "<ul><li><p>A</p>\n</li></ul>\n<table><tbody><tr><td><p>B</p></td></tr></tbody></table>"
    assert states(before, after) == ["same", "same"]


def test_a_link_that_leads_elsewhere_shows_both_addresses():
    links = [
        '<p><a href="https://example.org/">here</a></p>',
        '<p><a href="https://x.test/">here</a></p>',
    ]
    [change] = block_changes(*map(rich_blocks, links))
    assert change.state == "layout"
    assert "<del>" in change.links
    assert "https://example.org/" in change.links
    assert "https://x.test/" in change.links


def test_unchanged_paragraphs_are_folded_between_those_that_changed():
    before = "".join(f"<p>Paragraph {number}</p>" for number in range(10))
    after = before.replace("Paragraph 4", "Paragraph four")
    found = stretches(block_changes(rich_blocks(before), rich_blocks(after)))
    assert [(stretch.folded, len(stretch.blocks)) for stretch in found] == [
        (True, 4),
        (False, 1),
        (True, 5),
    ]


def test_a_paragraph_that_was_put_elsewhere_is_said_to_have_moved():
    one, two, three = "<p>The first</p>", "<p>Another here</p>", "<p>Last of all</p>"
    changes = block_changes(rich_blocks(one + two + three), rich_blocks(two + three + one))
    assert [(c.state, c.moved) for c in changes] == [
        ("removed", True),
        ("same", False),
        ("same", False),
        ("added", True),
    ]


@given(HOSTILE, HOSTILE)
def test_no_markup_of_a_rich_text_reaches_the_page(before, after):
    for change in block_changes(rich_blocks(f"<p>{before}</p>"), rich_blocks(f"<p>{after}</p>")):
        left = re.sub(r'</?(?:ins|del|span(?: class="visually-hidden")?)>', "", change.html)
        assert "<" not in left


# Rows


def test_rows_are_paired_by_key_and_drafted_ones_by_what_they_say():
    drafted = {"pk": DRAFT_KEYS + 1, "person": 7, "title": "Senior Analyst", "position": 0}
    other = {"pk": 3, "person": 8, "title": "Analyst", "position": 1}
    live = {**drafted, "pk": 12}
    assert pair([drafted, other], [live, other]) == [(drafted, live), (other, other)]
    assert pair([other], [live]) == [(other, None), (None, live)]
    somebody_else = {**live, "person": 9}
    assert (drafted, None) in pair([drafted], [somebody_else])


@given(st.permutations(range(8)))
def test_the_rows_that_stayed_stand_in_their_old_order(places):
    stayed = [place for place in places if place not in moved(places)]
    assert stayed == sorted(stayed)
    assert moved(sorted(places)) == set()


# Fields


def change_of(model, name, before, after):
    [change] = compare(model, {name: before}, {name: after})
    return change


@pytest.mark.django_db
def test_values_are_said_as_editors_say_them():
    person = factories.make_person("Han Bora")
    piece = Publication
    values = {
        ("kind", "report", "op_ed"): ("Report", "Op-Ed"),
        ("publish_at", None, "2024-07-01T09:00:00+00:00"): ("", "1 Jul 2024, 09:00 UTC"),
        ("number", None, 300): ("", "300"),
    }
    for (name, before, after), said in values.items():
        change = change_of(piece, name, before, after)
        assert (change.before, change.after) == said
    rows = [{"pk": 1, "situation": 1, "risk_alert": alert} for alert in (False, True)]
    [row] = change_of(Edition, "entries", [rows[0]], [rows[1]]).rows
    assert (row.changes[0].before, row.changes[0].after) == ("no", "yes")
    assert row.label == "deleted (no. 1)"
    month = change_of(Edition, "month", "2024-06", "2024-07")
    assert (month.before, month.after) == ("June 2024", "July 2024")
    byline = change_of(piece, "bylines", [], [{"pk": 1, "person": person.pk, "role": "editor"}])
    [row] = byline.rows
    assert (row.state, row.label) == ("added", "Han Bora")
    assert [each.after for each in row.changes] == ["Han Bora", "editor"]


@pytest.mark.django_db
def test_relations_are_named_in_one_query_and_what_is_gone_has_its_number(
    django_assert_num_queries,
):
    regions = [factories.make_region(name) for name in ("Asia", "Africa", "Europe")]
    before = [region.pk for region in regions]
    after = [*before[1:], 4711]
    with django_assert_num_queries(1):
        change = change_of(Publication, "regions", before, after)
    assert (change.kept, change.removed, change.added) == (
        ["Africa", "Europe"],
        ["Asia"],
        ["deleted (no. 4711)"],
    )
    assert "<del>" in "".join(change.items)
    tags = change_of(Publication, "tags", ["war"], ["<b>"])
    assert "&lt;b&gt;" in "".join(tags.items)


def test_changes_stand_in_the_order_of_the_form_and_a_field_of_old_is_shown_by_its_name():
    before = {"body": "<p>a</p>", "title": "A", "regions": [1], "dropped_field": "x"}
    after = {"body": "<p>b</p>", "title": "B", "regions": [], "bylines": [{"pk": 1, "title": "C"}]}
    words = changes_in_words(Publication, before, after)
    assert words == "Title, Body, Regions (1 removed), Bylines (1 added), Dropped field"


def test_a_line_of_the_history_counts_paragraphs_and_rows():
    developments = [{"pk": 1, "body": "x", "position": 0}, {"pk": 2, "body": "y", "position": 1}]
    before = {
        "overview": "<p>One</p>\n<p>Two</p>\n<p>Three</p>",
        "entries": [{"pk": 5, "situation": 1, "developments": developments}],
    }
    after = {
        "overview": "<p>One!</p>\n<p>Two</p>\n<p>Three!</p>",
        "entries": [
            {"pk": 5, "situation": 1, "developments": developments[:1]},
            {"pk": 6, "situation": 2, "developments": []},
        ],
    }
    said = "Global overview (2 paragraphs), Entries (1 added, 1 changed)"
    assert changes_in_words(Edition, before, after) == said
    assert changes_in_words(Edition, {}, after) == ""
    assert changes_in_words(Edition, after, after) == ""


def test_a_row_that_only_went_elsewhere_has_moved_and_shifted_ones_have_not():
    rows = [{"pk": pk, "outside_name": f"Name {pk}", "position": pk} for pk in range(1, 5)]
    last_first = [{**rows[3], "position": 0}, *rows[:3]]
    [row] = change_of(Publication, "bylines", rows, last_first).rows
    assert (row.state, row.label, row.places) == ("moved", "Name 4", (4, 1))
    shifted = [{**row, "position": row["position"] + 1} for row in rows]
    assert compare(Publication, {"bylines": rows}, {"bylines": shifted}) == []


def test_pictures_stand_side_by_side_and_other_files_by_name():
    change = change_of(Person, "portrait", "people/person/portrait/a.jpg", "")
    assert (change.kind, change.before_url) == ("picture", "/media/people/person/portrait/a.jpg")
    files = [{"pk": 1, "file": "publications/attachment/file/a.pdf", "label": "L"}]
    [row] = change_of(Publication, "attachments", [], files).rows
    assert row.changes[0].after == "a.pdf"


# Pages


@pytest.fixture
def editor(client):
    user = factories.make_editor(username="ed")
    client.force_login(user)
    return user


def save(piece, by, **changes):
    piece.refresh_from_db()
    snapshot = {**drafting.current(piece), **changes}
    return drafting.save_snapshot(piece, snapshot, by=by, version=piece.version)


def page(piece, name, *args):
    way = "/".join(str(arg) for arg in (name, *args))
    return f"/admin/{piece._meta.app_label}/{piece._meta.model_name}/{piece.pk}/{way}/"


def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.django_db
def test_a_draft_is_compared_with_what_readers_see(client, editor):
    piece = factories.make_publication("War", body="<p>It goes on.</p>", tags=["old"])
    save(piece, editor, title="Peace", body="<p>It went on.</p>", tags=["new"])
    response = client.get(page(piece, "compare"))
    html = response.content.decode()
    assert [side.value for side in (response.context["before"], response.context["after"])] == [
        "live",
        "2",
    ]
    assert "What readers see" in html
    assert "Revision 2" in html
    assert '<del><span class="visually-hidden">removed: </span>War</del>' in html
    assert '<ins><span class="visually-hidden">added: </span>Peace</ins>' in html
    for name in ("title", "body", "tags"):
        assert f'id="change-{name}"' in html
    swapped = read(client, page(piece, "compare") + "?from=2&to=live")
    assert '<ins><span class="visually-hidden">added: </span>War</ins>' in swapped


@pytest.mark.django_db
def test_any_two_revisions_can_be_compared_and_equal_ones_say_so(client, editor):
    piece = factories.make_publication("One", status=Status.DRAFT)
    for title in ("Two", "Three", "Two"):
        save(piece, editor, title=title)
    html = read(client, page(piece, "compare"))
    assert "Revision 3" in html
    assert "Nothing differs" in read(client, page(piece, "compare") + "?from=2&to=4")
    assert "One" in read(client, page(piece, "compare") + "?from=1&to=3")


@pytest.mark.django_db
def test_with_nothing_to_compare_the_page_says_so(client, editor):
    piece = factories.make_publication("Alone")
    assert "nothing to compare" in read(client, page(piece, "compare"))
    for number in ("7", "x", "-1", "٣", "9" * 30):
        read(client, page(piece, "compare") + f"?from=live&to={number}", status=404)


@pytest.mark.django_db
def test_every_kind_of_change_has_its_place_on_the_page(client, editor):
    factories.make_newsroom()
    piece = Publication.objects.get(title="Report")
    now = take_snapshot(piece)
    changes = {
        "number": 301,
        "image": "",
        "series": None,
        "part": None,
        "regions": [],
        "bylines": list(reversed(now["bylines"])),
        "findings": [{**now["findings"][0], "label": "<i>What?</i>"}],
        "figures": [],
    }
    for place, row in enumerate(changes["bylines"]):
        changes["bylines"][place] = {**row, "position": place}
    save(piece, editor, **changes)
    html = read(client, page(piece, "compare"))
    for name in changes:
        assert f'id="change-{name}"' in html
    assert "&lt;i&gt;What?" in html.replace("</del>", "")
    assert "<i>What?" not in html
    assert f'src="{piece.image.storage.url(now["image"])}"' in html
    assert "from place" in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["compare", "history"])
def test_pages_ask_for_the_right_to_view(client, name):
    piece = factories.make_publication()
    client.force_login(factories.make_user(is_staff=True))
    read(client, page(piece, name), status=403)
    client.force_login(factories.make_editor())
    read(client, f"/admin/publications/publication/4711/{name}/", status=404)


@pytest.mark.django_db
def test_the_history_tells_who_changed_what_and_what_became_of_it(client, editor):
    piece = factories.make_publication("One")
    save(piece, editor, title="Two")
    piece.refresh_from_db()
    drafting.publish(piece, by=editor, version=piece.version)
    save(piece, editor, subtitle="Never")
    drafting.discard(piece, by=editor, version=piece.version)
    drafting.set_aside(piece, {**take_snapshot(piece), "title": "X"}, by=editor, base=2)
    save(piece, editor, subtitle="Later")
    response = client.get(page(piece, "history"))
    words = {
        revision.number: [kind for kind, _says in revision.marks]
        for revision in response.context["revisions"]
    }
    assert words == {
        1: ["published"],
        2: ["live", "published"],
        3: ["discarded"],
        4: ["aside"],
        5: ["draft"],
    }
    html = response.content.decode()
    assert "Title" in html
    assert "?from=3&amp;to=5" in html
    assert page(piece, "merge", 4) in html


@pytest.mark.django_db
def test_the_history_of_what_was_never_saved_says_so(client, editor):
    assert "No revision yet" in read(client, page(factories.make_region(), "history"))


@pytest.mark.django_db
def test_the_history_costs_the_same_however_long_it_is(client, editor):
    piece = factories.make_publication("One")
    save(piece, editor, title="Two")
    first = Revision.objects.of(piece).get(number=2)

    count_of_few = queries(client, page(piece, "history"))
    Revision.objects.bulk_create(
        Revision(piece=piece, number=number, snapshot=first.snapshot, author=factories.make_user())
        for number in range(3, 120)
    )
    assert queries(client, page(piece, "history")) == count_of_few
    response = client.get(page(piece, "history") + "?page=3")
    assert [r.number for r in response.context["revisions"]] == list(range(19, 0, -1))


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        read(client, address)
    return len(found)


# Restore


@pytest.mark.django_db
def test_a_revision_is_restored_as_a_draft_and_readers_see_nothing_of_it(client, editor):
    piece = factories.make_publication("One")
    save(piece, editor, title="Two")
    piece.refresh_from_db()
    drafting.publish(piece, by=editor, version=piece.version)
    piece.refresh_from_db()
    response = client.post(page(piece, "restore", 1), {"version": piece.version}, follow=True)
    assert response.redirect_chain[0][0] == page(piece, "change")
    piece.refresh_from_db()
    assert piece.title == "Two"
    assert drafting.draft_of(piece).snapshot["title"] == "One"
    assert Event.objects.filter(action=Event.Action.RESTORED, from_revision=1).exists()


@pytest.mark.django_db
def test_restoring_on_top_of_somebody_else_s_save_is_refused(client, editor):
    piece = factories.make_publication("One", status=Status.DRAFT)
    save(piece, editor, title="Two")
    stale = piece.version
    save(piece, editor, title="Three")
    for version in (stale, "", "x"):
        response = client.post(page(piece, "restore", 1), {"version": version}, follow=True)
        assert "Nothing was restored" in response.content.decode()
    piece.refresh_from_db()
    assert piece.title == "Three"


@pytest.mark.django_db
def test_only_a_pressed_button_of_somebody_with_the_right_restores(client, editor):
    piece = factories.make_publication("One", status=Status.DRAFT)
    save(piece, editor, title="Two")
    read(client, page(piece, "restore", 1), status=405)
    response = client.post(page(piece, "restore", 9), {"version": piece.version})
    assert response.status_code == 404
    reader = Client()
    reader.force_login(factories.make_user(is_staff=True))
    response = reader.post(page(piece, "restore", 1), {"version": piece.version})
    assert response.status_code == 403
    piece.refresh_from_db()
    assert piece.title == "Two"


@pytest.mark.django_db
def test_a_revision_that_refers_to_what_is_gone_is_not_restored_and_says_why(client, editor):
    outlet = factories.make_outlet()
    piece = factories.make_publication("One", status=Status.DRAFT, original_outlet=outlet)
    save(piece, editor, original_outlet=None)
    outlet.delete()
    piece.refresh_from_db()
    response = client.post(page(piece, "restore", 1), {"version": piece.version}, follow=True)
    html = response.content.decode()
    assert "cannot be brought back" in html
    assert "has been deleted since" in html
