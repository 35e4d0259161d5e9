"""Two people changed the same text: what is joined, what is asked, and that nothing is lost."""

import pytest
from django.contrib.auth.models import Permission
from hypothesis import given, settings
from hypothesis import strategies as st

from editorial import drafting
from editorial.joining import join_texts, units
from editorial.merging import BOTH, MINE, NOTHING, THEIRS, differences, merge
from editorial.models import Event, Status
from editorial.snapshots import DRAFT_KEYS, take_snapshot
from publications.models import Publication
from tests import factories

BASE = {
    "title": "War",
    "body": "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>",
    "regions": [1, 2],
    "tags": ["peace", "talks"],
    "series": None,
    "bylines": [
        {"pk": 3, "person": 7, "title": "Analyst", "position": 0},
        {"pk": 4, "person": 8, "title": "Director", "position": 1},
    ],
}


def changed(base=BASE, **changes):
    return {**base, **changes}


def byline(number, **changes):
    return {**BASE["bylines"][number], **changes}


def names(found):
    return [each.name for each in found]


def test_what_only_one_side_changed_is_taken_without_a_question():
    theirs, mine = changed(title="Peace"), changed(series=5)
    assert merge(BASE, theirs, mine) == (changed(title="Peace", series=5), [])


def test_two_titles_are_a_conflict_and_a_choice_decides_it():
    theirs, mine = changed(title="Peace"), changed(title="Truce")
    merged, [conflict] = merge(BASE, theirs, mine)
    assert (conflict.name, conflict.base, conflict.theirs, conflict.mine) == (
        "title",
        "War",
        "Peace",
        "Truce",
    )
    assert merged["title"] == "Truce"
    assert merge(BASE, theirs, mine, {"title": THEIRS}) == (theirs, [])
    assert merge(BASE, theirs, mine, {"title": MINE}) == (mine, [])
    assert merge(BASE, theirs, mine, {"title": BOTH})[1]  # One line cannot hold both.


def test_the_same_change_on_both_sides_is_no_conflict():
    both = changed(title="Peace", bylines=[byline(0, title="Adviser")])
    assert merge(BASE, both, both) == (both, [])
    assert differences(BASE, both, both) == []


def test_a_choice_also_takes_back_what_only_one_side_changed():
    theirs, mine = changed(title="Peace", regions=[1]), changed(series=5, bylines=[])
    choices = {"title": MINE, "series": THEIRS, "regions": MINE, "bylines.3": THEIRS}
    merged, conflicts = merge(BASE, theirs, mine, choices)
    assert merged == changed(bylines=[byline(0)])
    assert conflicts == []


def test_relations_and_tags_are_joined_as_sets():
    theirs = changed(regions=[2, 9], tags=["peace", "talks", "north"])
    mine = changed(regions=[1, 2, 3], tags=["peace"])
    merged, conflicts = merge(BASE, theirs, mine)
    assert merged["regions"] == [2, 3, 9]
    assert merged["tags"] == ["north", "peace"]
    assert conflicts == []
    both = dict.fromkeys(["regions", "tags"], BOTH)
    assert merge(BASE, theirs, mine, both) == (merged, [])


def test_changes_to_different_fields_of_one_row_are_joined():
    theirs = changed(bylines=[byline(0, title="Adviser"), byline(1)])
    mine = changed(bylines=[byline(0, person=9), byline(1)])
    merged, conflicts = merge(BASE, theirs, mine)
    assert merged["bylines"][0] == byline(0, title="Adviser", person=9)
    assert conflicts == []


def test_changes_to_the_same_field_of_a_row_are_a_conflict_named_after_it():
    theirs = changed(bylines=[byline(0, title="Adviser"), byline(1)])
    mine = changed(bylines=[byline(0, title="Editor"), byline(1)])
    assert names(merge(BASE, theirs, mine)[1]) == ["bylines.3.title"]
    merged, conflicts = merge(BASE, theirs, mine, {"bylines.3.title": THEIRS})
    assert (merged, conflicts) == (theirs, [])


