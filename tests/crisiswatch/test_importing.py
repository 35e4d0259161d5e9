"""Histories that come in through the command that operators use."""

import datetime
import gzip
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from crisiswatch.models import Coverage, Edition, Entry, Situation
from crisiswatch.models.data import DataVersion
from editorial.drafting import save_snapshot
from editorial.models import ContentChange, Event, Revision, Status
from editorial.snapshots import take_snapshot
from tests import factories
from tests.crisiswatch.histories import HEAD, JULY, KOREA, table, with_cell

pytestmark = pytest.mark.django_db
JUNE = datetime.date(2024, 6, 1)


@pytest.fixture
def load(tmp_path):
    """Import a text as a file, and return what the command says."""
    factories.make_region("Asia")
    factories.make_editor(username="olga")

    def load(content, *options, name="history.csv", **tables):
        path, said = tmp_path / name, io.StringIO()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        for option, other in tables.items():
            beside = tmp_path / f"{option}.csv"
            beside.write_bytes(other if isinstance(other, bytes) else other.encode())
            options += (f"--{option}", beside)
        call_command("import_crisiswatch", path, "--by", "olga", *options, stdout=said)
        return said.getvalue()

    return load


def everything():
    """All that an import could have changed."""
    kinds = (Edition, Entry, Situation, Coverage, Revision, Event, DataVersion, ContentChange)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


def test_a_history_becomes_public_with_all_that_it_says(load, client):
    alert = with_cell("text", "**Talks resumed.** They met.\n\nAnd again.", KOREA)
    said = load(table(alert, JULY))

    first = Entry.objects.public().get(edition__month=JUNE)
    assert [(each.lead_sentence, each.body) for each in first.developments.all()] == [
        ("Talks resumed.", "They met."),
        ("", "And again."),
    ]
    assert first.situation.code == first.situation.slug == "korea"
    assert {country.alpha3 for country in first.situation.countries.all()} == {"KOR", "PRK"}
    assert "Talks resumed." in client.get("/crisiswatch/2024/06/korea/").content.decode()
    assert said.splitlines() == [
        "situations: 1 made, 0 changed, 0 untouched",
        "stretches of coverage: 1 made, 0 changed, 0 untouched",
        "editions: 2 made, 0 changed, 0 untouched",
        "entries: 2 made, 0 changed, 0 untouched",
        "corrections: 0 made, 0 changed, 0 untouched",
        "Imported.",
    ]


def test_who_answers_for_it_and_when_readers_got_it_is_written_down(load, settings):
    settings.TIME_ZONE = "UTC"
    load(table(KOREA), "--published-at", "12:30")
    edition = Edition.objects.get()
    assert edition.approved_by.username == "olga"
    assert timezone.localtime(edition.publish_at).isoformat()[:16] == "2024-07-01T12:30"
    event = Event.objects.get()
    assert (event.action, event.user.username) == (Event.Action.APPROVED, "olga")
    assert event.details == "Imported from history.csv"


def test_all_editions_make_one_version_of_the_data(load):
    load(table(KOREA, JULY))
    assert DataVersion.objects.get().reason == DataVersion.Reason.IMPORTED


def test_the_search_index_hears_of_the_editions_for_the_sake_of_their_entries(load):
    load(table(KOREA))
    noted = set(ContentChange.objects.values_list("model", "key"))
    assert ("crisiswatch.edition", Edition.objects.get().pk) in noted


def test_a_second_import_changes_nothing_and_says_so(load):
    load(table(KOREA, JULY))
    before = everything()
    said = load(table(KOREA, JULY))
    assert everything() == before
    assert said.splitlines()[-3:] == [
        "entries: 0 made, 0 changed, 2 untouched",
        "corrections: 0 made, 0 changed, 0 untouched",
        "All this was there already: nothing has changed.",
    ]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(load):
    before = everything()
    said = load(table(KOREA), "--dry-run")
    assert everything() == before
    assert "entries: 1 made" in said
    assert said.endswith("This was a rehearsal: nothing has changed.\n")


def test_drafts_stay_drafts(load):
    ahead = with_cell("month", "2150-01", KOREA)
    load(table(KOREA, ahead), "--as-drafts")
    assert {edition.status for edition in Edition.objects.all()} == {Status.DRAFT}
    assert not DataVersion.objects.exists()


def test_what_the_site_says_otherwise_is_changed_only_on_demand(load):
    load(table(KOREA, JULY))
    other = table(with_cell("lead", "War.", KOREA), JULY)
    with pytest.raises(CommandError) as refused:
        load(other)
    assert str(refused.value).splitlines()[0] == (
        "history.csv, line 2, lead: the site says something else (see --replace)."
    )
    assert Entry.objects.get(edition__month=JUNE).lead == "All quiet."

    said = load(other, "--replace")
    assert "editions: 0 made, 1 changed, 1 untouched" in said
    assert Entry.objects.get(edition__month=JUNE).lead == "War."


def test_a_change_of_what_readers_have_leaves_both_texts_in_the_history(load):
    load(table(KOREA))
    load(table(with_cell("lead", "War.", KOREA)), "--replace")
    before, after = Revision.objects.of(Edition.objects.get()).order_by("number")
    assert [each.snapshot["entries"][0]["lead"] for each in (before, after)] == [
        "All quiet.",
        "War.",
    ]
    assert after.author.username == "olga"
    assert after.published_at
    assert Event.objects.filter(action=Event.Action.PUBLISHED).count() == 1
    assert DataVersion.objects.count() == 2


