"""
A SQLite database with all migrations, kept from one run to the next: to migrate takes seconds.

It is made anew as soon as a migration, or what one of them reads, is not what it was.
"""

import hashlib
import os
import shutil
from pathlib import Path

import django
from django.apps import apps
from django.db import connection


def what_it_is_made_of():
    yield django.__version__.encode()
    for app in apps.get_app_configs():
        folder = Path(app.path)
        for file in sorted([*folder.glob("migrations/*.py"), *folder.glob("data/*.json")]):
            yield file.read_bytes()


def kept_in(folder: Path) -> Path:
    """Where the database that is made of what there is now is kept, or will be."""
    made_of = hashlib.sha256(b"\0".join(what_it_is_made_of())).hexdigest()
    return folder / f"{made_of[:16]}.sqlite3"


def take(kept: Path) -> bool:
    """Begin the database of the tests with what is kept. Says whether there was something."""
    try:
        shutil.copyfile(kept, connection.settings_dict["TEST"]["NAME"])
    except FileNotFoundError:
        return False
    return True


def keep(kept: Path):
    """Keep the database of the tests as it is, and none from before."""
    for old in kept.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    new = kept.with_suffix(f".{os.getpid()}")  # Another worker may do the same.
    connection.cursor().execute("VACUUM INTO %s", [str(new)])
    new.replace(kept)
