"""What others read the data of CrisisWatch with, each in an environment of its own (``uv``)."""

import datetime
import subprocess
import sys

import pytest

from crisiswatch.models import DataVersion, Edition
from crisiswatch.releasing import release
from tests.factories import make_edition, make_entry, make_situation

pytestmark = [pytest.mark.audit, pytest.mark.django_db]

HARD = "=1+1, “quoted” \"and\" 'not';\n\nאחר, 북한"


# One line of each that prints how many entries it has read: pandas as the page about the data has
# it, DuckDB from a file, for it loads what reads addresses from a server of its own.
READERS = {
    "pandas": "import pandas; print(len(pandas.read_csv('SITE/entries.csv')))",
    "duckdb": "import duckdb; print(len(duckdb.sql(\"FROM read_csv('HERE')\").fetchall()))",
}


def uv(*command):
    command = [sys.executable, "-m", "uv", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write(version, folder):
    """The files of a version as a reader downloads them."""
    for file in version.files.all():
        place = folder / (file.month or "all")
        place.mkdir(exist_ok=True)
        name = file.name if file.name.endswith("json") else f"{file.name}.gz"
        chunks = file.plain() if file.name.endswith("json") else file.compressed()
        (place / name).write_bytes(b"".join(chunks))


def validate(package):
    return uv("tool", "run", "frictionless", "validate", package)


def test_frictionless_accepts_both_versions(tmp_path):
    old, new = make_situation("Old", countries=["XK", "RS"]), make_situation("New")
    new.continues.set([old])
    for month in (5, 6):
        edition = make_edition(datetime.date(2024, month, 1), overview="<p>All of it.</p>")
        entry = make_entry([(HARD, HARD)], edition=edition, situation=old, lead=HARD)
        make_entry(edition=edition, situation=new, risk_alert=True)
    release(Edition.objects.all())
    edition.corrections.create(situation=old, text=HARD)
    entry.lead = "Corrected."
    entry.save()
    release(Edition.objects.all())
    for version in DataVersion.objects.all():
        folder = tmp_path / str(version)
        folder.mkdir()
        write(version, folder)
        for place in sorted(folder.iterdir()):
            checked = validate(place / "datapackage.json")
            assert checked.returncode == 0, checked.stdout + checked.stderr
    (tmp_path / "v1" / "all" / "coverage.csv.gz").write_bytes(b"")
    assert validate(tmp_path / "v1" / "all" / "datapackage.json").returncode


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reader", READERS)
def test_programs_read_the_entries_in_one_line(tmp_path, live_server, reader):
    edition = make_edition(datetime.date(2024, 6, 1))
    for name in ("Old", "New"):
        make_entry([(HARD, HARD)], edition=edition, situation=make_situation(name), lead=HARD)
    [version] = release(Edition.objects.all())
    write(version, tmp_path)
    line = READERS[reader].replace("HERE", f"{tmp_path}/all/entries.csv.gz")
    line = line.replace("SITE", f"{live_server.url}/data/crisiswatch/latest")
    read = uv("run", "--no-project", "--with", reader, "python", "-c", line)
    assert (read.stdout, read.returncode) == ("2\n", 0), read.stderr
