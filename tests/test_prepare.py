import ast
import builtins
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import prepare

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy's folder that holds nothing but the lock files, where pip succeeds at once."""
    monkeypatch.setattr(prepare, "ROOT", str(tmp_path))
    monkeypatch.setattr(prepare, "make_venv", lambda: (tmp_path / ".venv").mkdir(exist_ok=True))
    monkeypatch.setattr(prepare, "pip", lambda lock: None)
    for lock in prepare.INSTALLS:
        (tmp_path / lock).write_text(lock)
    return tmp_path


def refusal(function, *arguments):
    with pytest.raises(prepare.Refusal) as refused:
        function(*arguments)
    return str(refused.value)


def test_it_parses_as_python_3_6():
    ast.parse((ROOT / "prepare.py").read_text(), feature_version=(3, 6))


def test_an_old_python_is_told_the_version_we_need():
    sentence = refusal(prepare.check_python, (3, 10, 4))
    assert sentence.startswith("crisishub needs Python 3.11 or newer and this is 3.10:")
    assert "PYTHON=" in sentence


def test_a_new_python_will_do():
    prepare.check_python((3, 11, 0))
    prepare.check_python((4, 0, 0))


def test_a_python_without_venv_is_told_which_package_brings_it(monkeypatch):
    real = builtins.__import__

    def without_ensurepip(name, *arguments, **options):
        if name == "ensurepip":
            raise ModuleNotFoundError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_ensurepip)
    version = "{}.{}".format(*sys.version_info)
    assert f"apt install python{version}-venv" in refusal(prepare.check_venv)


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_refused_before_anything_else_is_done(taken_port, folder):
    sentence = prepare.main(["--port", str(taken_port)])
    assert sentence.startswith(f"Port {taken_port} is taken by another program:")
    assert "make run PORT=" in sentence
    assert not (folder / "var").exists()


def test_a_port_is_free_again_once_its_server_has_gone(taken_port):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    prepare.check_port(port)


@pytest.mark.parametrize("port", ["-1", "65536", "", "http"])
def test_a_port_that_cannot_be_is_refused(port):
    assert "from 1024 to 65535" in refusal(prepare.check_port, port)


def test_the_command_ends_with_one_sentence_and_no_traceback(taken_port):
    ran = subprocess.run(
        [sys.executable, ROOT / "prepare.py", "--port", str(taken_port)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"Port {taken_port} is taken")
    assert ran.stderr.count("\n") == 1


@pytest.fixture
def without_rights():
    """Root may write everywhere, so the test goes on as somebody else."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        yield
        os.seteuid(0)
    else:
        yield


@pytest.fixture
def sealed_folder(monkeypatch):
    """A folder that everybody may read and nobody may write to."""
    prepare.check_venv()  # Imports what could not be read without rights.
    with tempfile.TemporaryDirectory() as name:
        monkeypatch.setattr(prepare, "ROOT", name)
        shutil.copy(ROOT / "requirements.lock", name)
        Path(name).chmod(0o555)
        yield name
        Path(name).chmod(0o755)


def test_an_old_var_that_cannot_be_written_to_any_more_is_named(folder, monkeypatch):
    assert prepare.main([]) == 0
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert "cannot be written to" in prepare.main([])


def test_a_folder_that_cannot_be_written_to_is_named(sealed_folder, without_rights):
    assert prepare.main([]).startswith(f"The folder {sealed_folder} cannot be written to:")


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        (
            "Retrying after connection broken by 'NewConnectionError'",
            "pip cannot reach the package index",
        ),
        ("HTTPSConnectionPool: Max retries exceeded", "pip cannot reach the package index"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES",
            "is not the one that requirements.lock names",
        ),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("error: something else", ".venv/pip.log says why"),
    ],
)
def test_what_pip_says_becomes_a_sentence(log, sentence):
    assert sentence in prepare.why_pip_failed(log, "requirements.lock")


def test_without_a_network_pip_is_not_blamed(folder, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(prepare, "ROOT", str(folder))
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho \"connection broken by 'NameResolutionError'\"\nexit 1\n")
    python.chmod(0o755)
    assert "check the network connection" in refusal(prepare.pip, "requirements.lock")


def test_a_second_run_installs_nothing(folder, monkeypatch):
    assert prepare.main([]) == 0
    monkeypatch.setattr(prepare, "install", pytest.fail)
    monkeypatch.setattr(prepare, "make_venv", pytest.fail)
    assert prepare.main([]) == 0


def test_a_changed_lock_file_is_installed_into_the_same_venv(folder, monkeypatch):
    assert prepare.main([]) == 0
    monkeypatch.setattr(prepare, "make_venv", pytest.fail)
    installed = []
    monkeypatch.setattr(prepare, "pip", installed.append)
    (folder / "requirements.lock").write_text("changed")
    assert prepare.main([]) == 0
    assert installed == ["requirements.lock"]


def test_what_development_needs_holds_what_running_needs(folder, monkeypatch):
    assert prepare.main(["--dev"]) == 0
    monkeypatch.setattr(prepare, "install", pytest.fail)
    assert prepare.main([]) == 0


def test_a_broken_off_installation_is_begun_again(folder, monkeypatch):
    def interrupted(lock):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "pip", interrupted)
        assert prepare.main([]) == "Stopped; run make again to go on."
    installed = []
    monkeypatch.setattr(prepare, "pip", installed.append)
    assert prepare.main([]) == 0
    assert installed == ["requirements.lock"]


def test_another_python_makes_another_venv(folder, monkeypatch):
    assert prepare.main([]) == 0
    made = []
    monkeypatch.setattr(prepare, "make_venv", lambda: made.append(True))
    monkeypatch.setattr(prepare, "python_stamp", lambda: "3.99 /opt/python")
    assert prepare.main([]) == 0
    assert made


def test_the_first_run_writes_settings_that_only_the_owner_reads(folder):
    assert prepare.main([]) == 0
    env = folder / "var/env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    secret = env.read_text().split("SECRET_KEY=")[1].split("\n")[0]
    assert len(secret) > 50
    assert prepare.main([]) == 0
    assert secret in env.read_text()


def test_a_full_disk_is_named():
    assert prepare.explain(OSError(28, "No space left on device")).startswith("The disk is full")
