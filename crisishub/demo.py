"""
Makes the demonstration ready: messages, static files, database, content and an editor.

Each step looks first whether there is something to do, so a second start costs little.
"""

import hashlib
import os
import secrets
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from crisishub.messages import compile_messages

EDITOR = "editor"


def make_ready(say, static=True):
    compile_messages()
    if static:
        collect_static(say)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("sync_roles", verbosity=0)
    if not apps.get_model("regions.Region").objects.exists():
        say("Loading the demonstration content …")
        call_command("import_content", settings.BASE_DIR / "demo")
        call_command("build_search", verbosity=0)
    if not editors().exists():
        make_editor()


def collect_static(say):
    """Collect the static files when one of them, or the way they are stored, has changed."""
    stamp = settings.VAR_DIR / "static.stamp"
    state = static_state()
    if stamp.is_file() and stamp.read_text() == state and settings.STATIC_ROOT.is_dir():
        return
    say("Collecting and compressing the static files …")
    call_command("collectstatic", clear=True, interactive=False, verbosity=0)
    stamp.write_text(state)


def static_state():
    """A digest of all static files and of the way they are stored."""
    state = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            content = Path(storage.path(name)).read_bytes()
            state.update(f"\n{name} {len(content)} ".encode() + content)
    return state.hexdigest()


def password_file():
    return settings.VAR_DIR / "password.txt"


def editors():
    return get_user_model().objects.filter(username=EDITOR)


def make_editor():
    """Make the editor, with a random password that only the owner of var/ can read."""
    password = secrets.token_urlsafe(12)
    file = os.open(password_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w") as kept:
        kept.write(password + "\n")
    get_user_model().objects.create_superuser(EDITOR, password=password)


def editor_password():
    """What to print as the password; nothing of it is known once the editor has chosen another."""
    kept = password_file().read_text().strip() if password_file().is_file() else ""
    if editors().get().check_password(kept):
        return f"{kept} (kept in {os.path.relpath(password_file())})"
    return "the one you chose"
