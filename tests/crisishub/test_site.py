"""What holds on every page: headers, errors, and what robots read."""

import datetime
import re

import pytest
from django.contrib.flatpages.models import FlatPage
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.template.loader import render_to_string
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from crisishub.checks import sqlite_does_not_corrupt
from tests import factories

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/regions/", "/publications/", "/people/", "/in-the-news/", "/crisiswatch/"]


def policy(response):
    directives = response["Content-Security-Policy"].split("; ")
    return {name: values for name, _, values in (d.partition(" ") for d in directives)}


@pytest.mark.parametrize("path", [*PUBLIC, "/he/", "/no-such-page/", "/updates.atom"])
def test_a_public_page_loads_nothing_from_elsewhere_and_sets_no_cookie(client, path):
    response = client.get(path)
    rules = policy(response)
    assert rules.pop("default-src") == "'none'"
    assert set(rules.values()) <= {"'self'", "'none'"}
    assert rules["frame-ancestors"] == "'none'"
    assert not response.cookies
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_has_nothing_inline(client, path):
    factories.make_newsroom()
    html = client.get(path).content.decode()
    html = html.replace('<script type="application/ld+json">', "")  # Facts, which nobody runs.
    assert not re.search(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=|javascript:", html)


def test_the_admin_s_scripts_carry_a_nonce_and_eval_is_never_allowed(client):
    client.force_login(factories.make_editor())
    response = client.get(reverse("admin:regions_region_add"))
    rules = policy(response)
    nonce = re.search(r"'nonce-([^']+)'", rules["script-src"]).group(1)
    html = response.content.decode()
    assert "unsafe" not in rules["script-src"]
    assert f'<script type="importmap" nonce="{nonce}"' in html
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", html)
    assert all("nonce=" in each or "application/json" in each for each in inline)


def test_the_sign_in_page_of_the_admin_is_under_the_same_policy(client):
    assert "'unsafe-eval'" not in client.get("/admin/login/")["Content-Security-Policy"]
    assert policy(client.get("/admin/login/"))["script-src"].startswith("'self'")


def test_a_page_is_compressed_and_can_be_asked_for_again(client):
    factories.make_newsroom()
    response = client.get("/", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    again = client.get("/", headers={"accept-encoding": "gzip", "if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_the_language_follows_the_path_alone(client):
    english = client.get("/", headers={"accept-language": "he"})
    assert english["Content-Language"] == "en"
    assert "Accept-Language" not in english.get("Vary", "")
    assert client.get("/he/")["Content-Language"] == "he"


@pytest.mark.parametrize("path", ["/no-such-page/", "/regions/no-such-region/", "/he/x/"])
def test_an_unknown_address_gets_a_page_that_helps(client, path):
    response = client.get(path)
    assert response.status_code == 404
    html = response.content.decode()
    assert "<h1" in html
    assert "/publications/" in html


def test_a_wrong_host_is_a_bad_request_with_a_page(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "<h1" in response.content.decode()
    assert "evil.example" not in response.content.decode()


def test_a_failure_of_ours_has_a_page_that_needs_no_database(client, monkeypatch, settings):
    def fail(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(SimpleTemplateResponse, "render", fail)
    client.raise_request_exception = False
    client.force_login(factories.make_editor())
    response = client.get("/admin/")
    assert response.status_code == 500
    assert "<h1" in response.content.decode()
    assert "secret detail" not in response.content.decode()


@pytest.mark.parametrize("is_known", [True, False])
def test_the_page_of_a_failure_asks_for_files_by_names_that_the_server_has(monkeypatch, is_known):
    files = ManifestStaticFilesStorage()
    names = ("tokens", "base", "layout", "components")
    files.hashed_files = {f"css/{n}.css": f"css/{n}.abc.css" for n in names if is_known}
    monkeypatch.setattr("django.contrib.staticfiles.storage.staticfiles_storage", files)
    for template in ("400.html", "500.html"):
        page = render_to_string(template)
        assert ('href="/static/css/tokens.abc.css"' in page) == is_known
        assert "<h1" in page


@given(st.text(max_size=200))
def test_no_address_however_odd_is_an_error_of_ours(path):
    client = Client()
    for prefix in ("/", "/he/", "/regions/", "/crisiswatch/", "/media/"):
        status = client.get(prefix + path.replace("\\", "/")).status_code
        assert status < 500


@given(st.text(max_size=100), st.text(max_size=100))
def test_no_query_however_odd_is_an_error_of_ours(name, value):
    client = Client()
    for path in ("/publications/", "/regions/"):
        assert client.get(path, {name: value, "page": value}).status_code in (200, 404)


@pytest.mark.parametrize("path", ["//[", "//%5B", "//evil.example/people/", "/he//x"])
def test_an_address_that_begins_like_a_host_is_not_found_and_leads_nowhere_else(client, path):
    response = client.generic("GET", "/", PATH_INFO=path)
    assert response.status_code == 404
    assert b"//evil.example" not in response.content


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
def test_methods_that_no_page_understands_are_refused_with_a_page(client, method):
    response = client.generic(method, "/regions/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert "<h1" in response.content.decode()


def test_a_form_without_a_token_is_refused_with_a_page_of_ours():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "This form was not sent" in response.content.decode()


def test_a_missing_slash_is_added(client):
    response = client.get("/publications")
    assert (response.status_code, response["Location"]) == (301, "/publications/")


def test_a_flat_page_is_the_same_under_every_language(client):
    page = FlatPage.objects.create(
        url="/about/", title="About <us>", content="<p>We.</p><script>x()</script>"
    )
    page.sites.set([1])
    for path in ("/about/", "/he/about/"):
        html = client.get(path).content.decode()
        assert "<p>We.</p>" in html
        assert "About &lt;us&gt;" in html
        assert "<script>" not in html
    assert 'href="/about/"' in client.get("/").content.decode()


def test_robots_are_told_where_the_sitemap_is_and_nothing_of_the_admin(client, settings):
    response = client.get("/robots.txt")
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
    for name in ("sitemap", "sitemap-news"):
        assert f"Sitemap: http://testserver/{name}.xml" in text
    assert "admin" not in text


@pytest.mark.parametrize(
    "url", ["/regions/", "/admin/", "/he/x/", "/crisiswatch/2024/07/", "/a.b/"]
)
def test_a_flat_page_stands_only_where_it_can_be_read(client, url):
    client.force_login(factories.make_editor())
    response = client.post("/admin/flatpages/flatpage/add/", {"title": "X", "url": url})
    assert response.context["adminform"].form.errors["url"]
    assert not FlatPage.objects.exists()


def test_an_editor_leaves_a_redirect_by_hand_but_no_circle(client):
    client.force_login(factories.make_editor())
    add = "/admin/redirects/redirect/add/"
    for old, new in [("noslash", "/x/"), ("/a/", "/a/"), ("/a/?b", "/x/")]:
        response = client.post(add, {"old_path": old, "new_path": new})
        assert response.context["adminform"].form.errors
    client.post(add, {"old_path": "/a/", "new_path": "/publications/"})
    assert client.get("/a/")["Location"] == "/publications/"


def test_an_absurd_filter_of_a_list_is_dropped(client):
    client.force_login(factories.make_editor())
    path = "/admin/publications/publication/"
    assert client.get(f"{path}?publish_at__year=99999", follow=True).status_code == 200


def test_browsers_that_ask_for_a_favicon_are_sent_to_it(client):
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


def test_the_home_page_shows_the_latest_month_pieces_quotes_and_regions(client):
    factories.make_newsroom()
    html = client.get("/").content.decode()
    for shown in ["June 2024", "Report", "[He] said:", "Asia", "Receive the best source"]:
        assert shown in html


def test_the_cookie_notice_is_shown_only_when_it_is_switched_on(client, settings):
    assert "uses cookies" not in client.get("/").content.decode()
    settings.COOKIE_NOTICE = True
    assert "uses cookies" in client.get("/").content.decode()


def test_an_old_sqlite_is_warned_of(monkeypatch):
    assert sqlite_does_not_corrupt(None) == []
    monkeypatch.setattr("crisishub.checks.connection.vendor", "sqlite", raising=False)
    monkeypatch.setattr("crisishub.checks.Database.sqlite_version_info", (3, 40, 1))
    (warning,) = sqlite_does_not_corrupt(None)
    assert "pysqlite3" in warning.hint


def test_what_is_scheduled_appears_when_its_time_has_come(client, time_machine):
    tomorrow = datetime.datetime(2030, 1, 2, tzinfo=datetime.UTC)
    factories.make_publication("Embargoed", publish_at=tomorrow)
    time_machine.move_to("2030-01-01T23:59:59Z")
    assert "Embargoed" not in client.get("/publications/").content.decode()
    time_machine.move_to("2030-01-02T00:00:00Z")
    assert "Embargoed" in client.get("/publications/").content.decode()


def test_the_desk_opens_with_what_editors_open_every_day(client):
    client.force_login(factories.make_editor())
    html = client.get("/admin/").content.decode()
    places = [html.index(f"/admin/{name}/") for name in ("crisiswatch", "regions", "auth")]
    assert places == sorted(places)
