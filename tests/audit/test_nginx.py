"""The site behind the nginx of docs/operators.md: its blocks are read from the page."""

import getpass
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from tests import factories

pytestmark = [pytest.mark.audit, pytest.mark.django_db]

PATIENCE = 60
BESIDE = f"{os.environ['PATH']}:/usr/sbin"
# What surrounds the blocks of the page: an operator has it, with a certificate that counts.
NGINX = """
user {user};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {outside}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/cert.pem;
        ssl_certificate_key {folder}/key.pem;
        {inside}
    }}
}}
"""
CERTIFICATE = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1".split()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def documented(server, media):
    """The blocks of the page that belong outside the ``server`` block, and those inside."""
    page = (settings.BASE_DIR / "docs/operators.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```nginx\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    blocks = [
        block.replace("127.0.0.1:8000", f"127.0.0.1:{server}").replace(
            "/srv/crisishub/var/media/", f"{media}/"
        )
        for block in blocks
    ]
    outside = [block for block in blocks if block.startswith("limit_req_zone")]
    return "\n".join(outside), "\n".join(block for block in blocks if block not in outside)


def until_it_listens(port, program):
    deadline = time.monotonic() + PATIENCE
    while True:
        assert program.poll() is None
        assert time.monotonic() < deadline
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.05)


@pytest.fixture
def content(tmp_path):
    """A public piece and a draft with a file each, as files."""
    for slug, fields in {"open": {}, "hidden": factories.hidden_states()["draft"]}.items():
        piece = factories.make_publication(f"The {slug} piece", slug=slug, **fields)
        piece.attachments.create(file=factories.pdf(note=slug), label="Full report", language="en")
    call_command("export_content", tmp_path / "content", verbosity=0)
    return tmp_path / "content"


@pytest.fixture
def site(content, tmp_path):
    """The address of a site with this content behind nginx, and the folder of its logs."""
    nginx = shutil.which("nginx", path=BESIDE)
    assert nginx, "There is no nginx here: install it (apt install nginx-light)."
    port, server = free_port(), free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "known to every reader of the tests, and used nowhere else, once or twice",
        "SITE_URL": f"https://127.0.0.1:{port}",
        "BEHIND_PROXY": "1",
        "MEDIA_ACCEL": "/files/",
    }
    run = {"env": environment, "cwd": settings.BASE_DIR}
    for command in (["migrate"], ["collectstatic", "--no-input"], ["import_content", content]):
        subprocess.run([sys.executable, "manage.py", *command, "-v0"], check=True, **run)
    keys = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"]
    subprocess.run(["openssl", *CERTIFICATE, *keys], check=True, capture_output=True)
    outside, inside = documented(server, tmp_path / "media")
    configuration = tmp_path / "nginx.conf"
    words = {"user": getpass.getuser(), "folder": tmp_path}
    words |= {"port": port, "outside": outside, "inside": inside}
    configuration.write_text(NGINX.format(**words))
    web = ["-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"]
    web += ["--port", str(server), "--blocking-threads", "4", "crisishub.wsgi:application"]
    commands = {
        server: [sys.executable, *web],
        port: [nginx, "-c", configuration, "-e", tmp_path / "error.log", "-g", "daemon off;"],
    }
    programs = []
    try:
        for listens, command in commands.items():
            programs.append(subprocess.Popen(command, **run))
            until_it_listens(listens, programs[-1])
        yield Site(port, server, tmp_path)
    finally:
        for program in programs:
            program.terminate()
        for program in programs:
            program.wait(30)


class Site:
    def __init__(self, port, server, folder):
        self.port, self.server, self.folder = port, server, folder

    def ask(self, path, method="GET", body=None, **headers):
        """The status, the headers and the body of the answer."""
        context = ssl.create_default_context(cafile=self.folder / "cert.pem")
        context.check_hostname = False
        connection = HTTPSConnection("127.0.0.1", self.port, context=context, timeout=PATIENCE)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.status, response.headers, response.read()
        connection.close()
        return answer


def file_of(site, slug):
    """The address of the only file of a piece, and its bytes, found on the disk of the site."""
    note = f"% {slug}\n".encode()
    [path] = [path for path in (site.folder / "media").rglob("*.pdf") if note in path.read_bytes()]
    return f"/media/{path.relative_to(site.folder / 'media')}", path.read_bytes()


def test_the_site_stands_behind_the_nginx_of_the_page(site):
    status, headers, body = site.ask("/publications/open/")
    assert status == 200
    assert b"The open piece" in body
    assert "max-age" in headers["Strict-Transport-Security"]
    assert site.ask("/publications/hidden/")[0] == 404
    pages_are_sent_by_the_server_and_files_by_nginx(site)
    what_is_too_large_is_refused(site)
    addresses_that_are_keys_are_not_logged(site)
    programs_are_slowed_down(site)


def pages_are_sent_by_the_server_and_files_by_nginx(site):
    address, content = file_of(site, "open")
    status, headers, body = site.ask(address)
    assert (status, body) == (200, content)
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Accept-Ranges"] == "bytes"  # nginx says so where it sends the file itself.
    assert "X-Accel-Redirect" not in headers
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Strict-Transport-Security"):
        assert headers[name], name
    status, _headers, body = site.ask(address, Range="bytes=0-7")
    assert (status, body) == (206, content[:8])
    hidden, _ = file_of(site, "hidden")
    assert site.ask(hidden)[0] == 404
    for guessed in (hidden, address):
        assert site.ask(guessed.replace("/media/", "/files/"))[0] == 404


def what_is_too_large_is_refused(site):
    assert site.ask("/admin/login/", "POST", **{"Content-Length": str(61 * 1024**2)})[0] == 413


def addresses_that_are_keys_are_not_logged(site):
    for path in ("/newsletter/confirm/a-key/", "/he/newsletter/a-key/", "/preview/a-key/"):
        site.ask(path)
    site.ask("/people/")
    logged = Path(site.folder / "access.log").read_text()
    assert "/people/" in logged
    assert "a-key" not in logged


def programs_are_slowed_down(site):
    answers = {site.ask("/api/v1/countries?limit=1")[0] for _ in range(80)}
    assert answers == {200, 429}
