"""The data files as programs fetch them, and the page about them."""

import base64
import csv
import datetime
import gzip
import hashlib
import io
import json

import brotli
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crisiswatch.models import DataVersion, Edition, Entry
from crisiswatch.releasing import release
from tests.factories import make_edition, make_entry, make_situation

pytestmark = pytest.mark.django_db

HERE = "/data/crisiswatch/"
JUNE = datetime.date(2024, 6, 1)


@pytest.fixture
def entry():
    """An entry that readers have, in version 1 of the data."""
    entry = make_entry(
        edition=make_edition(JUNE),
        situation=make_situation("Korean Peninsula", countries=["KR", "KP"]),
        lead="Pyongyang said “no”;\n공 풍선, again, and again, and again, and again, and again.",
    )
    release(Edition.objects.all())
    return entry


def correct(entry, lead):
    """What readers have changes; returns the number of the version."""
    entry.lead = lead
    entry.save()
    return release(Edition.objects.filter(pk=entry.edition_id))[0].number


def body(response):
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def leads(response):
    text = body(response).decode()
    return [row["lead"] for row in csv.DictReader(io.StringIO(text, newline=""))]


class TestAFile:
    def test_comes_as_it_is_to_those_who_say_nothing(self, client, entry):
        response = client.get(f"{HERE}latest/entries.csv")
        assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
        assert "Content-Encoding" not in response
        assert leads(response) == [entry.lead]

    def test_comes_with_gzip_to_those_who_take_it(self, client, entry):
        plain = body(client.get(f"{HERE}latest/entries.csv"))
        response = client.get(f"{HERE}latest/entries.csv", HTTP_ACCEPT_ENCODING="gzip, deflate")
        assert response["Content-Encoding"] == "gzip"
        assert response["Vary"] == "Accept-Encoding"
        packed = body(response)
        assert len(packed) == int(response["Content-Length"])
        assert gzip.decompress(packed) == plain

    def test_comes_with_brotli_when_it_is_small(self, client, entry):
        plain = body(client.get(f"{HERE}latest/codebook.md"))
        response = client.get(f"{HERE}latest/codebook.md", HTTP_ACCEPT_ENCODING="gzip, br")
        assert response["Content-Encoding"] == "br"
        assert brotli.decompress(body(response)) == plain

    @pytest.mark.parametrize("refused", ["gzip;q=0", "br; q=0.0, gzip;q=0", "identity", ""])
    def test_comes_as_it_is_to_those_who_refuse(self, client, entry, refused):
        response = client.get(f"{HERE}latest/codebook.md", HTTP_ACCEPT_ENCODING=refused)
        assert "Content-Encoding" not in response
        assert body(response).startswith(b"# CrisisWatch")

    def test_can_be_had_as_an_archive_with_the_digest_that_is_told(self, client, entry):
        response = client.get(f"{HERE}v1/entries.jsonl.gz", HTTP_ACCEPT_ENCODING="gzip")
        assert response["Content-Type"] == "application/gzip"
        assert "Content-Encoding" not in response
        archive = body(response)
        digest = base64.b64encode(hashlib.sha256(archive).digest()).decode()
        assert response["Repr-Digest"] == f"sha-256=:{digest}:"
        package = json.loads(body(client.get(f"{HERE}v1/datapackage.json")))
        told = {each["path"]: each for each in package["resources"]}["entries.jsonl.gz"]
        assert told["hash"] == f"sha256:{hashlib.sha256(archive).hexdigest()}"
        [record] = map(json.loads, gzip.decompress(archive).splitlines())
        assert record["lead"] == entry.lead

    @pytest.mark.parametrize("name", ["entries.csv", "entries.csv.gz"])
    def test_comes_in_parts(self, client, entry, name):
        """DuckDB reads so, and whoever goes on with a download that broke off."""
        address = f"{HERE}v1/{name}"
        whole = body(client.get(address))
        for asked, part in [("5-", whole[5:]), ("0-8", whole[:9]), ("-7", whole[-7:])]:
            response = client.get(address, HTTP_RANGE=f"bytes={asked}")
            assert response.status_code == 206
            assert b"".join(response) == part
            assert response["Content-Range"].endswith(f"/{len(whole)}")
        beyond = client.get(address, HTTP_RANGE=f"bytes={len(whole)}-")
        assert (beyond.status_code, beyond["Cache-Control"]) == (416, "no-store")
        changed = client.get(address, HTTP_RANGE="bytes=5-", HTTP_IF_RANGE='"another"')
        assert body(changed) == whole

    def test_is_not_sent_twice(self, client, entry):
        tags = set()
        for name, accepts in [
            ("entries.csv", ""),
            ("entries.csv", "gzip"),
            ("entries.csv", "br"),
            ("entries.csv.gz", ""),
        ]:
            there = {"HTTP_ACCEPT_ENCODING": accepts}
            tag = client.get(f"{HERE}latest/{name}", **there)["ETag"]
            again = client.get(f"{HERE}latest/{name}", HTTP_IF_NONE_MATCH=tag, **there)
            assert again.status_code == 304
            assert again["ETag"] == tag
            assert again["Access-Control-Allow-Origin"] == "*"
            tags.add(tag)
        assert len(tags) == 4

    def test_can_be_asked_about(self, client, entry):
        for accepts in ("", "gzip", "br"):
            there = {"HTTP_ACCEPT_ENCODING": accepts}
            response = client.head(f"{HERE}latest/entries.csv", **there)
            assert response["ETag"] == client.get(f"{HERE}latest/entries.csv", **there)["ETag"]
            assert body(response) == b""

    def test_is_open_to_pages_of_other_sites(self, client, entry):
        for response in (
            client.get(f"{HERE}latest/entries.csv"),
            client.options(f"{HERE}latest/entries.csv"),
            client.get(f"{HERE}versions.csv"),
        ):
            assert response["Access-Control-Allow-Origin"] == "*"
            assert response["X-Content-Type-Options"] == "nosniff"
        for name in ("v1/entries.csv", "versions.csv"):
            assert "GET" in client.options(f"{HERE}{name}")["Access-Control-Allow-Methods"]

    def test_says_where_it_is_described_and_under_which_licence(self, client, entry, settings):
        settings.DATA_LICENCE = "CC0-1.0"
        response = client.get(f"{HERE}2024-06/latest/entries.csv")
        assert "/data/crisiswatch/2024-06/v1/datapackage.json" in response["Link"]
        assert "publicdomain/zero" in response["Link"]
        assert response["Content-Location"].endswith("/data/crisiswatch/2024-06/v1/entries.csv")

    def test_is_only_read(self, client, entry):
        for method in (client.post, client.put, client.delete, client.patch):
            for name in ("latest/entries.csv", "versions.csv"):
                assert method(f"{HERE}{name}").status_code == 405