def test_rows_that_either_side_added_are_all_there_each_after_its_predecessor():
    new, newer = DRAFT_KEYS + 1, DRAFT_KEYS + 2
    theirs = changed(
        bylines=[
            byline(0),
            {"pk": new, "person": 10, "title": "", "position": 1},
            byline(1, position=2),
        ]
    )
    mine = changed(
        bylines=[*BASE["bylines"], {"pk": newer, "person": 11, "title": "", "position": 2}]
    )
    merged, conflicts = merge(BASE, theirs, mine)
    assert [(row["person"], row["position"]) for row in merged["bylines"]] == [
        (7, 0),
        (10, 1),
        (8, 2),
        (11, 3),
    ]
    assert conflicts == []


def test_a_row_deleted_here_and_changed_there_is_a_conflict():
    theirs = changed(bylines=[byline(1)])
    mine = changed(bylines=[byline(0, title="Editor"), byline(1)])
    merged, [conflict] = merge(BASE, theirs, mine)
    assert (conflict.name, conflict.theirs) == ("bylines.3", NOTHING)
    assert conflict.is_row
    assert merged["bylines"] == mine["bylines"]
    assert merge(BASE, theirs, mine, {"bylines.3": THEIRS}) == (theirs, [])


def test_a_row_deleted_here_and_only_moved_there_is_no_conflict():
    theirs = changed(bylines=[byline(1)])
    mine = changed(bylines=[byline(1, position=0), byline(0, position=1)])
    merged, conflicts = merge(BASE, theirs, mine)
    assert [row["pk"] for row in merged["bylines"]] == [4]
    assert conflicts == []


def test_rows_below_rows_are_joined_too():
    def edition(**developments):
        rows = [{"pk": pk, "position": pk, "body": f"Body {pk}"} for pk in (5, 6)]
        for pk, body in developments.items():
            rows[int(pk[-1]) - 5]["body"] = body
        return {"entries": [{"pk": 1, "lead": "Lead", "developments": rows}]}

    theirs, mine = edition(d5="Theirs", d6="One"), edition(d6="Other")
    merged, [conflict] = merge(edition(), theirs, mine)
    assert conflict.name == "entries.1.developments.6.body"
    assert merged == edition(d5="Theirs", d6="Other")
    choices = {"entries.1.developments.6.body": THEIRS}
    assert merge(edition(), theirs, mine, choices) == (theirs, [])


def test_a_row_of_a_draft_that_was_published_meanwhile_is_still_the_same_row():
    drafted = {"pk": DRAFT_KEYS + 4, "person": 9, "title": "Adviser", "position": 2}
    base = changed(bylines=[*BASE["bylines"], drafted])
    theirs = changed(bylines=[*BASE["bylines"], {**drafted, "pk": 12}])
    mine = changed(bylines=[*BASE["bylines"], {**drafted, "title": "Editor"}])
    merged, conflicts = merge(base, theirs, mine)
    assert merged["bylines"][2] == {**drafted, "pk": 12, "title": "Editor"}
    assert len(merged["bylines"]) == 3
    assert conflicts == []


def test_a_field_that_an_older_snapshot_does_not_know_has_not_been_changed_by_it():
    base = {"title": "War"}
    theirs, mine = {"title": "Peace"}, {"title": "War", "subtitle": "New field"}
    assert merge(base, theirs, mine) == ({"title": "Peace", "subtitle": "New field"}, [])


def test_changes_to_different_paragraphs_can_be_joined():
    theirs = changed(body="<p>One!</p>\n<p>Two.</p>\n<p>Three.</p>")
    mine = changed(body="<p>One.</p>\n<p>Two.</p>\n<p>Three!</p>\n<p>Four.</p>")
    both = "<p>One!</p>\n<p>Two.</p>\n<p>Three!</p>\n<p>Four.</p>"
    _merged, [conflict] = merge(BASE, theirs, mine)
    assert conflict.joined == both
    assert merge(BASE, theirs, mine, {"body": BOTH}) == (changed(body=both), [])


