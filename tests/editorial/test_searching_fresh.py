"""The index is derived and never the truth: it follows each change, and can be lost."""

import multiprocessing
import shutil

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from editorial.models import ContentChange, Promotion
from editorial.rehearsing import rehearsal
from editorial.searching import index, keeping
from editorial.searching.asking import ask
from editorial.searching.noting import note
from publications.models import Publication
from tests import factories
from tests.forms import change, send, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    client = Client()
    client.force_login(factories.make_editor())
    return client


def found(words):
    return [str(hit.object) for hit in ask(words).hits]


def test_what_an_editor_does_is_found_at_once(desk):
    """A draft of a live piece is not, until it is published; what is withdrawn is gone."""
    region = factories.make_region()
    piece = factories.make_publication("Report", regions=[region], body="<p>Quagga.</p>")
    assert found("quagga") == ["Report"]
    send(desk, change(piece), body="<p>Zebra.</p>")
    assert found("zebra") == []
    send(desk, change(piece), "_publish")
    assert (found("quagga"), found("zebra")) == ([], ["Report"])
    withdraw(desk, piece)
    assert (found("zebra"), ask("zebra").total) == ([], 0)


def test_what_is_rehearsed_never_comes_into_the_index():
    piece = factories.make_publication("Report", body="<p>Quagga.</p>")
    ask("quagga")
    with rehearsal():
        piece.body = "<p>Zebra.</p>"
        piece.save()
        assert ask("zebra").total == 0
    assert ask("zebra").total == 0
    assert found("quagga") == ["Report"]


def test_what_hangs_on_a_piece_is_found_with_it():
    person = factories.make_person("Han Bora")
    piece = factories.make_publication("Report", authors=[person])
    piece.findings.create(label="What’s new?", text="<p>Quagga.</p>")
    assert found("quagga") == ["Report"]
    person.name = "Kim Yuna"
    person.save()
    assert set(found("yuna")) == {"Kim Yuna", "Report"}
    piece.findings.all().delete()
    assert found("quagga") == []
    piece.tags.add("Okapi")
    assert found("okapi") == ["Report"]


def test_an_entry_is_found_when_its_edition_is_public():
    edition = factories.make_edition(status="draft")
    factories.make_entry([("Quagga.", "It ran.")], edition=edition)
    assert found("quagga") == []
    edition.approve(by=factories.make_editor())
    assert len(found("quagga")) == 1
    edition.withdraw()
    assert found("quagga") == []


def test_a_stale_index_shows_nothing_that_is_not_public(monkeypatch):
    piece = factories.make_publication("Report", body="<p>Quagga.</p>")
    assert found("quagga") == ["Report"]
    Publication.objects.filter(pk=piece.pk).update(status="withdrawn")  # The clock misses it.
    answer = ask("quagga")
    assert (answer.hits, answer.total) == ([], 0)


def test_what_was_saved_in_a_transaction_that_failed_is_not_noted():
    count = ContentChange.objects.count()
    with rehearsal():
        factories.make_publication()
        assert ContentChange.objects.count() > count
    assert ContentChange.objects.count() == count


def test_an_object_is_noted_once_in_a_transaction_and_again_after_a_rollback_in_it():
    noted = ContentChange.objects.filter(model="people.person", key=1)
    with transaction.atomic():
        note("people.person", 1)
        note("people.person", 1)
        assert noted.count() == 1
    with transaction.atomic():
        with rehearsal():
            note("people.person", 1)
        note("people.person", 1)
    assert noted.count() == 2


def damage(reader):
    for part in reader.folder.iterdir():
        if part.name not in ("meta.json", ".managed.json"):
            part.write_bytes(b"not what it was")


def lose_meta(reader):
    (reader.folder / "meta.json").write_text("{}", encoding="utf-8")


def lose_folder(reader):
    shutil.rmtree(reader.folder)


def lose_all(reader):
    shutil.rmtree(index.folder())


@pytest.mark.parametrize("harm", [damage, lose_meta, lose_folder, lose_all])
def test_a_lost_index_is_built_anew(harm):
    factories.make_publication("Report", body="<p>Quagga.</p>")
    ask("quagga")
    harm(index.current())
    index._open.update(name=None, reader=None)  # As another process finds it.
    answer = ask("quagga")
    assert [str(hit.object) for hit in answer.hits] == ["Report"]


def test_while_much_is_missing_it_says_so(monkeypatch):
    """A thread has a connection of its own and sees nothing of this test: it is asked for only."""
    asked = []
    monkeypatch.setattr(keeping, "in_background", asked.append)
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    shutil.rmtree(index.folder(), ignore_errors=True)
    for number in range(3):
        factories.make_publication(f"Report {number}", body="<p>Quagga.</p>")
    assert ask("quagga").is_catching_up
    assert asked == [keeping.build]
    keeping.build()
    assert ask("quagga").total == 3
    for piece in Publication.objects.all():
        piece.body = "<p>Zebra.</p>"
        piece.save()
    answer = ask("quagga")
    assert answer.is_catching_up
    # The text that readers do not have any more is not shown, only the piece.
    assert [str(hit.extract) for hit in answer.hits] == ["", "", ""]
    keeping.catch_up()
    answer = ask("zebra")
    assert (answer.total, answer.is_catching_up) == (3, False)


def test_the_operator_builds_it_anew(capsys):
    factories.make_publication("Report", body="<p>Quagga.</p>", regions=[])
    call_command("build_search")
    assert "1 objects can be found." in capsys.readouterr().out
    assert found("quagga") == ["Report"]


def test_old_changes_are_taken_away_all_but_the_newest(time_machine):
    factories.make_publication("Report", body="<p>Quagga.</p>", regions=[])
    ask("quagga")
    time_machine.move_to(timezone.now() + 2 * keeping.KEPT)
    keeping.prune()
    assert ContentChange.objects.count() == 1
    assert keeping.changes_since(index.current().state) == []


def test_a_change_that_commits_late_is_not_missed():
    factories.make_publication("Before")
    ask("before")
    piece = factories.make_publication("Late", body="<p>Quagga.</p>")
    late = ContentChange.objects.order_by("-pk").first()
    ContentChange.objects.filter(model="publications.publication", key=piece.pk).delete()
    ContentChange.objects.create(pk=late.pk + 5, model="people.person", key=1)
    assert found("quagga") == []
    ContentChange.objects.create(pk=late.pk + 2, model="publications.publication", key=piece.pk)
    assert found("quagga") == ["Late"]


def test_a_promoted_piece_stands_on_top_for_exactly_these_words():
    factories.make_publication("War in Korea", body="<p>War war war.</p>")
    piece = factories.make_publication("Start here")
    Promotion.objects.create(words=" WAR ", piece=piece)
    assert found("war") == ["Start here", "War in Korea"]
    assert found("war korea") == ["War in Korea"]
    piece.withdraw()
    assert found("war") == ["War in Korea"]


def answer_in_another_process(queue):
    connections.close_all()
    queue.put([str(hit.object) for hit in ask("quagga").hits])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_another_process_finds_it_too():
    factories.make_publication("Report", body="<p>Quagga.</p>")
    connections.close_all()
    context = multiprocessing.get_context("fork")
    for _ in range(2):
        queue = context.Queue()
        process = context.Process(target=answer_in_another_process, args=[queue])
        process.start()
        assert queue.get(timeout=30) == ["Report"]
        process.join()
    assert found("quagga") == ["Report"]
