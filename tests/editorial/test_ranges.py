import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.ranges import Unsatisfiable, asked_range, part_of, within


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("bytes=0-499", (0, 499)),
        ("bytes=500-999", (500, 999)),
        ("bytes=-500", (9500, 9999)),
        ("bytes=9500-", (9500, 9999)),
        ("BYTES=0-0", (0, 0)),
        ("bytes=9999-20000", (9999, 9999)),
        ("bytes=-20000", (0, 9999)),
    ],
)
def test_one_range_is_understood(header, asked):
    assert asked_range(header, 10_000) == asked


@pytest.mark.parametrize(
    "header",
    ["", "bytes", "bytes=-", "bytes=5-4", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes=٠-١"],
)
def test_what_is_not_understood_gets_the_whole(header):
    assert asked_range(header, 10_000) is None


@pytest.mark.parametrize("header", ["bytes=10000-", "bytes=99999999999999999999-", "bytes=-0"])
def test_what_lies_behind_the_end_cannot_be_had(header):
    with pytest.raises(Unsatisfiable):
        asked_range(header, 10_000)


@given(st.text() | st.from_regex(r"bytes=\d{0,3}-\d{0,3}", fullmatch=True), st.binary())
def test_a_range_is_a_part_of_the_file_or_nothing(header, content):
    try:
        asked = asked_range(header, len(content))
    except Unsatisfiable:
        return
    if asked:
        first, last = asked
        assert 0 <= first <= last < len(content)
        assert b"".join(part_of(io.BytesIO(content), first, last)) == content[first : last + 1]


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(0, 90), st.integers(0, 90))
def test_a_part_of_a_stream_is_that_part_of_its_bytes(chunks, first, length):
    last = first + length
    assert b"".join(within(chunks, first, last)) == b"".join(chunks)[first : last + 1]
