"""What the cells of a row mean."""

import datetime
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from crisiswatch.months import parse_month

FLAGS = {"true": True, "false": False, "": False}


class Cells:
    """
    A row, and how it is read. What is wrong is said, and counted in ``wrong``; the value is then
    None.
    """

    def __init__(self, table, row):
        self.table, self.line, self.cells = table, row.line, row.cells
        self.wrong = 0

    def refuse(self, name, sentence):
        self.wrong += 1
        self.table.problem(self.line, name, sentence)

    def invalid(self, error: ValidationError, name="file"):
        """Say what the model says of its fields, each under the name of its column."""
        if hasattr(error, "error_dict"):
            for field, sentences in error.message_dict.items():
                self.invalid(ValidationError(sentences), "file" if field == "__all__" else field)
        else:
            for sentence in error.messages:
                self.refuse(name, sentence)

    def text(self, name) -> str:
        return self.cells.get(name, "")

    def needed(self, name) -> str | None:
        """The text without the spaces around it."""
        text = self.text(name).strip()
        if not text:
            self.refuse(name, "this is needed.")
        return text or None

    def month(self, name, *, needed=True) -> datetime.date | None:
        text = self.needed(name) if needed else self.text(name).strip()
        try:
            return parse_month(text)
        except ValidationError as error:
            return self.invalid(error, name)

    def moment(self, name) -> datetime.datetime | None:
        """A moment with its time zone (ISO 8601); None if there is none."""
        text = self.text(name).strip()
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if text and (moment is None or moment.tzinfo is None):
            self.refuse(name, f"“{text[:50]}” is no moment such as 2024-07-01T09:00:00Z.")
            return None
        return moment

    def one_of(self, name, known) -> str | None:
        text = self.needed(name)
        if text is None or text in known:
            return text
        return self.unknown(name, text, known)

    def unknown(self, name, text, known):
        near = get_close_matches(text, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known)[:12])}."
        self.refuse(name, f"“{text[:50]}” is unknown; {hint}")

    def flag(self, name) -> bool | None:
        """Spreadsheets write TRUE where they read true."""
        text = self.text(name).strip()
        if text.lower() not in FLAGS:
            return self.refuse(name, f"“{text[:50]}” is neither true nor false.")
        return FLAGS[text.lower()]

    def codes(self, name, known: dict) -> list | None:
        """What the codes in a cell stand for, in their order."""
        codes = self.text(name).split()
        for code in codes:
            if code not in known:
                self.unknown(name, code, known)
        return None if any(code not in known for code in codes) else [known[code] for code in codes]
