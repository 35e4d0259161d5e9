"""
The hall: settings, addresses, the home page.

SQLite before 3.51.3 can corrupt a WAL database with two writers, and system Pythons link older
ones. Where the ``pysqlite3`` wheel is installed it stands in before Django loads.
"""

import sys

try:
    import pysqlite3
except ImportError:  # No wheel for this platform; ``crisishub.checks`` looks at what is left.
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
