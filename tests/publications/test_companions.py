"""What a page leads to, and what that costs."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.models import Byline, Publication
from tests import factories

pytestmark = pytest.mark.django_db


def related(client, piece):
    html = client.get(piece.get_absolute_url()).content.decode()
    below = html.partition("</article>")[2].partition('id="subscribe"')[0]
    return re.findall(r"<h3[^>]*><a [^>]*>(.*?)</a></h3>", below)


def make(title, year=2020, **kwargs):
    moment = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)
    return factories.make_publication(title, publish_at=moment, **kwargs)


@pytest.fixture
def asia():
    return factories.make_region("Asia")


def test_pieces_chosen_by_hand_come_first_then_those_most_alike(client, asia):
    piece = make("This", regions=[asia], tags=["war"])
    chosen = make("Chosen", 2001)
    make("Region and topic", 2002, regions=[asia], tags=["war", "peace"])
    make("Topic", 2010, tags=["war"])
    make("Older region", 2003, regions=[asia])
    make("Newer region", 2004, regions=[asia])
    make("Nothing in common", 2021, tags=["peace"])
    piece.related.add(chosen)
    assert related(client, piece) == ["Chosen", "Region and topic", "Topic", "Newer region"]


def test_what_readers_do_not_have_is_related_to_nothing(client, asia):
    piece = make("This", regions=[asia], tags=["war"])
    for state, fields in factories.hidden_states().items():
        hidden = factories.make_publication(
            f"Hidden {state}", regions=[asia], tags=["war"], **fields
        )
        piece.related.add(hidden)
    assert related(client, piece) == []


def test_what_the_page_shows_elsewhere_is_not_related_as_well(client, asia):
    series = factories.make_series()
    here = {"regions": [asia], "tags": ["war"]}
    piece = make("This", series=series, part=1, **here)
    make("Next", series=series, part=2, **here)
    make("Part", parent=piece, part=1, **here)
    make("Traduction", language="fr", translation_of=piece, **here)
    make("Autre", language="fr", **here)
    assert related(client, piece) == []


def test_two_pieces_that_share_only_a_region_that_readers_do_not_see_are_strangers(client):
    unseen = factories.make_region("Unseen", status="draft")
    make("Other", regions=[unseen])
    assert related(client, make("This", regions=[unseen])) == []


def fill(piece, asia, count):
    series = piece.series
    for number in range(count):
        part = factories.make_publication(
            regions=[asia],
            tags=["war"],
            authors=[factories.make_person()],
            series=series,
            part=number + 2,
        )
        factories.make_publication(regions=[asia], tags=["war"], parent=piece, part=number + 1)
        factories.make_publication(translation_of=piece, language=["fr", "ko", "ar", "de"][number])
        piece.related.add(factories.make_publication(authors=[factories.make_person()]), part)
        Byline.objects.create(publication=piece, person=factories.make_person())
        piece.questions.create(question="Why?", answer="<p>So.</p>")
        piece.findings.create(label="What?", text="<p>This.</p>")
        piece.recommendations.create(addressee=f"To {number}", text="<p>Act.</p>")
        piece.figures.create(image=factories.picture(), alt="A")
        piece.attachments.create(file=factories.picture(f"{number}.csv"), label="Data")
        piece.corrections.create(text="Not 3 but 4.")
        factories.make_publication(regions=[asia], tags=["war"])


def test_no_piece_has_a_page_that_asks_more_than_another(client, asia):
    piece = factories.make_publication(
        regions=[asia], tags=["war"], series=factories.make_series(), part=1
    )
    asked = []
    for count in (1, 3):
        Publication.objects.exclude(pk=piece.pk).update(part=None, series=None, parent=None)
        Publication.objects.exclude(pk=piece.pk).update(translation_of=None)
        fill(piece, asia, count)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(piece.get_absolute_url())
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 24, queries.captured_queries
