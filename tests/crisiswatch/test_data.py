"""What stands in the data files, and that what was written can be read back as it was."""

import csv
import datetime
import gzip
import io
import json
import zlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crisiswatch.data import columns, lines, members, papers, rows
from crisiswatch.data.licences import LICENCES
from crisiswatch.data.tables import TABLES
from crisiswatch.models import DataVersion, Edition, Entry
from crisiswatch.paragraphs import parse
from crisiswatch.releasing import release
from editorial.spreadsheets import FORMULA, defused, restored
from tests.factories import make_edition, make_entry, make_region, make_situation

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


class TestACell:
    @given(st.one_of(TEXTS, st.text("'=+-@\t\r\n＝＋－＠a ", max_size=6)))
    def test_gives_back_what_was_written(self, text):
        assert restored(defused(text)) == text

    @given(st.sampled_from(FORMULA), TEXTS)
    def test_is_no_formula(self, start, text):
        assert not defused(start + text).startswith(FORMULA)

    def test_of_somebody_who_knows_no_apostrophes_stays(self):
        assert [restored(text) for text in ("=1", "'tis", "", "'", "''")] == [
            "=1",
            "'tis",
            "",
            "'",
            "''",
        ]

    @given(st.lists(st.dictionaries(st.sampled_from("abc"), TEXTS, min_size=3), max_size=4))
    def test_comes_through_csv(self, wanted):
        wanted = [dict(sorted(row.items())) for row in wanted]
        read = csv.reader(io.StringIO(lines.csv_of(wanted).decode(), newline=""))
        assert [list(map(restored, row)) for row in read] == [list(row.values()) for row in wanted]


class TestParts:
    @given(st.lists(st.binary(max_size=300), max_size=5))
    def test_make_one_gzip_member(self, plain):
        size = sum(map(len, plain))
        crc = 0
        for each in plain:
            crc = members.moved_on(crc, len(each)) ^ zlib.crc32(each)
        packed = [members.packed(each) for each in plain]
        archive = b"".join(members.member(packed, crc, size))
        assert gzip.decompress(archive) == b"".join(plain)
        assert list(members.unpacked(packed)) == plain
        assert len(archive) == sum(map(len, packed)) + members.AROUND

    def test_do_not_look_back(self):
        """Each can stand behind any other."""
        one, other = members.packed(b"the same words" * 20), members.packed(b"the same words" * 20)
        assert one == other


@pytest.fixture
def entry(db):
    return make_entry(
        situation=make_situation(
            "Balkans", countries=["XK", "RS", "AL"], region=make_region("Europe")
        ),
        lead="=cmd|' /C calc'!A0",
        trend=Entry.Trend.DETERIORATED,
        risk_alert=True,
        developments=[("Talks resumed.", "They met."), ("", "**Not** a lead.\n\nTwo.")],
    )


class TestARow:
    @pytest.fixture
    def read(self, entry):
        [read] = rows.with_all(Entry.objects.all())
        return read

    def test_has_the_columns_that_the_codebook_names(self, read):
        assert list(rows.row_of(read)) == [column.name for column in rows.COLUMNS]

    def test_says_all_that_readers_have(self, read):
        row = rows.row_of(read)
        assert row["trend"] == "deteriorated"
        assert row["conflict_risk_alert"] is True
        assert row["url"] == "http://testserver/crisiswatch/2024/06/balkans/"
        assert parse(row["text"]) == read.pairs

    def test_has_the_number_of_a_country_where_its_code_stands(self, read):
        row = rows.row_of(read)
        assert (row["countries"], row["m49"]) == ("ALB SRB XKX", "008 688")

    def test_is_made_harmless_in_csv_and_left_alone_in_json(self, read):
        [row] = csv.reader(io.StringIO(lines.csv_of([rows.row_of(read)]).decode(), newline=""))
        assert row[10] == f"'{read.lead}"
        assert rows.record_of(read)["lead"] == read.lead

    def test_gives_its_developments_as_they_are_in_json(self, read):
        assert rows.record_of(read)["developments"] == [
            {"lead_sentence": "Talks resumed.", "body": "They met."},
            {"lead_sentence": "", "body": "**Not** a lead.\n\nTwo."},
        ]

    def test_costs_six_questions_however_many(self, entry, django_assert_num_queries):
        make_entry(edition=entry.edition)
        make_entry(situation=entry.situation, edition=make_edition(datetime.date(2024, 5, 1)))
        with django_assert_num_queries(6):
            found = rows.with_all(Entry.objects.all())
            list(map(rows.row_of, found))
        assert len({id(each.situation) for each in found}) == 2


