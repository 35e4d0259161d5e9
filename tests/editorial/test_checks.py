import pytest
from django.apps import apps
from django.db import models

from editorial.models import Publishable
from tests import factories
from tests.newsletter.factories import make_issue

pytestmark = pytest.mark.django_db

KINDS = [
    model for model in apps.get_models() if issubclass(model, Publishable) and not model._meta.proxy
]


@pytest.mark.parametrize("model", KINDS)
def test_every_check_names_a_field_that_the_form_can_show(model):
    factories.make_newsroom()
    make_issue(subject="")
    piece = model.objects.last()
    for field in piece._meta.fields:  # As empty as it can be.
        if field.blank and isinstance(field, (models.CharField, models.TextField)):
            setattr(piece, field.name, "")
    named = {check.field for check in piece.checks()}
    assert named
    for name in named:
        field = piece._meta.get_field(name)
        assert name in piece.owns or field.editable


@pytest.mark.parametrize("model", KINDS)
def test_what_a_piece_needs_may_be_missing_in_a_draft(model):
    owned = [model._meta.get_field(relation).related_model for relation in model.owns]
    for each in (model, *owned):
        for name in getattr(each, "needed_by_readers", ()):
            assert each._meta.get_field(name).blank, f"{each.__name__}.{name}"
