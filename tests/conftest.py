import gc
import os
import shutil
from importlib import import_module

import hypothesis
import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import client
from pytest_django.plugin import blocking_manager_key

from crisishub.messages import compile_messages
from tests.migrated import keep, kept_in, take

# Every run tries the same examples, so that no test fails on another day than the day it broke.
hypothesis.settings.register_profile(
    "ours", derandomize=True, deadline=None, max_examples=25, database=None
)
hypothesis.settings.load_profile("ours")


def pytest_addoption(parser):
    # tests/settings.py, which is loaded before any hook, looks for it.
    parser.addoption(
        "--postgresql",
        action="store_true",
        help="run on a PostgreSQL of our own; DATABASE_URL overrides",
    )


def pytest_configure():
    compile_messages()


def pytest_report_header():
    return f"database: {os.environ.get('DATABASE_URL', 'SQLite').split(':')[0]}"


def pytest_collection_modifyitems(config, items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
    if config.option.postgresql:
        there = [item for item in items if asks_a_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in there])
        items[:] = there


def pytest_collection_finish():
    """What is loaded by now stays; the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test with transactions of its own leaves empty tables: the countries come back."""
    result = yield
    marker = item.get_closest_marker("django_db")
    emptied = "transactional_db" in item.fixturenames or (
        marker and marker.kwargs.get("transaction")
    )
    if emptied and nextitem:  # After the last there is no database.
        with item.config.stash[blocking_manager_key].unblock():
            if not apps.get_model("regions.Country").objects.exists():
                import_module("regions.migrations.0002_countries").load(apps, None)
                import_module("regions.migrations.0006_m49").number(apps, None)
            connection.close()
    return result


@pytest.fixture(scope="session", autouse=True)
def contexts_of_our_templates_only():
    """``response.context`` is copied for each template; nobody asks for those of the widgets."""
    store = client.store_rendered_templates

    def store_ours(data, signal, sender, template, context, **rest):
        if not (template.name or "").startswith(("django/", "admin/widgets/")):
            store(data, signal, sender, template, context, **rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "store_rendered_templates", store_ours)
        yield


def asks_a_database(item):
    """What touches no database, or only looks at what a browser does, need not run on two."""
    if item.get_closest_marker("one_database"):
        return False
    if item.get_closest_marker("browser"):
        return item.get_closest_marker("both_databases") is not None
    return bool({"db", "transactional_db"} & set(item.fixturenames)) or bool(
        item.get_closest_marker("django_db")
    )


@pytest.fixture(scope="session")
def migrated(pytestconfig, django_db_modify_db_settings):
    """Where a migrated database is kept from one run to the next; None where none is."""
    cache = getattr(pytestconfig, "cache", None)
    return kept_in(cache.mkdir("migrated")) if cache and connection.vendor == "sqlite" else None


@pytest.fixture(scope="session")
def django_db_keepdb(migrated):
    return migrated is not None and take(migrated)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, django_db_keepdb, migrated):
    """
    A test with transactions of its own ends with empty tables. On SQLite that is a DELETE, which
    the log refuses; ``tests/editorial/test_log.py`` looks at the trigger that is away here.
    """
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            if migrated and not django_db_keepdb:
                keep(migrated)
            connection.cursor().execute("DROP TRIGGER editorial_event_is_not_deleted")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The Chromium of the system where there is one; it finds no host but this one."""
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return {
        **browser_type_launch_args,
        **({"executable_path": chromium} if chromium else {}),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            # Hinted letters stand apart in a PDF, and pypdf reads words with spaces in them.
            "--font-render-hinting=none",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        ],
    }


@pytest.fixture(autouse=True)
def nobody_looks_for_what_is_due(monkeypatch):
    """Whether a request looks depends on when the last one did; tests of schedules say when."""
    monkeypatch.setattr("editorial.scheduling.look_for_what_is_due", lambda: None)


@pytest.fixture(scope="session")
def connections_closed():
    connections.close_all()


@pytest.fixture(scope="session")
def playwright(connections_closed, playwright):
    """
    While Playwright's event loop runs, Django keeps other connections than before and after it.
    Those that are out of its sight must be closed, or they hold the test database at the end.
    """
    yield playwright
    connections.close_all()
