from django.core.files.uploadhandler import TemporaryFileUploadHandler

from editorial.attaching import MEGABYTES
from editorial.files import MEGABYTE


class NoMoreThanWeTake(TemporaryFileUploadHandler):
    """
    Lets what is beyond the largest file we take run into nothing.

    The form then has a file with the size that it had and no more than its beginning, so that it
    says what is wrong and keeps what was typed; the disk keeps its room.
    """

    most = MEGABYTES * MEGABYTE

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) <= self.most:
            super().receive_data_chunk(raw_data, start)