class TestVersions:
    def test_stay_while_the_newest_moves_on(self, client, entry):
        before = body(client.get(f"{HERE}v1/entries.csv.gz"))
        old = entry.lead
        correct(entry, "It was Tuesday.")
        assert leads(client.get(f"{HERE}latest/entries.csv")) == ["It was Tuesday."]
        assert leads(client.get(f"{HERE}2024-06/latest/entries.csv")) == ["It was Tuesday."]
        assert leads(client.get(f"{HERE}2024-06/v1/entries.csv")) == [old]
        assert body(client.get(f"{HERE}v1/entries.csv.gz")) == before

    def test_may_be_kept_for_good_and_the_newest_for_a_minute(self, client, entry):
        assert "immutable" in client.get(f"{HERE}v1/entries.csv")["Cache-Control"]
        assert "max-age=60," in client.get(f"{HERE}latest/entries.csv")["Cache-Control"]

    def test_of_a_month_are_its_own(self, client, entry):
        make_entry(edition=make_edition(datetime.date(2024, 7, 1)))
        release(Edition.objects.all())
        assert client.get(f"{HERE}2024-07/v1/entries.csv").status_code == 200
        assert client.get(f"{HERE}2024-07/v2/entries.csv").status_code == 404
        assert len(leads(client.get(f"{HERE}2024-07/latest/entries.csv"))) == 1
        package = json.loads(body(client.get(f"{HERE}2024-07/v1/datapackage.json")))
        assert [each["path"] for each in package["resources"]] == [
            "entries.csv.gz",
            "entries.jsonl.gz",
        ]

    @pytest.mark.parametrize(
        "path",
        [
            "v2/entries.csv",
            "v0/entries.csv",
            "v99999999999999999999/entries.csv",
            "latest/entries.xml",
            "latest/entries.csv.gz.gz",
            "latest/.gz",
            "2024-13/latest/entries.csv",
            "2024-07/latest/entries.csv",
            "2024-06/latest/situations.csv",
        ],
    )
    def test_that_are_none_are_not_found(self, client, entry, path):
        assert client.get(HERE + path).status_code == 404

    def test_that_lie_ahead_are_not_found_until_then(self, client, entry):
        moment = timezone.now() + datetime.timedelta(hours=1)
        july = make_edition(datetime.date(2024, 7, 1), publish_at=moment)
        secret = make_entry(edition=july, situation=entry.situation, lead="Embargoed.")
        release(Edition.objects.filter(pk=july.pk))
        paths = ["v2/entries.csv", "2024-07/v1/entries.csv", "2024-07/latest/entries.csv"]
        assert [client.get(HERE + path).status_code for path in paths] == [404] * 3
        assert secret.lead not in leads(client.get(f"{HERE}latest/entries.csv"))
        assert b"2024-07" not in client.get(f"{HERE}versions.csv").content
        assert "2024-07 published" not in client.get("/crisiswatch/data/").content.decode()
        with time_machine.travel(moment):
            assert [client.get(HERE + path).status_code for path in paths] == [200] * 3
            assert secret.lead in leads(client.get(f"{HERE}latest/entries.csv"))

    def test_are_listed(self, client, entry):
        correct(entry, "It was Tuesday.")
        text = client.get(f"{HERE}versions.csv").content.decode()
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [(row["version"], row["reason"]) for row in rows] == [
            ("2", "corrected"),
            ("1", "published"),
        ]


