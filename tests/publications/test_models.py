import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from publications.models import Byline, Publication
from tests import factories

pytestmark = pytest.mark.django_db


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


def test_a_byline_names_a_person_or_somebody_from_outside_not_both():
    piece = factories.make_publication()
    for names in [{}, {"person": factories.make_person(), "outside_name": "Else"}]:
        with refuses("names_a_person"), transaction.atomic():
            Byline.objects.create(publication=piece, **names)


def test_a_piece_has_one_translation_for_each_language():
    original = factories.make_publication()
    factories.make_publication(translation_of=original, language="fr")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_publication(translation_of=original, language="fr")


def test_a_translation_is_of_an_original():
    original = factories.make_publication()
    french = factories.make_publication(translation_of=original, language="fr")
    korean = factories.make_publication(language="ko")
    korean.translation_of = french
    with pytest.raises(ValidationError, match="Choose the original"):
        korean.clean()


def test_an_original_is_no_translation_not_even_of_itself():
    original = factories.make_publication()
    factories.make_publication(translation_of=original, language="fr")
    other = factories.make_publication(language="ko")
    for wrong in (original, other):
        original.translation_of = wrong
        with pytest.raises(ValidationError, match="This is an original"):
            original.clean()
    with refuses("not_its_own_translation"), transaction.atomic():
        Publication.objects.filter(pk=other.pk).update(translation_of=other)


def test_a_part_needs_a_series_and_a_series_a_part():
    with refuses("go_together"), transaction.atomic():
        factories.make_publication(part=1)
    with refuses("go_together"), transaction.atomic():
        factories.make_publication(series=factories.make_series())


def test_a_series_has_one_piece_for_each_part_and_language():
    series = factories.make_series()
    factories.make_publication(series=series, part=1)
    factories.make_publication(series=series, part=1, language="fr")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_publication(series=series, part=1)


def test_a_picture_has_alternative_text():
    with refuses("alternative_text"), transaction.atomic():
        factories.make_publication(image=factories.picture())


def test_a_correction_cannot_be_deleted():
    piece = factories.make_publication()
    correction = piece.corrections.create(text="Not 3 but 4.")
    with pytest.raises(models.ProtectedError):
        correction.delete()
    with pytest.raises(models.ProtectedError):
        piece.delete()
    with pytest.raises(models.ProtectedError):
        piece.corrections.all().delete()
    with pytest.raises(models.ProtectedError):
        piece.corrections.update(text="All was well.")


def test_titles_are_kept_as_they_were_on_the_day_of_publication():
    person = factories.make_person()
    for title, first, last in [
        ("Analyst", datetime.date(2018, 1, 1), datetime.date(2019, 12, 31)),
        ("Director", datetime.date(2020, 1, 1), None),
    ]:
        factories.make_appointment(person, title=title, started_on=first, ended_on=last)
    then = datetime.datetime(2019, 6, 1, tzinfo=datetime.UTC)
    piece = factories.make_publication(authors=[person], publish_at=then)
    piece.keep_titles()
    assert piece.bylines.get().title == "Analyst"


def test_the_label_is_the_kind_with_its_number():
    assert Publication(kind="report", number=300).label == "Report 300"
    assert Publication(kind="questions").label == "Q&A"


def test_an_attachment_knows_the_hash_of_its_file():
    piece = factories.make_publication()
    attachment = piece.attachments.create(file=factories.picture("r.pdf"), label="Full report")
    assert len(attachment.sha256) == 64
    assert attachment.sha256.startswith(attachment.file.name.rpartition("/")[2].split(".")[0])


def test_the_file_of_an_attachment_is_read_only_if_it_is_another_one(monkeypatch):
    piece = factories.make_publication()
    first = piece.attachments.create(file=factories.picture("r.pdf"))
    other = piece.attachments.create(file=factories.picture("r.pdf", size=(9, 9)))
    first = type(first).objects.get(pk=first.pk)
    first.file.name = other.file.name
    first.save()
    assert first.sha256 == other.sha256
    assert first.file.closed
    monkeypatch.setattr("publications.models.parts.sha256", None)
    first.label = "Report"
    first.save()
