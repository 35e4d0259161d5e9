"""A version in the making: the parts that differ from those that stand, and the files they make."""

import hashlib
import zlib

from django.db.models import Max

from crisiswatch.data import lines, members, papers, telling
from crisiswatch.data.rows import record_of, row_of, with_all
from crisiswatch.data.tables import (
    TABLES,
    correction_rows,
    country_rows,
    coverage_rows,
    edition_row,
    situation_rows,
)
from crisiswatch.models.data import MONTHLY, DataFile, DataPart, DataVersion
from editorial.models import Event

PACKAGE = "datapackage.json"
# In the order in which they are offered; the package follows.
FILES = (
    *MONTHLY,
    "situations.csv",
    "coverage.csv",
    "countries.csv",
    papers.SCHEMA,
    "codebook.md",
    "CITATION.cff",
)
OF_A_MONTH = ("entries.csv", "entries.jsonl")
NOTHING = hashlib.sha256().hexdigest()


class Making:
    """Inside ``clock.as_of`` the moment of the version: it asks what is public then."""

    def __init__(self):
        self.last = DataVersion.objects.aggregate(last=Max("number"))["last"] or 0
        self.number = self.last + 1
        self.parts = []
        self.changes = []

    # What differs

    def gather(self, editions):
        """Look at the editions that may have changed, and at those that came and went unnamed."""
        every = editions.model.objects.public().order_by("month")
        public = {f"{month:%Y-%m}": pk for month, pk in every.values_list("month", "pk")}
        there = DataPart.objects.filter(name="editions.csv", rows__gt=0).newest(self.last)
        there = set(there.values_list("month", flat=True))
        asked = set(editions.values_list("pk", flat=True))
        wanted = {month for month, pk in public.items() if month not in there or pk in asked}
        self.look_at("")
        if self.heads() and there:
            wanted = public.keys()  # The columns are not what they were.
        gone = there - public.keys()
        self.look_at("", *wanted, *gone)
        for edition in every.filter(pk__in=[public[month] for month in wanted]):
            self.edition(edition)
        for month in sorted(gone):
            self.withdrawn(month)
        self.latest = every.aggregate(month=Max("month"))["month"]
        moments = every.values_list("month", "publish_at")
        self.moments = {f"{month:%Y-%m}": moment for month, moment in moments}
        self.moments[""] = max(self.moments.values(), default=None)

    def look_at(self, *months):
        """Learn which parts stand in these months."""
        stand = DataPart.objects.filter(month__in=months).newest(self.last).defer("content")
        self.standing = {(part.name, part.month): part for part in stand}

    def add(self, name, month, plain: bytes, rows: int) -> bool:
        """Take a part, unless the one that stands says the same; tell whether it was taken."""
        sha256 = hashlib.sha256(plain).hexdigest()
        stands = self.standing.get((name, month))
        if sha256 == (stands.sha256 if stands else NOTHING):
            return False
        content = members.packed(plain)
        self.parts.append(
            DataPart(
                version_id=self.number,
                month=month,
                name=name,
                rows=rows,
                size=len(plain),
                crc=zlib.crc32(plain),
                sha256=sha256,
                length=len(content),
                content=content,
            )
        )
        return True

    def heads(self) -> bool:
        """The lines with the names of the columns; tells whether one is new."""
        tables = [name for name in MONTHLY if name in TABLES]
        new = [self.add(name, "", lines.head(TABLES[name]), 0) for name in tables]
        return any(new)

    def edition(self, edition):
        month = f"{edition.month:%Y-%m}"
        entries = with_all(edition.entries.order_by("situation__code"))
        rows = [row_of(entry) for entry in entries]
        records = [record_of(entry, row) for entry, row in zip(entries, rows, strict=True)]
        notes = correction_rows(edition)
        changed = [
            self.add("entries.csv", month, lines.csv_of(rows), len(rows)),
            self.add("entries.jsonl", month, lines.jsonl_of(records), len(rows)),
            self.add("corrections.csv", month, lines.csv_of(notes), len(notes)),
        ]
        number = self.numbers_of(month) + any(changed[:2])
        line = lines.csv_of([edition_row(edition, len(rows), number)])
        if any([*changed, self.add("editions.csv", month, line, 1)]):
            before = self.standing.get(("editions.csv", month))
            was = self.records_now(month) if before and before.rows else None
            said = notes[-1:] if changed[2] else []
            self.changes.append(telling.change(month, was, records, said))

    def withdrawn(self, month):
        for name in MONTHLY:
            self.add(name, month, b"", 0)
        self.changes.append(telling.withdrawal(month))

    def numbers_of(self, month) -> int:
        """The newest version that a month counts by itself."""
        files = DataFile.objects.filter(month=month)
        return files.aggregate(last=Max("number"))["last"] or 0

    def records_now(self, month) -> list[dict]:
        part = self.standing.get(("entries.jsonl", month))
        return lines.records_in(b"".join(members.unpacked([bytes(part.content)]))) if part else []

    # Keeping it

    def keep(self, moment, now, reason, said) -> DataVersion:
        """Write the version with its parts and files."""
        version = DataVersion.objects.create(
            number=self.number,
            public_at=moment,
            made_at=now,
            made_after=Event.objects.aggregate(last=Max("pk"))["last"] or 0,
            reason=reason or telling.reason(self.changes),
            said=said or telling.sentences(self.changes),
        )
        months = sorted({part.month for part in self.parts if part.name in OF_A_MONTH} - {""})
        self.whole_files(moment)
        changed = {part.name for part in self.parts}
        DataPart.objects.bulk_create(self.parts, batch_size=50)
        shared = {file.name: file for file in DataFile.objects.filter(month="", number=self.last)}
        files = [
            self.measured(name)
            if name in changed or name not in shared
            else self.again(shared[name])
            for name in FILES
        ]
        schema = papers.address(self.number, papers.SCHEMA)
        described = papers.package(files, version=self.number, created=moment, schema=schema)
        files.append(self.described("", self.number, described))
        for month in months:
            files += self.files_of(month, moment, schema)
        DataFile.objects.bulk_create(files)
        return version

    def whole_files(self, moment):
        """What stands as a whole in each version; of the papers, those that can change."""
        for name, rows in {
            "situations.csv": situation_rows(self.latest),
            "coverage.csv": coverage_rows(self.latest),
            "countries.csv": country_rows(),
        }.items():
            self.add(name, "", lines.head(TABLES[name]) + lines.csv_of(rows), len(rows))
        self.add(papers.SCHEMA, "", papers.json_schema(), 0)
        self.add("codebook.md", "", papers.codebook(), 0)
        self.add("CITATION.cff", "", papers.citation(self.number, moment), 0)

    def files_of(self, month, moment, schema):
        number = self.numbers_of(month) + 1
        files = [self.measured(name, month, number) for name in OF_A_MONTH]
        about = {"version": number, "created": moment, "schema": schema, "month": month}
        said = papers.package(files, **about)
        return [*files, self.described(month, number, said)]

    def described(self, month, number, package: bytes) -> DataFile:
        """The file that describes the others, once they are known."""
        self.parts = []
        self.add(PACKAGE, month, package, 0)
        DataPart.objects.bulk_create(self.parts)
        return self.measured(PACKAGE, month, number)

    def measured(self, name, month="", number=None) -> DataFile:
        """The facts about a file: those of its parts put together, and the hash of its bytes."""
        file = DataFile(
            version_id=self.number,
            month=month,
            number=number or self.number,
            name=name,
            newest_at=self.moments.get(month),
        )
        file.rows, file.size, file.length, file.crc = 0, 0, members.AROUND, 0
        whole = hashlib.sha256(members.HEAD)
        for rows, size, crc, content in file.parts().read("rows", "size", "crc", "content"):
            file.rows += rows
            file.size += size
            file.length += len(content)
            file.crc = members.moved_on(file.crc, size) ^ crc
            whole.update(content)
        whole.update(members.end(file.crc, file.size))
        file.sha256 = whole.hexdigest()
        return file

    def again(self, file) -> DataFile:
        """A file of the version before, in which nothing has changed."""
        file.pk, file.version_id, file.number = None, self.number, self.number
        file.newest_at = self.moments[""]
        return file