def test_a_file_of_many_parts_is_one_gzip_member(client, entry):
    """Browsers stop behind the first."""
    for month in range(7, 12):
        make_entry(edition=make_edition(datetime.date(2024, month, 1)), situation=entry.situation)
        release(Edition.objects.all())
    archive = body(client.get(f"{HERE}latest/entries.csv.gz"))
    unpacker = gzip.zlib.decompressobj(gzip.zlib.MAX_WBITS | 16)
    plain = unpacker.decompress(archive)
    assert unpacker.eof
    assert not unpacker.unused_data
    assert plain == body(client.get(f"{HERE}latest/entries.csv"))
    assert len(plain.splitlines()) >= 7


def test_questions_do_not_grow_with_the_months(client, entry):
    counts = []
    for year in (2020, 2021):
        for month in range(1, 13):
            edition = make_edition(datetime.date(year, month, 1))
            make_entry(edition=edition, situation=entry.situation)
        release(Edition.objects.all())
        for path in (f"{HERE}latest/entries.csv", f"{HERE}versions.csv", "/crisiswatch/data/"):
            with CaptureQueriesContext(connection) as queries:
                body(client.get(path))
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


class TestThePage:
    def test_has_the_files_with_their_hashes_and_every_column(self, client, entry):
        page = client.get("/crisiswatch/data/").content.decode()
        for file in DataVersion.objects.get().files.filter(month=""):
            assert f'href="/data/crisiswatch/v1/{file.name}"' in page
            assert file.sha256 in page
        for name in ("resolution_opportunity", "last_month", "continues"):
            assert f"<code>{name}</code>" in page
        assert "creativecommons.org/licenses/by/4.0" in page
        assert 'read_csv("http://testserver/data/crisiswatch/latest/entries.csv")' in page

    def test_tells_what_changed(self, client, entry):
        correct(entry, "It was Tuesday.")
        page = client.get("/crisiswatch/data/").content.decode()
        assert "2024-06 corrected: Korean Peninsula." in page

    def test_is_there_before_there_are_data(self, client):
        assert Entry.objects.count() == 0
        assert "There is no edition yet" in client.get("/crisiswatch/data/").content.decode()

    def test_speaks_hebrew(self, client, entry):
        assert 'dir="rtl"' in client.get("/he/crisiswatch/data/").content.decode()
