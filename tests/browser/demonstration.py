"""
``python -m tests.browser.demonstration`` makes the demonstration ready in VAR_DIR, as ``manage.py
serve`` would. Where another process of the test run is at it, or has done it, it waits for that.
"""

import fcntl

import django
from django.conf import settings

from crisishub import demo


def make_ready_once():
    made = settings.VAR_DIR / "made"
    with (settings.VAR_DIR / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            django.setup()
            demo.make_ready(print)
            made.touch()


if __name__ == "__main__":
    make_ready_once()
