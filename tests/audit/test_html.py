"""Every page of the demonstration, in every language, read by the Nu HTML checker."""

import json
import re
import subprocess
from collections.abc import Iterator
from html import unescape

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from publications.models import Publication
from tests import factories
from tests.word_documents import report

CHECKER = settings.BASE_DIR / "var/node/node_modules/vnu-jar/build/dist/vnu.jar"
STARTS = ["/", "/he/", "/nowhere/", "/he/nowhere/"]
LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')
NOT_PAGES = ("/static/", "/media/", f"/{settings.ADMIN_PATH}")

pytestmark = [pytest.mark.audit, pytest.mark.django_db]


def pages(client) -> Iterator[tuple[str, bytes]]:
    """Address and HTML of each page that can be reached by links."""
    found, seen = list(STARTS), set(STARTS)
    for address in found:  # It grows while we walk.
        response = client.get(address)
        if response.status_code == 301:
            links = [response["Location"]]
        elif "text/html" in response["Content-Type"]:
            assert response.status_code == (404 if "nowhere" in address else 200), address
            yield address, response.content
            links = [unescape(link) for link in LINK.findall(response.content.decode())]
        else:
            b"".join(response)  # A PDF, or what else is no page, read to its end.
            links = []
        new = {link for link in links if not link.startswith(NOT_PAGES)} - seen
        found += sorted(new)
        seen |= new


def errors(folder) -> list[dict]:
    """What the checker says; a message is a dict with at least ``url`` and ``message``."""
    command = [
        "java",
        "-jar",
        CHECKER,
        "--errors-only",
        "--format",
        "json",
        "--exit-zero-always",
        folder,
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(ran.stderr)["messages"]


def test_the_checker_sees_errors(tmp_path):
    (tmp_path / "bad.html").write_text("<!doctype html><title>x</title><p><div></p>")
    assert errors(tmp_path)


def test_no_page_has_an_error(client, tmp_path):
    call_command("import_content", settings.BASE_DIR / "demo", verbosity=0)
    files = {}
    for address, html in pages(client):
        file = tmp_path / f"{len(files)}.html"
        file.write_bytes(html)
        files[file.as_uri().replace("file:///", "file:/")] = address
    assert len(files) > 100
    report = [
        f"{files[error['url']]}: line {error.get('lastLine')}: {error['message']}"
        for error in errors(tmp_path)
    ]
    assert not report, "\n".join(report)


def test_the_page_of_a_report_from_word_has_no_error(client, tmp_path):
    client.force_login(factories.make_editor())
    document = SimpleUploadedFile("report.docx", report(pages=100, notes=100))
    data = {"kind": "report", "language": "en", "file": document}
    client.post("/admin/publications/publication/from-word/", data)
    Publication.objects.update(**factories.public())
    page = Client().get("/publications/the-long-report/").content
    assert page.count(b'id="note-') == 100
    (tmp_path / "report.html").write_bytes(page)
    assert not errors(tmp_path)
