import pytest
from taggit.models import Tag

from editorial.models import Revision
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db


def test_a_topic_renamed_is_not_brought_back_by_a_draft(client):
    client.force_login(factories.make_editor())
    piece = factories.make_publication("Report", tags=["Asia", "Korea"])
    other = factories.make_publication("Other", tags=["Asia"])
    for each in (piece, other):
        send(client, change(each), title="Second")
    send(client, change(Tag.objects.get(name="Korea")), name="Africa", slug="africa")
    for each in (piece, other):
        send(client, change(each), "_publish")
    assert set(piece.tags.names()) == {"Africa", "Asia"}
    assert set(other.tags.names()) == {"Asia"}
    assert not Tag.objects.filter(name="Korea").exists()
    first = Revision.objects.of(piece).get(number=1)
    assert first.snapshot["tags"] == ["Asia", "Korea"]  # As readers had it.