def test_changes_to_the_same_paragraph_cannot_be_joined():
    assert join_texts("a\nb", "a\nc", "a\nd") is None
    assert join_texts("a\nb", "a\nc\nb", "a\nd\nb") is None
    assert join_texts("a\nb", "a\nc\nb", "a\nc\nb\nd") == "a\nc\nb\nd"


def test_a_list_is_joined_as_a_whole_or_not_at_all():
    items = "<ul><li><p>a</p>\n</li><li><p>b</p>\n</li></ul>"
    assert units(f"<p>x</p>\n{items}\n<p>y</p>") == ["<p>x</p>", items, "<p>y</p>"]
    assert join_texts(items, items.replace("a", "c"), items.replace("b", "d")) is None


PEOPLE = st.integers(1, 9)
WORDS = st.text(alphabet="abc \n", max_size=8)


def rows_of(draw, first, nested):
    rows = []
    for pk in range(first, first + draw(st.integers(0, 3))):
        row = {"pk": pk, "person": draw(PEOPLE), "text": draw(WORDS), "position": len(rows)}
        if nested:
            row["parts"] = rows_of(draw, pk * 10, nested=False)
        rows.append(row)
    return rows


@st.composite
def snapshots(draw):
    return {
        "title": draw(WORDS),
        "body": draw(WORDS),
        "series": draw(st.none() | PEOPLE),
        "regions": sorted(draw(st.sets(PEOPLE))),
        "tags": sorted(draw(st.sets(st.sampled_from("uvwxyz")))),
        "rows": rows_of(draw, 1, nested=True),
    }


def edit_rows(draw, rows, first):
    """Some rows are dropped, changed or moved, and some come with keys that nobody else has."""
    rows = [edit(draw, row, first * 100) for row in rows if draw(st.integers(0, 4))]
    for number in range(draw(st.integers(0, 2))):
        rows.append({"pk": first + number, "person": draw(PEOPLE), "text": draw(WORDS)})
    if draw(st.booleans()):
        rows = draw(st.permutations(rows))
    return [{**row, "position": place} for place, row in enumerate(rows)]


def edit(draw, snapshot, first):
    return {name: edit_field(draw, name, value, first) for name, value in snapshot.items()}


def edit_field(draw, name, value, first):
    if name in {"rows", "parts"}:
        return edit_rows(draw, value, first)
    if name in {"pk", "position"} or draw(st.integers(0, 2)):
        return value
    if isinstance(value, list):
        return sorted(draw(st.sets(PEOPLE if name == "regions" else st.sampled_from("uvwxyz"))))
    return draw(WORDS if isinstance(value, str) else PEOPLE)


@st.composite
def three(draw):
    base = draw(snapshots())
    return base, edit(draw, base, 10**4), edit(draw, base, 2 * 10**4)


def texts(snapshot, ancestors=""):
    """Every text of a snapshot with its place."""
    for name, value in snapshot.items():
        if isinstance(value, str):
            yield f"{ancestors}{name}", value
        elif value and isinstance(value, list) and isinstance(value[0], dict):
            for row in value:
                yield from texts(row, f"{ancestors}{name}.{row['pk']}.")


@settings(max_examples=150)
@given(three())
def test_who_was_alone_has_their_text_as_it_is(versions):
    base, theirs, mine = versions
    assert merge(base, base, mine) == (mine, [])
    assert merge(base, theirs, base) == (theirs, [])
    assert merge(base, mine, mine) == (mine, [])


@settings(max_examples=150)
@given(three())
def test_without_a_conflict_it_does_not_matter_who_was_second(versions):
    base, theirs, mine = versions
    merged, conflicts = merge(base, theirs, mine)
    other, same = merge(base, mine, theirs)
    assert sorted(names(conflicts)) == sorted(names(same))
    if not conflicts:
        assert merged == other


@pytest.mark.slow
@settings(max_examples=300)
@given(three())
def test_every_text_of_both_is_in_the_result_or_in_a_conflict(versions):
    base, theirs, mine = versions
    merged, conflicts = merge(base, theirs, mine)
    kept = set(texts(merged))
    for conflict in conflicts:
        for value in (conflict.theirs, conflict.mine):
            if isinstance(value, dict):
                kept |= set(texts(value, f"{conflict.name}."))
            else:
                kept.add((conflict.name, value))
    for side in (theirs, mine):
        assert set(texts(side)) - set(texts(base)) <= kept