class TestThePapers:
    @pytest.fixture
    def version(self, entry):
        [version] = release(Edition.objects.all())
        return version

    def read(self, version, name, month=""):
        return b"".join(version.files.get(name=name, month=month).plain())

    def test_describe_every_column_that_stands_in_the_files(self, version):
        package = json.loads(self.read(version, "datapackage.json"))
        described = {each["path"]: each.get("schema") for each in package["resources"]}
        assert described.pop("entries.jsonl.gz") is None
        for path, schema in described.items():
            head = self.read(version, path.removesuffix(".gz")).decode().splitlines()[0]
            assert head.split(",") == [field["name"] for field in schema["fields"]]

    def test_describe_a_line_by_a_json_schema(self, version):
        schema = json.loads(self.read(version, "entries.schema.json"))
        [line] = self.read(version, "entries.jsonl").splitlines()
        assert sorted(json.loads(line)) == sorted(schema["required"])
        package = json.loads(self.read(version, "datapackage.json", "2024-06"))
        assert package["resources"][1]["jsonSchema"] == papers.address(1, "entries.schema.json")

    def test_name_the_tables_that_others_point_at(self, version):
        package = json.loads(self.read(version, "datapackage.json"))
        known = {each["name"]: each.get("schema", {}) for each in package["resources"]}
        for schema in known.values():
            for key in schema.get("foreignKeys", []):
                there = known[key["reference"]["resource"]]
                assert key["reference"]["fields"] in [field["name"] for field in there["fields"]]

    def test_of_a_month_stand_alone(self, version):
        package = json.loads(self.read(version, "datapackage.json", "2024-06"))
        assert package["name"] == "crisiswatch-2024-06"
        assert "foreignKeys" not in package["resources"][0]["schema"]

    def test_cite_the_version_under_its_licence(self, version, settings):
        settings.SITE_NAME, settings.DATA_LICENCE = "Crisis: the “Group” #1", "ODbL-1.0"
        said = yaml.safe_load(papers.citation(3, version.public_at))
        assert said["authors"] == [{"name": "Crisis: the “Group” #1"}]
        assert (said["cff-version"], said["version"]) == ("1.2.0", "3")
        assert said["license"] == "ODbL-1.0"

    def test_name_a_licence_that_the_settings_know(self, settings):
        for name in LICENCES:
            settings.DATA_LICENCE = name
            assert papers.licence().path.startswith("https://")

    def test_are_in_english_whoever_publishes(self, entry, settings):
        with papers.translation.override("he"):
            release(Edition.objects.all())
        book = self.read(DataVersion.objects.get(), "codebook.md").decode()
        assert not any("א" <= sign <= "ת" for sign in book)


def test_the_codebook_describes_every_column():
    book = papers.codebook().decode()
    for name, table in TABLES.items():
        assert f"## {name}" in book
        for column in table:
            assert column.description
            assert f"`{column.name}`" in book


def test_the_codebook_says_when_a_new_name_comes_as_a_file_and_on_its_page(client, db):
    page = client.get("/crisiswatch/data/").content.decode()
    for book in (papers.codebook().decode(), page):
        assert "alone makes no version: it comes with the next edition" in " ".join(book.split())


def test_the_values_of_a_trend_are_those_of_the_model():
    [trend] = [column for column in columns.ENTRIES if column.name == "trend"]
    assert set(trend.values) == set(Entry.Trend.values)
