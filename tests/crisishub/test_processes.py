import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from crisishub import processes
from crisishub.processes import Ended, Stop, look_at, running, stoppable, watch

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
PARENT = """
import time
from crisishub.processes import running
with running({"sleeper": ["sleep", "60"]}) as programs:
    print(programs["sleeper"].pid, flush=True)
    time.sleep(60)
"""


def is_alive(pid):
    """Whether the process runs; one that is dead and not yet fetched by its parent does not."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return state.stdout.strip()[:1] not in {"", "Z"}


def wait_for_end(pid):
    deadline = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_programs_end_when_the_block_is_left():
    with running({"one": SLEEP, "two": SLEEP}) as programs:
        assert all(is_alive(program.pid) for program in programs.values())
    assert all(program.returncode == -signal.SIGTERM for program in programs.values())


def test_programs_end_when_one_of_them_cannot_be_started():
    started = []
    real = processes.start

    def remember(command, **options):
        started.append(real(command, **options))
        return started[-1]

    with pytest.MonkeyPatch.context() as patch, pytest.raises(FileNotFoundError):
        patch.setattr(processes, "start", remember)
        with running({"one": SLEEP, "two": ["/nowhere/to/be/found"]}):
            pass
    assert [program.returncode for program in started] == [-signal.SIGTERM]


def test_a_stubborn_program_is_killed_with_all_it_started(monkeypatch):
    monkeypatch.setattr(processes, "GRACE", 0.2)
    command = {"stubborn": [sys.executable, "-c", STUBBORN]}
    with running(command, stdout=subprocess.PIPE, text=True) as programs:
        program = programs["stubborn"]
        grandchild = int(program.stdout.readline())
        program.stdout.close()
    assert program.returncode == -signal.SIGKILL
    assert wait_for_end(grandchild)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(number, request):
    # Whoever runs the tests under nohup has SIGHUP ignored.
    request.addfinalizer(partial(signal.signal, number, signal.getsignal(number)))
    before = signal.default_int_handler
    signal.signal(number, before)
    with pytest.raises(Stop), stoppable(), running({"one": SLEEP}) as programs:
        os.kill(os.getpid(), number)
        watch(programs)
    assert not is_alive(programs["one"].pid)
    assert signal.getsignal(number) == before


def test_under_nohup_a_closed_terminal_stops_nothing():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with stoppable():
        os.kill(os.getpid(), signal.SIGHUP)
    signal.signal(signal.SIGHUP, before)


def test_a_program_that_ends_by_itself_is_named():
    with running({"worker": [sys.executable, "-c", "raise SystemExit(3)"]}) as programs:
        programs["worker"].wait()
        with pytest.raises(Ended, match=r"The worker ended by itself \(exit code 3\)"):
            watch(programs)


def test_a_killed_program_is_named():
    with running({"worker": SLEEP}) as programs:
        programs["worker"].kill()
        programs["worker"].wait()
        with pytest.raises(Ended, match=r"\(signal 9\)"):
            look_at(programs)


def test_programs_end_when_the_parent_is_gone():
    with running({"one": SLEEP}) as programs, pytest.raises(Stop):
        watch(programs, parent=os.getppid() + 1)


@pytest.mark.slow
def test_programs_end_when_their_parent_is_killed_outright():
    """Where the kernel offers it; elsewhere nobody is left to end them."""
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    if sys.platform == "linux":
        assert wait_for_end(pid)
    else:
        os.kill(pid, signal.SIGTERM)