@settings(max_examples=150)
@given(three(), st.sampled_from([MINE, THEIRS]))
def test_choices_for_all_differences_give_one_side(versions, side):
    base, theirs, mine = versions
    choices = {each.name: side for each in differences(base, theirs, mine)}
    merged, conflicts = merge(base, theirs, mine, choices)
    wanted = mine if side == MINE else theirs
    assert conflicts == []
    assert dict(texts(merged)) == dict(texts(wanted))
    assert {name: merged[name] for name in ("regions", "tags", "series")} == {
        name: wanted[name] for name in ("regions", "tags", "series")
    }


@given(st.lists(st.sampled_from("abcd"), max_size=6), st.data())
def test_joined_texts_have_every_changed_line_of_both(lines, data):
    def changed_lines(extra):
        return [
            line if data.draw(st.integers(0, 3)) else data.draw(st.sampled_from(extra))
            for line in lines
        ]

    theirs, mine = changed_lines("uvw"), changed_lines("xyz")
    joined = join_texts("\n".join(lines), "\n".join(theirs), "\n".join(mine))
    if joined is not None:
        new = set(theirs + mine) - set(lines)
        assert new <= set(joined.split("\n"))
        assert join_texts("\n".join(lines), "\n".join(mine), "\n".join(theirs)) == joined


# The page


@pytest.fixture
def mine(client):
    user = factories.make_editor(username="mine")
    client.force_login(user)
    return user


@pytest.fixture
def theirs():
    return factories.make_editor(username="theirs")


def save(piece, by, **changes):
    piece.refresh_from_db()
    snapshot = {**drafting.current(piece), **changes}
    return drafting.save_snapshot(piece, snapshot, by=by, version=piece.version)


def both_save(piece, theirs, mine, *, before=(), first, second):
    """Two editors open a piece as it is; one saves ``first``, and the other ``second`` on top."""
    base = save(piece, theirs, **dict(before)) if before else None
    if base is None:
        drafting.keep_how_it_was_found(piece)
        base = drafting.shown(piece)
    opened = drafting.current(piece)
    save(piece, theirs, **first)
    return drafting.set_aside(piece, {**opened, **second}, by=mine, base=base.number)


def address(aside):
    meta = aside.piece._meta
    place = f"{meta.app_label}/{meta.model_name}/{aside.object_id}"
    return f"/admin/{place}/merge/{aside.number}/"


def answer(client, aside, button="_join", **answers):
    """Open the page, give answers besides those already ticked, and press a button."""
    response = client.get(address(aside))
    assert response.status_code == 200
    page = response.context
    data = {"version": page["piece"].version, button: "1"}
    for question in page["joining"].questions:
        for value, _says, chosen in question.answers:
            if chosen:
                data[f"take-{question.difference.name}"] = value
    return client.post(address(aside), data | answers, follow=True)


def drafted(piece):
    piece.refresh_from_db()
    return drafting.current(piece)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [Status.DRAFT, Status.APPROVED])
def test_what_two_editors_changed_apart_is_joined_by_one_button(client, mine, theirs, state):
    piece = factories.make_publication("War", status=state, tags=["old"])
    aside = both_save(
        piece,
        theirs,
        mine,
        first={"title": "Peace", "tags": ["new", "old"]},
        second={"subtitle": "At last", "tags": ["old", "own"]},
    )
    response = answer(client, aside)
    assert response.redirect_chain[0][0].endswith(f"/{piece.pk}/change/")
    joined = drafted(piece)
    assert (joined["title"], joined["subtitle"]) == ("Peace", "At last")
    assert joined["tags"] == ["new", "old", "own"]
    event = Event.objects.get(action=Event.Action.RESOLVED)
    assert (event.user, event.from_revision) == (mine, aside.number)
    assert drafting.newest(piece).note == f"Joined with revision {aside.number}"
    assert Publication.objects.get().title == ("War" if state == Status.APPROVED else "Peace")


