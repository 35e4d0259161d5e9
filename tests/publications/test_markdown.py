import re

import pytest
from django.conf import settings
from markdown_it import MarkdownIt

from publications.models import Figure, Question, Recommendation
from tests.factories import make_editor, make_outlet, make_person, make_publication, picture

NOTE = '<span class="footnote">See <em>The Record</em>, p. 4.</span>'


@pytest.fixture
def piece(db):
    piece = make_publication(
        "The *Line* Holds",
        slug="line",
        authors=[make_person("Han Bora")],
        body=f'<p>Quiet{NOTE} so far. <a href="/regions/asia/">Asia</a></p>\n<h2>Why</h2>\n'
        '<figure data-mark="map00001"></figure>\n<p>Because.</p>',
        summary="<h2>In short</h2>\n<p>Talks.</p>",
        licence="cc-by-4.0",
    )
    Figure.objects.create(
        publication=piece,
        image=picture(),
        alt="A map",
        caption="The line",
        credit="An agency",
        mark="map00001",
    )
    Question.objects.create(publication=piece, question="What now?", answer=f"<p>Wait{NOTE}.</p>")
    Recommendation.objects.create(publication=piece, addressee="To all", text="<p>Talk.</p>")
    return piece


def test_a_piece_can_be_read_as_markdown(client, piece):
    response = client.get(f"/publications/{piece.slug}.md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("# The \\*Line\\* Holds\n")
    assert "By Han Bora" in text
    assert f"/publications/{piece.slug}/>" in text
    assert "Quiet[^1] so far. [Asia](http" in text
    assert "### In short" in text
    assert "Wait[^2]." in text
    assert "[^2]: See *The Record*, p. 4." in text
    assert text.count("![A map](") == 1
    (address,) = re.findall(r"!\[A map\]\((.*?)\)", text)
    assert b"".join(client.get(address)).startswith(b"RIFF")
    assert re.search(r"Talks\.\n\n---\n\nQuiet", text)
    assert text.index("## Why") < text.index("![A map](") < text.index("Because.")
    html = MarkdownIt().render(text)
    assert "<h1>The *Line* Holds</h1>" in html
    assert re.search(r"<p>Talks.</p>\s*<hr />\s*<p>Quiet", html)


def test_the_page_says_where_its_markdown_is(client, piece):
    page = client.get(piece.get_absolute_url()).content.decode()
    assert f'type="text/markdown" href="/publications/{piece.slug}.md"' in page


@pytest.mark.parametrize("ending", [".md", "/republish/"])
def test_what_is_not_public_is_not_given_away(client, piece, ending):
    address = f"/publications/{piece.slug}{ending}"
    assert client.get(address).status_code == 200
    piece.rework()
    assert client.get(address).status_code == 404
    piece.approve(by=make_editor())
    piece.withdraw()
    assert client.get(address).status_code == 410


# Republishing


def test_an_open_licence_lets_others_take_the_html(client, piece):
    assert "/republish/" in client.get(piece.get_absolute_url()).content.decode()
    response = client.get(f"/publications/{piece.slug}/republish/")
    html = response.context["html"]
    assert "<h1>The *Line* Holds</h1>" in html
    assert f'href="{settings.SITE_URL}/regions/asia/"' in html
    assert f'href="{settings.SITE_URL}/publications/{piece.slug}/"' in html
    assert 'href="/' not in html
    assert "https://creativecommons.org/licenses/by/4.0/" in html
    assert html.count("The Record") == 2
    assert re.search(r"<p>Talks.</p>\s*<hr>\s*<p>Quiet", html)
    assert "<img" not in html
    assert not any(said in html for said in ("A map", "The line", "An agency"))
    assert "class=" not in html
    assert "<textarea" in response.content.decode()
    assert html not in response.content.decode()  # It stands there escaped.


@pytest.mark.parametrize("closed", ["licence", "outlet"])
def test_what_is_not_ours_to_give_cannot_be_republished(client, piece, closed):
    if closed == "licence":
        piece.licence = "reserved"
    else:
        piece.original_outlet = make_outlet("Politico Magazine")
    piece.save()
    assert client.get(f"/publications/{piece.slug}/republish/").status_code == 404
    assert "/republish/" not in client.get(piece.get_absolute_url()).content.decode()
    assert client.get(f"/publications/{piece.slug}.md").status_code == 200
