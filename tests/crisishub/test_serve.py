import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from crisishub import demo, processes
from crisishub.management.commands import serve

SERVER = """
from http.server import BaseHTTPRequestHandler, HTTPServer
HTTPServer(("127.0.0.1", {}), BaseHTTPRequestHandler).serve_forever()
"""
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
FAIL = [sys.executable, "-c", "raise SystemExit(3)"]


class StopsWhenReady(StringIO):
    """What a person sees who presses Ctrl-C as soon as everything is ready."""

    def write(self, text):
        written = super().write(text)
        if "Ctrl-C" in text:
            os.kill(os.getpid(), signal.SIGINT)
        return written


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def programs(monkeypatch, port):
    """The programs to be started, which a test may replace; a small server and an idle worker."""
    commands = {
        "web server": [sys.executable, "-c", SERVER.format(port)],
        "worker": SLEEP,
    }
    monkeypatch.setattr(serve, "commands", lambda port, dev: commands)
    monkeypatch.setattr(demo, "make_ready", lambda say, static: None)
    monkeypatch.setattr(demo, "editor_password", lambda: "correct horse")
    return commands


@pytest.fixture
def started(monkeypatch):
    """The processes that were started."""
    all_started = []
    real = processes.start

    def remember(command, **options):
        all_started.append(real(command, **options))
        return all_started[-1]

    monkeypatch.setattr(processes, "start", remember)
    return all_started


def run(port, out=None):
    call_command("serve", port=port, stdout=out or StringIO(), skip_checks=True)


def test_it_prints_what_a_newcomer_needs_and_ctrl_c_leaves_no_process(programs, started, port):
    out = StopsWhenReady()
    run(port, out)
    assert f"http://127.0.0.1:{port}/" in out.getvalue()
    assert re.search(r"User +editor\n +Password +correct horse\n", out.getvalue())
    assert out.getvalue().endswith("Stopped.\n")
    assert len(started) == 2
    assert all(process.returncode is not None for process in started)


def test_a_taken_port_is_refused_before_anything_slow(programs, started, monkeypatch):
    monkeypatch.setattr(demo, "make_ready", pytest.fail)
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {taken} is taken"):
            run(taken)
    assert not started


@pytest.mark.parametrize("name", ["web server", "worker"])
def test_when_one_program_ends_everything_is_stopped(programs, started, port, name):
    programs[name] = FAIL
    with pytest.raises(CommandError, match=rf"The {name} ended by itself \(exit code 3\)"):
        run(port)
    assert all(process.returncode is not None for process in started)


def test_a_server_that_never_answers_is_not_waited_for_for_ever(programs, port, monkeypatch):
    monkeypatch.setattr(serve, "PATIENCE", 0.1)
    programs["web server"] = SLEEP
    with pytest.raises(CommandError, match="did not answer within"):
        run(port)


def test_a_signal_during_the_preparation_stops_it(programs, started, port, monkeypatch):
    monkeypatch.setattr(
        demo, "make_ready", lambda say, static: os.kill(os.getpid(), signal.SIGTERM)
    )
    out = StringIO()
    run(port, out)
    assert out.getvalue() == "\nStopped.\n"
    assert not started


def test_links_in_mails_lead_to_the_port_unless_the_operator_says_otherwise(monkeypatch):
    monkeypatch.delenv("SITE_URL")
    assert serve.environment(8001)["SITE_URL"] == "http://127.0.0.1:8001"
    monkeypatch.setenv("SITE_URL", "https://example.org")
    assert serve.environment(8001)["SITE_URL"] == "https://example.org"


def test_development_reloads_and_the_demonstration_serves():
    assert "runserver" in serve.commands(8000, dev=True)["web server"]
    assert "granian" in serve.commands(8000, dev=False)["web server"]


def descendants(pid):
    """The process ids of everything that the process has started, directly or not."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], check=True, capture_output=True, text=True)
    pairs = [tuple(map(int, line.split())) for line in table.stdout.splitlines()]
    family = [pid]
    for parent in family:  # It grows while we walk.
        family += [child for child, its_parent in pairs if its_parent == parent]
    return family[1:]


def read_until(stream, text):
    lines = []
    for line in stream:
        lines.append(line)
        if text in line:
            break
    return "".join(lines)


def status(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    code = connection.getresponse().status
    connection.close()
    return code


def is_running(pid):
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True)
    return state.stdout.strip()[:1] not in {b"", b"Z"}


@pytest.mark.slow
def test_the_demonstration_is_made_ready_served_and_stopped_completely(tmp_path, port):
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "a secret of this run",
    }
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as served:
        said = read_until(served.stdout, "Ctrl-C")
        assert f"http://127.0.0.1:{port}/" in said
        assert (tmp_path / "password.txt").read_text().strip() in said
        assert status(port, "/") == 200
        assert status(port, "/nowhere/") == 404
        family = descendants(served.pid)
        served.send_signal(signal.SIGINT)
        assert served.stdout.read().endswith("Stopped.\n")
    assert served.returncode == 0
    assert len(family) >= 3
    assert not any(is_running(pid) for pid in family)
