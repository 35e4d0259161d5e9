"""Two people changed the same text: what is joined, what is asked, and that nothing is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from editorial.joining import join_texts, units
from editorial.merging import BOTH, MINE, NOTHING, THEIRS, differences, merge
from editorial.snapshots import DRAFT_KEYS

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
