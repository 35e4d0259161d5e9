import http.client
import os
import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crisishub import demo
from crisishub.processes import Ended, Stop, look_at, running, stoppable, watch
from prepare import Refusal, check_port

HOST = "127.0.0.1"
PATIENCE = 60  # Seconds until the server must have answered.

READY = """
crisishub is ready.

  Site      {address}/
  Admin     {address}/{admin}
  User      {user}
  Password  {password}
  Mails     {mails} (make demo-mail prints them)

Ctrl-C stops it.
"""


class Command(BaseCommand):
    help = "The demonstration: makes everything ready, then runs the web server and the worker."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--dev", action="store_true", help="take up each change of the code")
        parser.add_argument("--with-parent", action="store_true", help="end when the parent does")

    def handle(self, *, port, dev, with_parent, **options):
        parent = os.getppid() if with_parent else None
        try:
            check_port(port)
            with stoppable():
                demo.make_ready(self.say, static=not dev)
                with running(
                    commands(port, dev), cwd=settings.BASE_DIR, env=environment(port)
                ) as programs:
                    self.welcome(programs, port)
                    watch(programs, parent)
        except (Refusal, Ended) as reason:
            raise CommandError(reason) from None
        except Stop:
            self.say("\nStopped.")

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()  # The reader may be a pipe, and waits.

    def welcome(self, programs, port):
        password = demo.editor_password()
        wait_for_answer(programs, port)
        self.say(
            READY.format(
                address=f"http://{HOST}:{port}",
                admin=settings.ADMIN_PATH,
                user=demo.EDITOR,
                password=password,
                mails=settings.EMAIL_FILE_PATH or "are sent",
            )
        )


def commands(port, dev):
    manage = [sys.executable, "manage.py"]
    server = [*manage, "runserver", f"{HOST}:{port}"] if dev else granian(port)
    return {
        "web server": server,
        "worker": [*manage, "db_worker", "--skip-checks", "--no-startup-delay"],
    }


def granian(port):
    """
    Two workers, and threads rather than a queue in front of each of them. A worker that dies ends
    the server, and with it everything: in a demonstration an error should be seen.
    """
    return [
        *[sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"],
        *["--host", HOST, "--port", str(port), "--workers", "2", "--blocking-threads", "4"],
        *["--workers-kill-timeout", "5", "--log-level", "warning", "crisishub.wsgi:application"],
    ]


def environment(port):
    return {"SITE_URL": f"http://{HOST}:{port}", **os.environ}


def wait_for_answer(programs, port):
    """Wait until the server answers a request, whatever it says."""
    deadline = time.monotonic() + PATIENCE
    while not answers(port):
        look_at(programs)
        if time.monotonic() > deadline:
            raise Ended(f"The web server did not answer within {PATIENCE} seconds.")
        time.sleep(0.1)


def answers(port):
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return bool(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
