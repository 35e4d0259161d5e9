"""No address that readers have had dies, and none tells of what they do not have."""

import re

import pytest
from django.test import Client
from taggit.models import Tag

from editorial.searching import asking
from publications import companions, listing
from publications.urls import urlpatterns
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db

PIECE = "publications/<slug:slug>"
ENDINGS = [
    str(each.pattern).removeprefix(PIECE) for each in urlpatterns if PIECE in str(each.pattern)
]


@pytest.fixture
def editor(client):
    client.force_login(factories.make_editor())
    return client


def test_a_new_slug_leaves_redirects_for_all_that_readers_have_of_a_piece(editor):
    asia = factories.make_region()
    piece = factories.make_publication("Old", regions=[asia], licence="cc-by-4.0")
    send(editor, change(piece), "_publish", slug="new")
    assert len(ENDINGS) > 6
    for language in ("", "/he"):
        for ending in ENDINGS:
            response = Client().get(f"{language}/publications/old{ending}")
            assert response["Location"] == f"{language}/publications/new{ending}"
    assert Client().get("/publications/new/cite.ris").status_code == 200


@pytest.mark.parametrize("slug", ["war", "שלום" * 20])
def test_a_new_slug_of_a_topic_leaves_redirects_for_its_page_and_its_feed(editor, slug):
    factories.make_publication(tags=["War"])
    topic = Tag.objects.get()
    Tag.objects.update(slug=slug)
    send(editor, change(topic), slug="wars")
    for ending in ("", "updates.atom"):
        response = Client().get(f"/topics/{slug}/{ending}?from=mail")
        assert response["Location"] == f"/topics/wars/{ending}?from=mail"
    send(editor, change(topic), slug=slug)
    assert Client().get(f"/topics/{slug}/").status_code == 200
    assert Client().get(Client().get("/topics/wars/")["Location"]).status_code == 200


def test_a_topic_that_readers_do_not_have_leaves_nothing(editor):
    factories.make_publication(tags=["Secret Talks"], status="draft")
    send(editor, change(Tag.objects.get()), slug="talks-in-oslo")
    assert Client().get("/topics/secret-talks/").status_code == 404


def test_a_topic_that_only_a_translation_has_leads_to_it(client):
    original = factories.make_publication("War")
    french = {"language": "fr", "translation_of": original}
    piece = factories.make_publication("Guerre", tags=["Corée"], **french)
    html = client.get(piece.get_absolute_url()).content.decode()
    (link,) = re.findall(r'href="(/topics/[^"]+)"', html)
    assert ">Guerre</a>" in client.get(link).content.decode()
    assert '<span class="note">1' in client.get("/topics/").content.decode()
    other = factories.make_publication("Both", tags=["Corée"])
    factories.make_publication("Beides", tags=["Corée"], language="de", translation_of=other)
    html = client.get(link).content.decode()
    assert ">Both</a>" in html
    assert "Guerre" not in html
    assert '<span class="note">1' in client.get("/topics/").content.decode()


def test_a_filter_names_no_topic_that_readers_do_not_have(client):
    factories.make_publication(tags=["Secret Talks"], status="draft")
    assert "Secret Talks" not in client.get("/publications/?topic=secret-talks").content.decode()


@pytest.mark.parametrize(
    "path", ["/", "topics/{}/", "topics/{}/updates.atom", "media/publications/figure/image/{}.png"]
)
def test_no_page_has_a_nul_in_its_address(client, path):
    assert client.get("/" + path.format("%00") if "{" in path else "/%00").status_code == 404


def test_a_year_has_four_figures(client, monkeypatch):
    monkeypatch.setattr(listing, "ask", lambda *_args, **_said: asking.Answer(is_catching_up=True))
    assert client.get("/publications/?year=0199999").status_code == 200


def test_a_part_that_is_none_has_no_place():
    assert companions.place(0, 2) == "Part 0"