@pytest.mark.django_db
def test_where_both_changed_a_field_a_choice_is_asked_for(client, mine, theirs):
    piece = factories.make_publication("War", status=Status.DRAFT)
    aside = both_save(piece, theirs, mine, first={"title": "Peace"}, second={"title": "Truce"})
    html = client.get(address(aside)).content.decode()
    for text in ("Peace", "Truce", "theirs saved this meanwhile", "choose"):
        assert text in html
    response = answer(client, aside)
    assert "Choose what is to stand" in response.content.decode()
    assert drafted(piece)["title"] == "Peace"
    answer(client, aside, **{"take-title": "mine"})
    assert drafted(piece)["title"] == "Truce"


@pytest.mark.django_db
def test_what_only_one_changed_can_be_switched_off(client, mine, theirs):
    piece = factories.make_publication("War", status=Status.DRAFT, subtitle="Old")
    aside = both_save(piece, theirs, mine, first={"title": "Peace"}, second={"subtitle": "New"})
    answer(client, aside, **{"take-subtitle": "theirs", "take-title": "mine"})
    assert (drafted(piece)["title"], drafted(piece)["subtitle"]) == ("War", "Old")


@pytest.mark.django_db
def test_a_text_can_be_written_together_and_is_cleaned(client, mine, theirs):
    piece = factories.make_publication("War", status=Status.DRAFT, body="<p>One</p>")
    aside = both_save(
        piece, theirs, mine, first={"body": "<p>Two</p>"}, second={"body": "<p>Three</p>"}
    )
    typed = '<p>Two and three</p><script>alert("x")</script>'
    answer(client, aside, **{"take-body": "written", "written-body": typed})
    assert drafted(piece)["body"] == "<p>Two and three</p>"


@pytest.mark.django_db
def test_changes_to_different_paragraphs_are_offered_together(client, mine, theirs):
    piece = factories.make_publication(
        "War", status=Status.DRAFT, body="<p>One</p>\n<p>Two</p>\n<p>Three</p>"
    )
    first = {"body": "<p>One!</p>\n<p>Two</p>\n<p>Three</p>"}
    second = {"body": "<p>One</p>\n<p>Two</p>\n<p>Three!</p>"}
    aside = both_save(piece, theirs, mine, first=first, second=second)
    answer(client, aside, **{"take-body": "both"})
    assert drafted(piece)["body"] == "<p>One!</p>\n<p>Two</p>\n<p>Three!</p>"


@pytest.mark.django_db
def test_rows_of_both_are_joined_and_a_deleted_one_is_asked_about(client, mine, theirs):
    people = [factories.make_person(name) for name in ("Ann", "Bo", "Cem", "Dag")]
    piece = factories.make_publication("War", status=Status.DRAFT, authors=people[:2])
    rows = take_snapshot(piece)["bylines"]
    new = {**rows[0], "pk": DRAFT_KEYS + 1, "person": people[2].pk, "position": 2}
    newer = {**new, "pk": DRAFT_KEYS + 2, "person": people[3].pk}
    aside = both_save(
        piece,
        theirs,
        mine,
        first={"bylines": [rows[1], new]},
        second={"bylines": [{**rows[0], "title": "Editor"}, rows[1], newer]},
    )
    html = client.get(address(aside)).content.decode()
    for name in ("Ann", "Cem", "Dag"):
        assert name in html
    answer(client, aside, **{f"take-bylines.{rows[0]['pk']}": "mine"})
    bylines = drafted(piece)["bylines"]
    assert {row["person"] for row in bylines} == {person.pk for person in people}
    assert bylines[0]["title"] == "Editor"


@pytest.mark.django_db
def test_somebody_saves_once_more_while_the_choices_are_made(client, mine, theirs):
    piece = factories.make_publication("War", status=Status.DRAFT)
    aside = both_save(piece, theirs, mine, first={"title": "Peace"}, second={"title": "Truce"})
    page = client.get(address(aside)).context
    save(piece, theirs, title="Treaty")
    data = {"version": page["piece"].version, "take-title": "mine"}
    html = client.post(address(aside), data).content.decode()
    assert "saved again meanwhile" in html
    assert "Treaty" in html
    assert drafted(piece)["title"] == "Treaty"
    assert answer(client, aside, **{"take-title": "mine"}).redirect_chain
    assert drafted(piece)["title"] == "Truce"


