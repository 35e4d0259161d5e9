"""Do something for real, look at what came of it, and let it never have happened."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

_rehearsing = ContextVar("rehearsing", default=False)


def is_rehearsing() -> bool:
    """Whether what the database says now will never have happened."""
    return _rehearsing.get()


@contextmanager
def rehearsal():
    """
    An atomic block that always rolls back.

    Templates and querysets must be evaluated inside. Hooks of ``transaction.on_commit`` do not
    run; files that were written stay and are swept (see ``sweep_files``). SQLite is locked for
    other writers meanwhile: be quick.
    """
    with transaction.atomic():
        token = _rehearsing.set(True)
        try:
            yield
        finally:
            _rehearsing.reset(token)
            transaction.set_rollback(True)