def test_all_that_is_changed_on_demand_is_one_version_of_the_data(load):
    load(table(KOREA, JULY))
    rows = [with_cell("lead", "War.", row) for row in (KOREA, JULY)]
    said = load(table(*rows), "--replace")
    assert "editions: 0 made, 2 changed" in said
    assert [each.reason for each in DataVersion.objects.all()] == ["imported", "imported"]


def test_an_entry_that_is_new_to_an_edition_changes_the_edition(load):
    load(table(KOREA))
    japan = ("2024-06", "japan", "Japan", "asia", "JPN", "improved", "Calm.", "One.\n\nTwo.")
    with pytest.raises(CommandError, match="line 3, month: the edition is there already, without"):
        load(table(KOREA, japan))
    load(table(japan), "--replace")
    entries = Entry.objects.public().order_by("situation__code")
    assert [(entry.situation.code, entry.developments.count()) for entry in entries] == [
        ("japan", 2),
        ("korea", 0),
    ]


def test_a_draft_that_somebody_works_on_is_not_overrun(load):
    load(table(KOREA))
    edition = Edition.objects.get()
    draft = take_snapshot(edition) | {"overview": "<p>New.</p>"}
    save_snapshot(edition, draft, by=factories.make_editor(), version=edition.version)
    with pytest.raises(CommandError, match="somebody works on a draft of CrisisWatch June 2024"):
        load(table(with_cell("lead", "War.", KOREA)), "--replace")


def test_a_situation_keeps_its_name_and_the_import_says_that_the_file_has_another(load):
    load(table(KOREA))
    Situation.objects.update(name="Korea")
    said = load(table(KOREA))
    assert Situation.objects.get().name == "Korea"
    assert said.startswith("korea: situation_name stays “Korea”.")


def test_coverage_follows_from_the_entries_where_no_table_says_it(load):
    months = ["2024-01", "2024-02", "2024-05", "2024-06"]
    japan = ("2024-03", "japan", "Japan", "asia", "JPN", "improved", "Calm.", "")
    load(table(*[with_cell("month", month, KOREA) for month in months], japan))
    stretches = Coverage.objects.order_by("situation__code", "first_month")
    assert [str(each) for each in stretches] == [
        "monitored, March 2024 – March 2024",
        "monitored, January 2024 – February 2024",
        "monitored, May 2024 – …",
    ]


def test_coverage_comes_from_its_table(load):
    head = ("situation", "level", "first_month", "last_month")
    rows = [("korea", "standby", "2003-09", "2011-12"), ("korea", "monitored", "2012-01", "")]
    situations = table(("korea", "Korea", "asia", ""), head=("code", "name", "region", "continues"))
    tables = {"situations": situations, "coverage": table(*rows, head=head)}
    load(table(KOREA), **tables)
    assert [str(each) for each in Coverage.objects.all()] == [
        "standby, September 2003 – December 2011",
        "monitored, January 2012 – …",
    ]
    assert "stretches of coverage: 0 made, 0 changed, 2 untouched" in load(table(KOREA), **tables)


def test_coverage_of_the_site_is_changed_only_on_demand(load):
    load(table(KOREA))
    head = ("situation", "level", "first_month", "last_month")
    closed = table(("korea", "monitored", "2024-06", "2024-12"), head=head)
    with pytest.raises(CommandError, match="the site says: monitored, June 2024 – …"):
        load(table(KOREA), coverage=closed)
    with pytest.raises(CommandError, match="it lies before the first one"):
        load(table(KOREA), coverage=table(("korea", "standby", "2024-06", "2001-01"), head=head))
    load(table(KOREA), "--replace", coverage=closed)
    assert str(Coverage.objects.get()) == "monitored, June 2024 – December 2024"


@pytest.mark.parametrize("sign", ";\t")
def test_semicolons_and_tabs_part_the_cells_too(load, sign):
    load(table(KOREA, sign=sign))
    assert Entry.objects.get().lead == "All quiet."


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("history.csv", lambda text: b"\xef\xbb\xbf" + text.encode()),
        ("history.csv", lambda text: text.replace("\n", "\r\n").encode()),
        ("history.csv.gz", lambda text: gzip.compress(text.encode())),
    ],
    ids=["byte order mark", "carriage returns", "gzip"],
)
def test_marks_line_ends_and_gzip_make_no_difference(load, name, packed):
    load(packed(table(KOREA)), name=name)
    assert Entry.objects.get().lead == "All quiet."


def test_another_encoding_is_read_when_it_is_named(load):
    load(table(with_cell("lead", "Un été.", KOREA)).encode("cp1252"), "--encoding", "cp1252")
    assert Entry.objects.get().lead == "Un été."


def test_json_lines_are_read(load):
    record = dict(zip(HEAD, KOREA, strict=True)) | {
        "countries": ["KOR", "PRK"],
        "conflict_risk_alert": True,
        "developments": [{"lead_sentence": "Talks.", "body": "They\n\nmet."}],
    }
    del record["text"]
    load(json.dumps(record), name="history.jsonl")
    entry = Entry.objects.get()
    assert entry.risk_alert
    assert entry.situation.countries.count() == 2
    assert [(each.lead_sentence, each.body) for each in entry.developments.all()] == [
        ("Talks.", "They\n\nmet.")
    ]


def test_formulas_that_were_defused_are_what_they_were(load):
    load(table(with_cell("lead", "'=1+1", KOREA)))
    assert Entry.objects.get().lead == "=1+1"
