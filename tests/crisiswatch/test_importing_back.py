"""The files that the site itself writes come back in without loss."""

import datetime
import gzip
import io

import pytest
from django.core.management import call_command

from crisiswatch.models import Correction, Coverage, Edition, Situation
from crisiswatch.models.data import DataFile, DataVersion
from crisiswatch.releasing import release
from editorial.models import Event, Revision
from tests import factories
from tests.texts import NOTE

pytestmark = pytest.mark.django_db

FILES = (
    "entries.csv",
    "entries.jsonl",
    "editions.csv",
    "corrections.csv",
    "situations.csv",
    "coverage.csv",
)
OVERVIEW = f"<h2>June</h2><p>One <strong>bad</strong> month{NOTE}.<br>And [so] on.</p>"


def month(year, number):
    return datetime.date(year, number, 1)


def write_history():
    """A history with all that makes it difficult."""
    asia = factories.make_region("Asia")
    korea = factories.make_situation("Korea", countries=["KR", "KP"], region=asia)
    sudan = factories.make_situation("Sudan", countries=["SD", "XK"], region=asia)
    Situation.objects.filter(pk=korea.pk).update(slug="korean-peninsula", name="Korean Peninsula")
    darfur = factories.make_situation("Darfur", countries=["SD"], region=asia)
    darfur.continues.add(sudan)
    sudan.coverage.update(last_month=month(2024, 6))
    darfur.coverage.update(first_month=month(2024, 7), level=Coverage.Level.STANDBY)
    june = factories.make_edition(month(2024, 6), overview=OVERVIEW)
    july = factories.make_edition(month(2024, 7), overview="")
    developments = [("=Lead.", "'Body\n\nwith **all**, \\ of; it\t"), ("", "**x** y"), ("Z", "")]
    factories.make_entry(developments, edition=june, situation=korea, risk_alert=True)
    factories.make_entry(edition=june, situation=sudan, lead="-1, “so\r\nit is”", trend="improved")
    factories.make_entry([("", "One.")], edition=july, situation=darfur, lead="")
    factories.make_entry(edition=july, situation=korea, resolution_opportunity=True)
    Correction.objects.create(edition=june, corrected_on=month(2024, 8), text="Not 3 but 4.")
    Correction.objects.create(
        edition=june, situation=korea, corrected_on=month(2024, 9), text="=Not\nso."
    )
    release(Edition.objects.all())


def forget_history():
    Correction.objects.all()._raw_delete("default")
    for kind in (DataVersion, Revision, Edition, Situation):
        kind.objects.all().delete()


def files():
    newest = DataVersion.objects.latest("number")
    found = {each.name: each for each in DataFile.objects.filter(version=newest, month="")}
    return {name: b"".join(found[name].plain()) for name in FILES}


def bring_back(folder, written, name="entries.csv"):
    for each, content in written.items():
        (folder / each).write_bytes(content)
        (folder / f"{each}.gz").write_bytes(gzip.compress(content))
    tables = [(f"--{each.removesuffix('.csv')}", folder / each) for each in FILES[2:]]
    options = [part for pair in tables for part in pair]
    said = io.StringIO()
    call_command("import_crisiswatch", folder / name, *options, "--by", "olga", stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("name", ["entries.csv", "entries.jsonl", "entries.csv.gz"])
def test_what_was_written_read_and_written_again_is_the_same_byte_for_byte(tmp_path, name):
    factories.make_editor(username="olga")
    write_history()
    written = files()
    forget_history()

    bring_back(tmp_path, written, name)
    again = files()
    for each in FILES:
        assert again[each].decode() == written[each].decode()


def test_reading_them_where_they_come_from_changes_nothing(tmp_path):
    factories.make_editor(username="olga")
    write_history()
    said = bring_back(tmp_path, files())
    assert said.endswith("All this was there already: nothing has changed.\n")
    assert not Event.objects.exists()
    assert DataVersion.objects.count() == 1
