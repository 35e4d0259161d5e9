"""What search engines read first: which addresses there are, and in which languages."""

import datetime
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone

from crisishub import sitemaps
from tests import factories

pytestmark = pytest.mark.django_db

SPACE = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
HOST = "http://testserver"


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"].startswith("application/xml")
    return ET.fromstring(response.content)


def addresses(root):
    return [each.text for each in root.findall(".//s:loc", SPACE)]


def alternates(client, section, path):
    """The languages of one page of a sitemap, and where they are."""
    for url in read(client, f"/sitemap-{section}.xml").findall("s:url", SPACE):
        if url.findtext("s:loc", namespaces=SPACE) == f"{HOST}{path}":
            links = url.findall("x:link", SPACE)
            return {each.get("hreflang"): each.get("href").removeprefix(HOST) for each in links}
    raise AssertionError(f"{path} is not there")


def test_the_index_leads_to_every_public_page_once(client):
    factories.make_newsroom()
    found = []
    for address in addresses(read(client, "/sitemap.xml")):
        found += addresses(read(client, address.removeprefix(HOST)))
    assert len(found) == len(set(found))
    for path in ["/", "/he/people/", "/regions/korea/", "/topics/war/", "/about/us/"]:
        assert f"{HOST}{path}" in found
    for path in ["/publications/report/", "/crisiswatch/2024/06/korea/", "/he/about/us/"]:
        assert f"{HOST}{path}" in found
    for address in found:
        assert client.get(address.removeprefix(HOST)).status_code == 200, address
    assert not [address for address in found if "kept-back" in address]


def test_a_page_of_the_interface_names_its_languages(client):
    factories.make_region("Asia")
    for path in ("/regions/asia/", "/he/regions/asia/"):
        assert alternates(client, "regions", path) == {
            "en": "/regions/asia/",
            "he": "/he/regions/asia/",
            "x-default": "/regions/asia/",
        }


def test_a_publication_names_its_public_translations_and_no_other(client):
    piece = factories.make_publication("The Risk")
    factories.make_publication("Le risque", language="fr", translation_of=piece)
    draft = {"status": "draft", "language": "ar", "translation_of": piece}
    factories.make_publication("Hidden", **draft)
    factories.make_publication("Alone")
    for path in ("/publications/the-risk/", "/publications/le-risque/"):
        assert alternates(client, "publications", path) == {
            "en": "/publications/the-risk/",
            "fr": "/publications/le-risque/",
            "x-default": "/publications/the-risk/",
        }
    assert alternates(client, "publications", "/publications/alone/") == {}


def test_what_does_not_fit_in_one_file_stands_in_the_next(client, monkeypatch):
    for _number in range(3):
        factories.make_publication()
    monkeypatch.setattr(sitemaps.SiteMap, "limit", 2)
    found = [each for each in addresses(read(client, "/sitemap.xml")) if "publications" in each]
    pages = [addresses(read(client, each.removeprefix(HOST))) for each in found]
    assert [len(page) for page in pages] == [2, 1]
    assert client.get("/sitemap-publications.xml?p=3").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_sitemaps_do_not_grow_a_query_for_each_piece(client, django_assert_max_num_queries):
    for number in range(4):
        piece = factories.make_publication(tags=[f"tag {number}"])
        factories.make_publication(language="fr", translation_of=piece)
    with django_assert_max_num_queries(4):
        read(client, "/sitemap-publications.xml")
    with django_assert_max_num_queries(10):
        read(client, "/sitemap.xml")


def test_the_news_sitemap_tells_of_two_days_and_no_more(client, monkeypatch):
    now = timezone.now()
    for hours, language in [(1, "zh-hans"), (47, "pt-br"), (49, "en"), (-1, "en")]:
        moment = now - datetime.timedelta(hours=hours)
        title = f"{hours} & <more>"
        factories.make_publication(title, slug=f"h{hours}", language=language, publish_at=moment)
    factories.make_publication("Printed elsewhere", original_url="https://a.example/first")
    news = read(client, "/sitemap-news.xml").findall("s:url/n:news", SPACE)
    said = [
        [each.findtext(path, namespaces=SPACE) for path in ("n:title", "n:publication/n:language")]
        for each in news
    ]
    assert said == [["1 & <more>", "zh-cn"], ["47 & <more>", "pt"]]
    assert news[0].findtext("n:publication/n:name", namespaces=SPACE)
    date = news[0].findtext("n:publication_date", namespaces=SPACE)
    assert datetime.datetime.fromisoformat(date) == now - datetime.timedelta(hours=1)
    monkeypatch.setattr(sitemaps, "NEWS_HOLDS", 1)
    assert len(read(client, "/sitemap-news.xml")) == 1
