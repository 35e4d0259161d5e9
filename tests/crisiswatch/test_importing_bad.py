"""What is wrong with a history is said, all of it, and nothing comes in."""

import gzip
from contextlib import suppress

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisiswatch.models import Edition, Situation
from editorial.rehearsing import rehearsal
from regions.models import Region
from tests import factories
from tests.crisiswatch.histories import JULY, KOREA, table, with_cell

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def problems(tmp_path):
    """Import, expect a refusal, and return its lines; the last one counts them."""
    factories.make_region("Asia")
    factories.make_editor(username="olga")

    def refused(content, *options, name="history.csv", **tables):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        for option, other in tables.items():
            beside = tmp_path / f"{option}.csv"
            beside.write_text(other)
            options += (f"--{option}", str(beside))
        with pytest.raises(CommandError) as caught:
            call_command("import_crisiswatch", path, "--by", "olga", *options, verbosity=0)
        assert not Edition.objects.exists()
        assert not Situation.objects.exists()
        return str(caught.value).split("\n")

    return refused


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("month", "June 2024", "“June 2024” is not a month: write it as 2024-06."),
        ("month", "2024-13", "“2024-13” is not a month: write it as 2024-06."),
        ("month", "1024-01", "“1024-01” is not a month to choose: years go from 1990 to 2199."),
        ("month", "2199-01", "this lies ahead: it is no history yet (see --as-drafts)."),
        ("month", "", "this is needed."),
        ("situation", "", "this is needed."),
        ("trend", "", "this is needed."),
        ("trend", "improvd", "“improvd” is unknown; did you mean improved?"),
        ("countries", "KOR PRC", "“PRC” is unknown; did you mean PRY?"),
        ("region", "asai", "“asai” is unknown; did you mean asia?"),
        ("region", "", "this is needed."),
        ("situation_name", "", "this is needed."),
        ("lead", " ", "there is neither a lead nor a text."),
    ],
)
def test_a_cell_that_means_nothing_is_named_with_its_line_and_column(
    problems, column, value, sentence
):
    assert problems(table(with_cell(column, value))) == [
        f"history.csv, line 2, {column}: {sentence}",
        "1 to mend; nothing was imported.",
    ]


def test_all_problems_are_told_and_not_only_the_first(problems):
    rows = [
        with_cell("trend", "worse"),
        with_cell("lead", ""),
        with_cell("month", "24"),
    ]
    told = problems(table(*rows))
    assert [line.partition(":")[0] for line in told] == [
        "history.csv, line 2, trend",
        "history.csv, line 3, lead",
        "history.csv, line 3, situation",
        "history.csv, line 4, month",
        "4 to mend; nothing was imported.",
    ]


def test_of_many_problems_a_hundred_are_shown_and_all_are_counted(problems):
    told = problems(table(*[with_cell("trend", f"{number}") for number in range(1, 150)]))
    assert len(told) == 102
    assert told[-2:] == [
        f"… and {149 + 148 - 100} more",
        "297 to mend; nothing was imported.",
    ]


def test_a_code_that_stands_there_twice_is_told_with_both_lines(problems):
    rows = ("korea,Korea,asia", "japan,Japan,asia", "korea,Chosun,asia")
    situations = "\n".join(("code,name,region", *rows))
    head, *_rest = problems(table(KOREA), situations=situations)
    assert head == "situations.csv, line 4, code: korea stands in line 2 already."


def test_an_entry_that_stands_there_twice_is_told_with_both_lines(problems):
    head, *_ = problems(table(KOREA, with_cell("lead", "Two\nlines."), KOREA))
    assert head == ("history.csv, line 3, situation: korea in 2024-06 stands in line 2 already.")


def test_two_situations_of_one_name_are_refused(problems):
    assert problems(table(KOREA, with_cell("situation", "dprk")))[:-1] == [
        "history.csv, line 3, name: Situation with this Name already exists."
    ]


def test_a_situation_that_cannot_be_made_is_complained_of_once(problems):
    row = with_cell("situation", "No Slug")
    assert len(problems(table(row, with_cell("month", "2024-07", row)))) == 2