@pytest.mark.django_db
def test_a_text_that_is_not_taken_stays_in_the_history(client, mine, theirs):
    piece = factories.make_publication("War", status=Status.DRAFT)
    aside = both_save(piece, theirs, mine, first={"title": "Peace"}, second={"title": "Truce"})
    answer(client, aside, "_give_up")
    assert drafted(piece)["title"] == "Peace"
    aside.refresh_from_db()
    assert aside.snapshot["title"] == "Truce"
    assert client.get(address(aside)).status_code == 302  # Settled: it is not asked about again.


@pytest.mark.django_db
def test_a_second_click_saves_nothing_twice(client, mine, theirs):
    piece = factories.make_publication("War", status=Status.DRAFT)
    aside = both_save(piece, theirs, mine, first={"title": "Peace"}, second={"subtitle": "New"})
    version = client.get(address(aside)).context["piece"].version
    for _click in range(2):
        client.post(address(aside), {"version": version})
    piece.refresh_from_db()
    assert piece.version == version + 1


@pytest.mark.django_db
def test_a_draft_on_top_of_which_something_else_went_live_is_joined_with_it(client, mine, theirs):
    piece = factories.make_publication("War")
    save(piece, mine, subtitle="Drafted")
    piece.refresh_from_db()
    draft = drafting.draft_of(piece)
    assert client.get(address(draft)).status_code == 302  # Nothing else went live.
    other = drafting.keep_revision(
        piece, {**take_snapshot(piece), "title": "Peace"}, by=theirs, based_on=1
    )
    drafting.go_live(piece, other, other.snapshot, by=theirs, action=Event.Action.APPLIED)
    type(draft).objects.filter(pk=draft.pk).update(number=other.number + 1)
    draft.refresh_from_db()
    answer(client, draft)
    piece.refresh_from_db()
    assert (drafted(piece)["title"], drafted(piece)["subtitle"]) == ("Peace", "Drafted")
    drafting.publish(piece, by=mine, version=piece.version)
    assert Publication.objects.get().subtitle == "Drafted"


@pytest.mark.django_db
def test_only_its_author_and_who_may_change_the_piece_see_a_text_set_aside(client, mine, theirs):
    piece = factories.make_publication("War", status=Status.DRAFT)
    reader = factories.make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_publication"))
    aside = both_save(piece, theirs, reader, first={"title": "Peace"}, second={"title": "Truce"})
    assert client.get(address(aside)).status_code == 200
    client.force_login(reader)
    html = client.get(address(aside)).content.decode()
    assert "Truce" in html
    assert "You have no right to save this" in html
    data = {"version": piece.version, "take-title": "mine"}
    assert client.post(address(aside), data).status_code == 403
    other = factories.make_user(is_staff=True)
    other.user_permissions.add(Permission.objects.get(codename="view_publication"))
    client.force_login(other)
    assert client.get(address(aside)).status_code == 403
    client.force_login(mine)
    assert client.get(address(aside).replace(f"/{aside.number}/", "/99/")).status_code == 404
    published = drafting.newest(piece)
    assert client.get(address(published)).status_code == 404


@pytest.mark.django_db
def test_hostile_text_is_shown_as_text(client, mine, theirs):
    piece = factories.make_publication("War", status=Status.DRAFT, standfirst="x")
    bad = "<script>alert('x')</script>"
    aside = both_save(
        piece,
        theirs,
        mine,
        first={"standfirst": bad, "body": f"<p>{bad}</p>", "title": bad},
        second={"standfirst": f"{bad} 2", "body": f"<p>{bad} 2</p>", "title": f"{bad} 2"},
    )
    html = client.get(address(aside)).content.decode()
    assert "alert(&#x27;x" in html
    assert "<script>alert" not in html
