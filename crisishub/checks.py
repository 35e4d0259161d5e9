from django.core.checks import Warning as CheckWarning
from django.db import connection
from django.db.backends.sqlite3.base import Database

SAFE_SQLITE = (3, 51, 3)


def sqlite_does_not_corrupt(app_configs, **kwargs):
    """SQLite before 3.51.3 can corrupt a WAL database that has two writers."""
    if connection.vendor != "sqlite" or Database.sqlite_version_info >= SAFE_SQLITE:
        return []
    return [
        CheckWarning(
            f"SQLite {Database.sqlite_version} can corrupt the database when two processes write.",
            hint="Install pysqlite3 (pip install pysqlite3), or use PostgreSQL (DATABASE_URL).",
            id="crisishub.W001",
        )
    ]
