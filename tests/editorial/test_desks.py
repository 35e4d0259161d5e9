"""What an editor of one part of the world does by other ways than the form."""

import pytest

from editorial import drafting
from editorial.models import Revision
from publications.models import Publication
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def asia():
    return factories.make_region("Asia")


@pytest.fixture
def europe():
    return factories.make_region("Europe")


def sign_in(client, role, *regions):
    user = factories.make_member(role)
    if regions:
        factories.make_desk(*regions, members=[user])
    client.force_login(user)
    return user


def test_a_restored_text_does_not_take_a_piece_off_one_s_desk(client, asia, europe):
    piece = factories.make_publication("Report", regions=[europe])
    client.force_login(factories.make_editor())
    send(client, change(piece), "_publish", regions=[str(asia.pk)])
    sign_in(client, "Publisher", asia)
    version = Publication.objects.get(pk=piece.pk).version
    address = change(piece).replace("change", "restore/1")
    response = client.post(address, {"version": version}, follow=True)
    assert "out of the part of the world" in response.content.decode()
    assert drafting.draft_of(piece) is None


def test_nor_does_the_draft_of_somebody_with_a_wider_desk(client, asia, europe):
    piece = factories.make_publication("Report", regions=[asia])
    client.force_login(factories.make_editor())
    send(client, change(piece), regions=[str(europe.pk)])
    publisher = sign_in(client, "Publisher", asia)
    version = Publication.objects.get(pk=piece.pk).version
    with pytest.raises(drafting.ValidationError, match="part of the world"):
        drafting.publish(Publication.objects.get(pk=piece.pk), by=publisher, version=version)
    assert [region.name for region in piece.regions.all()] == ["Asia"]


def test_entries_of_an_edition_are_changed_on_one_s_own_desk_only(client, asia, europe):
    edition = factories.make_edition()
    own, other = (
        factories.make_entry(edition=edition, situation=factories.make_situation(region=region))
        for region in (asia, europe)
    )
    sign_in(client, "Editor", asia)
    assert client.post(change(other), {"trend": "deteriorated"}).status_code == 403
    assert not Revision.objects.filter(is_aside=False, based_on__isnull=False).exists()
    send(client, change(own), trend="deteriorated")
    assert drafting.draft_of(edition)


def test_a_contributor_gives_up_drafts_of_their_own_only(client):
    user = sign_in(client, "Contributor")
    piece = factories.make_publication("Report", created_by=user)
    client.force_login(factories.make_editor())
    send(client, change(piece), title="The publisher's words")
    client.force_login(user)
    page = change(piece).replace("change", "discard")
    assert client.post(page, {"version": 2}).status_code == 403
    assert drafting.draft_of(piece)
    send(client, change(piece), title="Theirs")
    assert client.get(page).status_code == 200
