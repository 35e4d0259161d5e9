"""Do something for real, look at what came of it, and let it never have happened."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def rehearsal():
    """
    An atomic block that always rolls back.

    Templates and querysets must be evaluated inside. Hooks of ``transaction.on_commit`` do not
    run; files that were written stay and are swept (see ``sweep_files``). SQLite is locked for
    other writers meanwhile: be quick.
    """
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