def test_the_line_is_that_in_which_a_row_begins(problems):
    rows = [with_cell("text", "One.\n\nTwo."), with_cell("trend", "x", JULY)]
    assert problems(table(*rows))[0].startswith("history.csv, line 5, trend:")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "line 1, file: it is empty."),
        (b"\n", "line 1, file: it is empty, or its first line is."),
        (table().encode(), "line 1, file: there is no row in it."),
        (table((*KOREA, "more")).encode(), "line 2, file: 9 cells stand here, and 8 names on top."),
        (table(KOREA[:5]).encode(), "line 2, file: 5 cells stand here, and 8 names on top."),
        (table(KOREA).encode("utf-16"), "line 1, file: this is UTF-16: save it as “CSV UTF-8”."),
        (
            table(with_cell("lead", "Un été")).encode("latin-1"),
            "line 2, file: this is not UTF-8, at “OR PRK,unchanged,Un été,”: save it as “CSV UTF",
        ),
        (
            table(KOREA).encode() + b"\0",
            "line 3, file: there is a NUL byte in it: this is no text.",
        ),
        (
            table(KOREA).encode() + b'2024-07,"never closed\n' * 3,
            "line 3, file: a quotation mark",
        ),
        (table(with_cell("lead", "x" * 5_000_000)).encode(), "line 2, file: the line has more"),
        (
            table(with_cell("lead", "x\n" * 600_000)).encode(),
            "line 2, file: a cell has more than 1,000,000 characters, or a quotation mark is",
        ),
        (
            table(KOREA).replace("trend", "trnd").encode(),
            "line 1, trnd: there is no such column; did you mean trend?",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(problems, content, problem):
    assert problems(content)[0].startswith(f"history.csv, {problem}")


COVERED = ("situation", "level", "first_month", "last_month")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (
            [("korea", "monitored", "2003-09", ""), ("korea", "standby", "2010-01", "2010-12")],
            "coverage.csv, line 3, first_month: this time is covered already, in line 2.",
        ),
        (
            [("korea", "monitored", "2010-01", "2009-12")],
            "coverage.csv, line 2, last_month: it lies before the first one.",
        ),
        (
            [("korae", "monitored", "2010-01", "")],
            "coverage.csv, line 2, situation: “korae” is unknown; did you mean korea?",
        ),
        (
            [("korea", "watched", "2010-01", "")],
            "coverage.csv, line 2, level: “watched” is unknown; there are monitored, standby.",
        ),
    ],
)
def test_coverage_that_cannot_be_is_refused(problems, rows, problem):
    tables = {
        "situations": table(("korea", "Korea", "asia"), head=("code", "name", "region")),
        "coverage": table(*rows, head=COVERED),
    }
    assert problems(table(KOREA), **tables) == [problem, "1 to mend; nothing was imported."]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 1, character 2: this is not a row as JSON"),
        ("[1]", "line 1, file: this is not a row as JSON"),
        ('{"month": 7}', "line 1, file: this is not a row as JSON: '7' is no text."),
        ('{"month": "2024-06", "trend": ""}', "line 1, situation: this column is missing."),
        ('{"montj": ""}', "line 1, montj: there is no such column; did you mean month?"),
        ('{"month": "\\ud800"}', "line 1, file: this is not a row as JSON"),
        ('{"month": NaN}', "line 1, file: this is not a row as JSON: NaN is no value of JSON."),
        ("[" * 100_000, "line 1, file: this is nested too deeply."),
        ('{"month": {"a": 1}}', "line 1, file: this is not a row as JSON"),
        ('{"developments": [{"body": "x"}]}', "line 1, file: this is not a row as JSON"),
    ],
)
def test_json_that_is_no_row_is_refused(problems, line, problem):
    assert problems(line, name="history.jsonl")[0].startswith(f"history.jsonl, {problem}")


def test_what_only_pretends_to_be_packed_is_refused(problems):
    packed = gzip.compress(table(KOREA).encode())
    for content in (b"no", packed[:-9], packed[:20] + b"x" + packed[21:]):
        assert (
            "history.csv.gz, line 1, file: it cannot be read"
            in problems(content, name="history.csv.gz")[0]
        )


def test_a_file_that_is_not_there_is_named(tmp_path):
    factories.make_editor(username="olga")
    with pytest.raises(CommandError, match="line 1, file: it cannot be read"):
        call_command("import_crisiswatch", tmp_path / "none.csv", "--by", "olga", verbosity=0)


def test_somebody_answers_for_it(tmp_path):
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        call_command("import_crisiswatch", tmp_path / "none.csv", "--by", "nobody", verbosity=0)


cells = st.text() | st.sampled_from([*KOREA, "2024-07", "improved", "", "'=1", "korea", '"'])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300)
    | st.binary(max_size=60).map(lambda rest: table(KOREA).encode() + rest)
    | st.lists(st.tuples(*[cells] * len(KOREA)), max_size=3).map(
        lambda rows: table(*rows).encode(errors="replace")
    ),
    name=st.sampled_from(["history.csv", "history.jsonl", "history.csv.gz"]),
)
def test_whatever_the_file_is_it_comes_in_or_is_refused_with_sentences(tmp_path, content, name):
    if not Region.objects.filter(slug="asia").exists():
        factories.make_region("Asia")
    if not User.objects.filter(username="olga").exists():
        factories.make_editor(username="olga")
    (tmp_path / name).write_bytes(content)
    with rehearsal(), suppress(CommandError):
        call_command("import_crisiswatch", tmp_path / name, "--by", "olga", verbosity=0)
