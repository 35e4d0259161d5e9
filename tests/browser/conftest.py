"""
A real site for the browser: ``manage.py serve`` with the demonstration content, on a database,
files and mails of its own. It is started once for each process of the test run.
"""

import email
import os
import re
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


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO")},
        "VAR_DIR": str(folder),
        "SECRET_KEY": "known to every reader of the tests, and used nowhere else",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database_of_its_own(f"site_{worker_id}", folder),
        "EMAIL_URL": f"file:///{folder / 'mail'}",
        "MEDIA_ROOT": str(folder / "media"),
        "ENV_FILE": os.devnull,
    }
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with (folder / "log").open("w+") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
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
    """A page of an editor who has signed in."""
    page.context.add_cookies(signed_in)
    page.goto("/admin/")
    return page
