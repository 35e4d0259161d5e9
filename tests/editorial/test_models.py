import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from editorial.models import Publishable, Revision, ScheduledChange, Status
from publications.models import Publication
from tests.factories import hidden_states, make_editor, make_publication, make_user

pytestmark = pytest.mark.django_db

PUBLISHABLE = [
    model for model in apps.get_models() if issubclass(model, Publishable) and not model._meta.proxy
]


def test_only_what_is_approved_and_due_is_public():
    for state in hidden_states().values():
        make_publication(**state)
    public = make_publication()

    assert list(Publication.objects.public()) == [public]


def test_time_makes_a_piece_public():
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    piece = make_publication(publish_at=tomorrow)

    assert piece.is_scheduled
    assert not piece.is_public
    assert list(Publication.objects.public(at=tomorrow)) == [piece]


def test_only_what_was_public_is_gone(time_machine):
    make_publication(status=Status.DRAFT).withdraw()
    scheduled = make_publication(publish_at=timezone.now() + datetime.timedelta(days=1))
    scheduled.withdraw()
    seen = make_publication()
    seen.withdraw()

    time_machine.move_to(timezone.now() + datetime.timedelta(days=2))
    assert list(Publication.objects.gone()) == [seen]


def test_what_readers_have_lost_stays_gone_until_they_have_it_again():
    piece = make_publication()
    piece.withdraw()
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    piece.approve(by=make_editor(), publish_at=tomorrow)
    assert list(Publication.objects.gone()) == [piece]
    piece.approve(by=make_editor(), publish_at=timezone.now())
    assert not Publication.objects.gone().exists()


@pytest.mark.parametrize("field", ["publish_at", "approved_at", "approved_by"])
@pytest.mark.parametrize("model", PUBLISHABLE)
def test_the_database_refuses_an_approval_that_does_not_say_who_and_when(model, field):
    row = {"status": Status.APPROVED, "publish_at": timezone.now(), "approved_at": timezone.now()}
    constraint = next(c for c in model._meta.constraints if "who_and_when" in c.name)
    piece = model(**{**row, "approved_by": make_user(), field: None})
    with pytest.raises(ValidationError):
        constraint.validate(model, piece)


def test_the_refusal_is_the_database_s():
    piece = make_publication(status=Status.DRAFT, approved_by=None)
    with pytest.raises(IntegrityError, match="who_and_when"), transaction.atomic():
        Publication.objects.filter(pk=piece.pk).update(status=Status.APPROVED)


def test_approving_notes_who_and_when_and_counts_the_version():
    editor = make_editor()
    piece = make_publication(status=Status.DRAFT, approved_by=None, approved_at=None)

    piece.approve(by=editor)

    piece.refresh_from_db()
    assert (piece.status, piece.approved_by, piece.version) == (Status.APPROVED, editor, 2)
    assert piece.approved_at is not None


def test_a_piece_without_a_moment_is_public_at_once():
    piece = make_publication(status=Status.DRAFT, publish_at=None)
    piece.approve(by=make_editor())
    assert piece.is_public


def test_a_piece_that_lacks_what_readers_need_is_not_approved_and_says_what():
    piece = make_publication(status=Status.DRAFT, standfirst="")
    with pytest.raises(ValidationError, match="Standfirst is still empty"):
        piece.approve(by=make_editor())
    with pytest.raises(ValidationError, match="Standfirst is still empty"):
        piece.submit()
    piece.refresh_from_db()
    assert piece.status == Status.DRAFT


def test_a_piece_goes_to_review_back_to_draft_and_away():
    piece = make_publication(status=Status.DRAFT)
    piece.submit()
    assert piece.status == Status.IN_REVIEW
    piece.rework()
    assert piece.status == Status.DRAFT
    piece.approve(by=make_editor())
    piece.withdraw()
    assert not piece.is_public


def make_revision(number=1):
    user = make_user()
    piece = make_publication()
    return Revision(piece=piece, number=number, snapshot={}, author=user)


def test_a_revision_s_number_stands_once():
    first = make_revision()
    first.save()
    again = Revision(piece=first.piece, number=1, snapshot={}, author=first.author)
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_a_scheduled_change_is_applied_or_cancelled_not_both():
    revision = make_revision()
    revision.save()
    now = timezone.now()
    change = ScheduledChange(revision=revision, change_at=now, scheduled_by=revision.author)
    change.applied_at = change.cancelled_at = now
    with pytest.raises(IntegrityError, match="applied_or_cancelled"), transaction.atomic():
        change.save()
