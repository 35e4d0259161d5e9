"""
A real site for the browser: ``manage.py serve`` with the demonstration content, on a database,
files and mails of its own. It is started once for each process of the test run, on a copy of a
demonstration that is made once for all of them.
"""

import email
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 240

expect.set_options(timeout=15_000)


class Site:
    """Where the site answers, who may sign in, and where it keeps its mails."""

    def __init__(self, folder, port, password):
        self.url = f"http://127.0.0.1:{port}"
        self.user, self.password = "editor", password
        self.mail_folder = folder / "mail"

    def mails_to(self, address):
        """The text of each mail to an address, oldest first; waits for one to come."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            texts = [path.read_bytes() for path in sorted(self.mail_folder.glob("*.log"))]
            mails = [
                email.message_from_bytes(part.strip() + b"\n", policy=default)
                for text in texts
                for part in re.split(rb"\n-{79}\n", text)
                if part.strip()
            ]
            if found := [mail for mail in mails if mail["To"] == address]:
                return [mail.get_body(("plain",)).get_content() for mail in found]
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_of_its_own(name, folder):
    """A new database on the server of the tests, or a new file."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return f"sqlite:///{folder / 'site.sqlite3'}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def environment(folder, port, database):
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO")},
        "DJANGO_SETTINGS_MODULE": "crisishub.settings",
        "VAR_DIR": str(folder),
        "SECRET_KEY": "known to every reader of the tests, and used nowhere else",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database,
        "EMAIL_URL": f"file:///{folder / 'mail'}",
        "MEDIA_ROOT": str(folder / "media"),
        "ENV_FILE": os.devnull,
    }


@pytest.fixture(scope="session", autouse=True)
def demonstration(request, tmp_path_factory, worker_id):
    """
    Returns the folder of the demonstration when it is ready. One for all processes: it takes a
    while, and the first browser test, which may need no site, begins it in the background.
    """
    if not any("site" in item.fixturenames for item in request.session.items):
        yield None
        return
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demonstration"
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.browser.demonstration"]
    with (tmp_path_factory.mktemp("demonstration") / "log").open("w+") as log:
        making = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(folder, 8000, f"sqlite:///{folder / 'site.sqlite3'}"),
            stdout=log,
            stderr=log,
        )

        def ready():
            assert making.wait(PATIENCE) == 0, Path(log.name).read_text()
            return folder

        yield ready
        making.terminate()
        making.wait(30)


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id, demonstration):
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(demonstration(), folder, dirs_exist_ok=True)
    port = free_port()
    database = database_of_its_own(f"site_{worker_id}", folder)
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with (folder / "log").open("w+") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment(folder, port, database), stdout=log, stderr=log
        )
        try:
            wait_until_ready(server, folder / "log")
            yield Site(folder, port, (folder / "password.txt").read_text().strip())
        finally:
            server.terminate()
            server.wait(30)


def wait_until_ready(server, log):
    deadline = time.monotonic() + PATIENCE
    while "is ready" not in log.read_text():
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@pytest.fixture(scope="session")
def base_url(site):
    return site.url


@pytest.fixture(scope="session")
def browsers():
    """Those that were started, in order; the last is in use."""
    return []


@pytest.fixture
def browser(launch_browser, browsers):
    """A browser that lives: where one has crashed, the next test has a new one."""
    if not browsers or not browsers[-1].is_connected():
        browsers.append(launch_browser())
    return browsers[-1]


@pytest.fixture(scope="session")
def signed_in(playwright, site):
    """The cookies of an editor who has signed in to the admin."""
    asking = playwright.request.new_context(base_url=site.url)
    asking.get("/admin/login/")
    [token] = [cookie["value"] for cookie in asking.storage_state()["cookies"]]
    answer = asking.post(
        "/admin/login/?next=/admin/",
        form={"username": site.user, "password": site.password, "csrfmiddlewaretoken": token},
    )
    assert "Desk" in answer.text()
    cookies = asking.storage_state()["cookies"]
    asking.dispose()
    return cookies


@pytest.fixture
def desk(page, signed_in):
    """A page of an editor who has signed in, and has opened nothing yet."""
    page.context.add_cookies(signed_in)
    return page
