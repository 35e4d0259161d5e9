"""Two who publish at the same moment, and many months that are changed by one act."""

import datetime
import gzip
from threading import Barrier, Thread

import pytest
from django.db import connection

from crisiswatch.models import DataVersion, Edition
from crisiswatch.releasing import release, together
from editorial import drafting
from tests.factories import make_editor, make_entry, make_situation

MONTHS = [datetime.date(2024, month, 1) for month in (6, 7)]


def draft(month, situation):
    edition = Edition.objects.create(month=month, overview="<p>All of it.</p>")
    make_entry(edition=edition, situation=situation)
    return edition


@pytest.mark.django_db(transaction=True)
def test_two_publications_at_the_same_moment_are_two_versions_one_after_the_other():
    situation, editor, meet, failed = make_situation(), make_editor(), Barrier(2), []
    editions = [draft(month, situation) for month in MONTHS]

    def press(edition):
        meet.wait(timeout=10)
        try:
            drafting.approve(edition, by=editor, version=edition.version)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=press, args=[edition]) for edition in editions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not failed
    first, second = DataVersion.objects.public().order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert months_in(first) in (["2024-06"], ["2024-07"])
    assert months_in(second) == ["2024-06", "2024-07"]


def months_in(version):
    archive = b"".join(version.files.get(name="editions.csv", month="").compressed())
    return [line[:7] for line in gzip.decompress(archive).decode().splitlines()[1:]]


@pytest.mark.django_db
def test_many_acts_can_be_one_version():
    situation, editor = make_situation(), make_editor()
    with together():
        for month in MONTHS:
            edition = draft(month, situation)
            drafting.approve(edition, by=editor, version=edition.version)
        assert not DataVersion.objects.exists()
    release(Edition.objects.all())
    assert months_in(DataVersion.objects.get()) == ["2024-06", "2024-07"]
