"""
How long does a Word document take to become a draft?

    .venv/bin/python -m bench.word [PAGES ...]     (10 100)

A page has some 500 words and a footnote, and every tenth a table and a small picture. Documents are
uploaded as an editor does it, through all of Django; the seconds are those of the clock.
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import setup_databases, setup_test_environment, teardown_databases
from django.utils.html import strip_tags
from rich.console import Console

from publications.models import Publication
from tests import factories
from tests.word_documents import report

PAGE = "/admin/publications/publication/from-word/"


def upload(client, pages):
    """Return the draft that a document becomes, and how many seconds that took."""
    file = SimpleUploadedFile("report.docx", report(pages=pages, notes=pages))
    started = time.perf_counter()
    client.post(PAGE, {"kind": "report", "language": "en", "file": file})
    return Publication.objects.latest("pk"), time.perf_counter() - started


def main():
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    client = Client()
    client.force_login(factories.make_editor())
    upload(client, pages=1)  # What is loaded once is loaded.
    for pages in [int(each) for each in sys.argv[1:]] or [10, 100]:
        piece, taken = upload(client, pages)
        words = len(strip_tags(piece.body).split())
        notes, tables = (piece.body.count(each) for each in ('class="footnote"', "<table"))
        Console().print(
            f"{pages:>4} pages: {taken:.1f} s ({words:,} words, {notes} footnotes, "
            f"{tables} tables, {piece.figures.count()} pictures)"
        )
    teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main()
