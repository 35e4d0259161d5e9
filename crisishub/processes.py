"""
Runs a few programs under one parent: they live together and end together.

Each program leads a process group of its own, so that Ctrl-C in the terminal reaches the parent
only, and so that nothing that a program has started outlives it.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import contextmanager, suppress

GRACE = 10  # Seconds that a program has for ending by itself.
GLANCE = 0.2  # Seconds between two looks at the programs.
PR_SET_PDEATHSIG = 1  # prctl(2): the signal a process gets when its parent dies.

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Stop(BaseException):
    """Somebody asked us to stop."""


class Ended(Exception):
    """A program ended by itself; says which one and how."""


@contextmanager
def stoppable():
    """Inside, SIGINT, SIGTERM and SIGHUP raise Stop, once; SIGHUP stays ignored under nohup."""

    def stop(number, frame):
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise Stop

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def running(commands: Mapping[str, Sequence[str]], **options):
    """
    Start the named programs, give them to the block, and end them all when it is left.

    ``options`` go to ``subprocess.Popen``.
    """
    programs = {}
    try:
        for name, command in commands.items():
            programs[name] = start(command, **options)
        yield programs
    finally:
        end(programs.values())


def start(command, **options):
    # No thread of ours runs yet, so a function between fork and exec is safe.
    return subprocess.Popen(
        command,
        start_new_session=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509
        **options,
    )


def end_with_parent():
    """On Linux, have the kernel stop this program should its parent be killed outright."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end(programs):
    """Ask the programs to end, wait, and kill whatever is left of their process groups."""
    for program in programs:
        program.terminate()
    deadline = time.monotonic() + GRACE
    for program in programs:
        with suppress(subprocess.TimeoutExpired):
            program.wait(max(0, deadline - time.monotonic()))
        kill_group(program)
        program.wait()


def kill_group(program):
    with suppress(ProcessLookupError):  # Nothing was left.
        os.killpg(program.pid, signal.SIGKILL)


def watch(programs, parent=None):
    """Wait until a program ends (raises Ended) or the process ``parent`` is gone (raises Stop)."""
    while True:
        look_at(programs)
        if parent and os.getppid() != parent:
            raise Stop
        time.sleep(GLANCE)


def look_at(programs):
    """Raise Ended when one of the programs has."""
    for name, program in programs.items():
        code = program.poll()
        if code is not None:
            raise Ended(f"The {name} ended by itself ({ending(code)}), so everything was stopped.")


def ending(code):
    return f"signal {-code}" if code < 0 else f"exit code {code}"
