"""
Makes ready what Django needs before it can be imported: .venv with a lock file installed, var/env.

Called by make. Only the standard library, and no syntax newer than Python 3.6, so that an old
Python gets far enough to say that it is too old. Each failure is one sentence that says what to do.
"""

import argparse
import errno
import hashlib
import os
import re
import secrets
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
OLDEST_PYTHON = (3, 11)

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
# The development lock holds the runtime lock, version for version.
INSTALLS = {RUNTIME: [RUNTIME], DEVELOPMENT: [RUNTIME, DEVELOPMENT]}

NO_NETWORK = re.compile(
    r"connection broken|Max retries|Could not fetch URL|timed out|ConnectionError"
)

ENV = """\
# Settings of this copy of crisishub, one NAME=value a line; docs/operators.md lists them all.
SECRET_KEY={secret}
ALLOWED_HOSTS=127.0.0.1,localhost,[::1]
"""


class Refusal(Exception):
    """Why we cannot start, as one sentence that says what to do."""


def check_python(version=sys.version_info):
    if tuple(version[:2]) < OLDEST_PYTHON:
        raise Refusal(
            "crisishub needs Python {}.{} or newer and this is {}.{}: install a newer one, "
            "or name it with make PYTHON=/path/to/python3.".format(
                *OLDEST_PYTHON + tuple(version[:2])
            )
        )


def check_venv():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Refusal(
            "This Python comes without its venv module: install it "
            "(on Debian and Ubuntu: apt install python{}.{}-venv), then run make again.".format(
                *sys.version_info[:2]
            )
        ) from None


def check_port(port):
    """Raise Refusal unless a server of ours could listen on this port of 127.0.0.1."""
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except (OSError, OverflowError, ValueError) as error:
        why = {
            errno.EADDRINUSE: "is taken by another program: stop that program",
            errno.EACCES: "is kept for the administrator: use a port above 1023",
        }.get(getattr(error, "errno", None), "cannot be listened on: use a port from 1024 to 65535")
        raise Refusal(
            "Port {} {}, or choose another port, as in make run PORT=8001.".format(port, why)
        ) from None
    finally:
        probe.close()


def make_ready(lock):
    """Make .venv hold what the lock file lists, and see to var/env."""
    have = read_stamps()
    if python_stamp() not in have:
        make_venv()
    if not {python_stamp(), lock_stamp(lock)} <= have:
        install(lock)
    write_env()


def python_stamp():
    return "{}.{} {}".format(*sys.version_info[:2], os.path.realpath(sys.executable))


def lock_stamp(lock):
    with open(inside(lock), "rb") as file:
        return "{} {}".format(lock, hashlib.sha256(file.read()).hexdigest())


def read_stamps():
    try:
        with open(inside(".venv", "installed")) as file:
            return set(file.read().splitlines())
    except FileNotFoundError:
        return set()


def write_stamps(lines):
    with open(inside(".venv", "installed"), "w") as file:
        file.write("\n".join(lines) + "\n")


def inside(*parts):
    return os.path.join(ROOT, *parts)


def make_venv():
    check_venv()
    import venv

    print("Making .venv …", flush=True)
    venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(inside(".venv"))


def install(lock):
    """Install the lock file; a broken-off run leaves no stamp, so the next one begins again."""
    print(
        "Installing {} into .venv; this takes about half a minute, once …".format(lock), flush=True
    )
    write_stamps([python_stamp()])
    pip(lock)
    write_stamps([python_stamp()] + [lock_stamp(each) for each in INSTALLS[lock]])


def pip(lock):
    # The lock file is complete, so nothing is left to resolve.
    command = [
        inside(".venv", "bin", "python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
    ]
    options = ["--no-input", "--no-deps", "--require-hashes", "--retries", "2", "-r", inside(lock)]
    with open(inside(".venv", "pip.log"), "w+") as log:
        if subprocess.call(command + options, stdout=log, stderr=subprocess.STDOUT):
            log.seek(0)
            raise Refusal(why_pip_failed(log.read(), lock))


def why_pip_failed(log, lock):
    if "DO NOT MATCH THE HASHES" in log:
        return (
            "A downloaded package is not the one that {} names: "
            "do not use it, and ask whoever runs your package index.".format(lock)
        )
    if "No space left" in log:
        return "The disk is full: make room, then run make again."
    if NO_NETWORK.search(log):
        return (
            "pip cannot reach the package index: check the network connection "
            "(behind a proxy set HTTPS_PROXY, for a mirror PIP_INDEX_URL), then run make again."
        )
    return "pip could not install {}: .venv/pip.log says why.".format(lock)


def write_env():
    """Write var/env unless it is there; only its owner may read it."""
    os.makedirs(inside("var"), exist_ok=True)
    if not os.access(inside("var"), os.W_OK):
        raise OSError(errno.EACCES, "var/ cannot be written to")
    try:
        file = os.open(inside("var", "env"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(file, "w") as env:
        env.write(ENV.format(secret=secrets.token_urlsafe(50)))


def explain(error):
    """One sentence for an error of the file system."""
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            "The folder {} cannot be written to: give yourself the right to, "
            "or copy crisishub to a folder of your own, then run make again.".format(ROOT)
        )
    if error.errno == errno.ENOSPC:
        return "The disk is full: make room, then run make again."
    return "{}: mend that, then run make again.".format(error)


def main(arguments):
    parser = argparse.ArgumentParser(description="Make .venv and var/env ready.")
    parser.add_argument("--dev", action="store_true", help="with what tests and checks need")
    parser.add_argument("--port", help="see whether this port is free")
    options = parser.parse_args(arguments)
    try:
        check_python()
        if options.port is not None:
            check_port(options.port)
        make_ready(DEVELOPMENT if options.dev else RUNTIME)
    except Refusal as refusal:
        return str(refusal)
    except OSError as error:
        return explain(error)
    except subprocess.CalledProcessError:
        return "Python could not make .venv: remove that folder, then run make again."
    except KeyboardInterrupt:
        return "Stopped; run make again to go on."
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
