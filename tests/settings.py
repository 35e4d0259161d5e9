"""The settings of the tests: crisishub's own, without var/env, and what tests need otherwise."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

# The folders of the workers of xdist lie in the one of their parent, and go with it.
FILES = Path(tempfile.mkdtemp(prefix="crisishub-tests-", dir=os.environ.get("TESTS_FOLDER")))
os.environ.setdefault("TESTS_FOLDER", str(FILES))
atexit.register(shutil.rmtree, FILES, ignore_errors=True)

os.environ["ENV_FILE"] = os.devnull
os.environ.setdefault("SECRET_KEY", "known to every reader of the tests, and used nowhere else")
os.environ.setdefault("SITE_URL", "http://testserver")
# Playwright runs an event loop in the thread of the tests; nothing of ours is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

if "--postgresql" in sys.argv and "DATABASE_URL" not in os.environ:
    from tests.postgresql import start

    os.environ["DATABASE_URL"] = start(FILES / "postgresql")  # The workers of xdist inherit it.

from crisishub.settings import *  # noqa: E402, F403
from crisishub.settings import DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that a live server's threads have connections of their own; no test needs to
    # survive a power cut.
    DATABASES["default"]["NAME"] = FILES / "db.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": FILES / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Static files come straight from their sources.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = FILES / "static"
STATIC_ROOT.mkdir()
MEDIA_ROOT = FILES / "media"
SEARCH_DIR = FILES / "search"
PDF_DIR = FILES / "pdf"

# The walks over all addresses are faster than any reader.
API_RATE = 0
