"""Files are as public as what they belong to, and named after their content."""

import hashlib
import os
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import NamedTemporaryFile

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024


def sha256(content) -> str:
    """Return the hexadecimal SHA-256 of a Django file and rewind it."""
    digest = hashlib.sha256()
    content.seek(0)
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


class HashedStorage(FileSystemStorage):
    """
    Keeps ``people/person/portrait/<anything>.jpg`` as ``…/portrait/<hash of its bytes>.jpg``.

    The folder names the owner (application, model, field); ``editorial.media`` relies on it.
    Renditions (``__processed__/``) keep the name that they are given.
    """

    def save(self, name, content, max_length=None):
        path = PurePosixPath(name)
        if path.parts[0] != "__processed__":
            name = str(path.with_name(sha256(content)[:24] + path.suffix.lower()))
            if self.exists(name):
                Path(self.path(name)).touch()  # It is wanted again: no sweep takes it for old.
                return name
            return self.keep(name, content)
        return super().save(name, content, max_length)

    def keep(self, name, content) -> str:
        """Write a file as a whole: whoever reads meanwhile gets all of it or none."""
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as half:
            try:
                copyfileobj(content, half, 1024 * 1024)
                half.flush()
                os.fsync(half)
                Path(half.name).chmod(self.file_permissions_mode or 0o644)
                Path(half.name).replace(path)
            except BaseException:
                Path(half.name).unlink()
                raise
        return name


@deconstructible
class SmallerThan:
    """Refuses an upload of more than ``megabytes``."""

    message = _("This file has %(size).1f MB; the limit is %(limit)d MB. Make it smaller.")

    def __init__(self, megabytes):
        self.megabytes = megabytes

    def __call__(self, value):
        if value.size > self.megabytes * MEGABYTE:
            params = {"size": value.size / MEGABYTE, "limit": self.megabytes}
            raise ValidationError(self.message, params=params)

    def __eq__(self, other):
        return isinstance(other, SmallerThan) and self.megabytes == other.megabytes

    def __hash__(self):
        return hash(self.megabytes)
