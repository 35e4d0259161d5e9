import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crisiswatch.paragraphs import as_text, parse

PAIRS = st.lists(
    st.tuples(
        st.text(st.one_of(st.sampled_from("ab.*\\ \n\t\xa0"), st.characters(codec="utf-8"))),
        st.text(st.one_of(st.sampled_from("ab.*\\ \n\t\xa0"), st.characters(codec="utf-8"))),
    ),
    max_size=4,
)


@given(PAIRS)
@example([("", ""), ("", "")])
@example([(" ", " "), ("*", "\n"), ("\\", "\\")])
@example([("", "**Not a lead.** It is said so."), ("Lead.", "**bold** opens the body")])
def test_whatever_developments_hold_comes_back_from_their_text(pairs):
    ends = [tuple(one.replace("\r\n", "\n").replace("\r", "\n") for one in pair) for pair in pairs]
    text = as_text(pairs)
    assert parse(text) == ends
    assert parse(f"\n {text} \n\n") == ends, "a form may strip it, or a browser pad it"
    assert parse(text.strip().replace("\n", "\r\n")) == ends


@given(st.text())
def test_any_text_at_all_is_read_and_then_stays_as_it_is(text):
    pairs = parse(text)
    assert parse(as_text(pairs)) == pairs


@pytest.mark.parametrize(
    ("typed", "pairs"),
    [
        ("**Talks resumed.** They met.", [("Talks resumed.", "They met.")]),
        ("**Talks resumed. **They met. ", [("Talks resumed.", "They met.")]),
        ("**Talks resumed.**\nThey met.", [("Talks resumed.", "They met.")]),
        ("** Talks resumed.** They met.", [("Talks resumed.", "They met.")]),
        ("**Talks resumed.**", [("Talks resumed.", "")]),
        ("They met.", [("", "They met.")]),
        ("One.\n\nTwo.", [("", "One."), ("", "Two.")]),
        ("One.\r\n\r\n\r\n \t\r\n**Two.** 2\r\n", [("", "One."), ("Two.", "2")]),
        ("One,\nstill one.", [("", "One,\nstill one.")]),
        ("They **met** again.", [("", "They **met** again.")]),
        ("**The *Han River* froze.** So.", [("The *Han River* froze.", "So.")]),
        ("**Never closed. They met.", [("", "**Never closed. They met.")]),
        ("**** They met.", [("", "**** They met.")]),
        ("A backslash \\ stays.", [("", "A backslash \\ stays.")]),
        ("One.\n\\\nStill one.", [("", "One.\n\nStill one.")]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_what_an_analyst_types_is_read_as_it_was_meant(typed, pairs):
    assert parse(typed) == pairs


def test_usual_developments_are_written_without_any_escape():
    pairs = [("Talks resumed.", "They met on 3 June (see *Yonhap*)."), ("", "**Open"), ("L.", "")]
    assert as_text(pairs) == (
        "**Talks resumed.** They met on 3 June (see *Yonhap*).\n\n**Open\n\n**L.**"
    )


def test_a_long_text_of_openings_takes_no_longer_than_its_length():
    assert len(parse("**" + "\\ " * 300_000)) == 1
    assert len(parse("**a\n\n" * 100_000)) == 100_000
