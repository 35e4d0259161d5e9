"""The situations that a history tells of: those that are known, and those that it brings."""

from collections import defaultdict
from itertools import groupby

from django.core.exceptions import ValidationError

from crisiswatch.importing.cells import Cells
from crisiswatch.models import Coverage, Situation
from crisiswatch.months import number_of
from regions.models import Country, Region


class Situations:
    """
    Found by their code, and made where it is new. What is known is never changed by the way: where
    a file says something else, the report notes it.
    """

    def __init__(self, report):
        self.report = report
        everything = Situation.objects.select_related("region").defer("globe", "region__globe")
        self.known = {each.code: each for each in everything.prefetch_related("countries")}
        self.regions = {each.slug: each for each in Region.objects.only("slug", "name")}
        self.countries = {each.alpha3: each for each in Country.objects.all()}
        self.made = []
        self.facts = {
            code: facts_of(each, each.countries.all()) for code, each in self.known.items()
        }

    def of(self, cells) -> Situation | None:
        """The situation of a row of the entries; None where it is wrong."""
        return self.find(cells, cells.needed("situation"), "situation_name")

    def find(self, cells, code, name_column, slug=""):
        countries = cells.codes("countries", self.countries)
        if code and code not in self.known:
            name, region = cells.needed(name_column), cells.one_of("region", self.regions)
            fields = {"code": code, "slug": slug or code, "name": name}
            complete = None not in (name, region, countries)
            self.known[code] = (
                self.make(cells, fields, self.regions[region], countries) if complete else None
            )
        situation = self.known.get(code)
        if situation and countries is not None:
            self.compare(cells, name_column, situation, countries)
        return situation

    def make(self, cells, fields, region, countries):
        situation = Situation(region=region, **fields)
        try:
            situation.full_clean(exclude=["code"])
        except ValidationError as error:
            return cells.invalid(error)  # The code is the slug, unless a table says otherwise.
        situation.save()
        situation.countries.set(countries)
        situation.draw_globe()
        self.made.append(situation)
        self.facts[situation.code] = facts_of(situation, countries)
        self.report.count("situations", "made")
        return situation

    def compare(self, cells, name_column, situation, countries):
        name, region, codes = self.facts[situation.code]
        says = {
            name_column: (cells.text(name_column).strip(), name),
            "region": (cells.text("region").strip(), region),
            "countries": (codes_of(countries), codes),
        }
        for column, (said, is_now) in says.items():
            if said and said != is_now:
                self.report.note(situation.code, column, is_now)

    def read(self, table):
        """Read a table of situations, and then which of them continue which."""
        rows, lines = [Cells(table, row) for row in table], {}
        for cells in rows:
            code = cells.text("code").strip()
            other = lines.setdefault(code, cells.line)
            if code and other != cells.line:
                cells.refuse("code", f"{code} stands in line {other} already.")
                continue
            slug = cells.text("url").rstrip("/").rpartition("/")[2]
            self.find(cells, cells.needed("code"), "name", slug)
        for cells in rows:
            situation = self.known.get(cells.text("code").strip())
            earlier = cells.codes("continues", self.known)
            if situation in self.made and earlier:
                situation.continues.set([each for each in earlier if each])

    def cover(self, months):
        """What was made and has no coverage yet was followed in the months of its entries."""
        newest = max((max(each) for each in months.values()), default=None)
        for situation in self.made:
            if situation in months and not situation.coverage.exists():
                for first, last in stretches(months[situation]):
                    end = None if last == newest else last
                    situation.coverage.create(first_month=first, last_month=end)
                    self.report.count("coverage", "made")


class Coverages:
    """From a table of its own."""

    def __init__(self, situations, report, *, replace):
        self.situations, self.report, self.replace = situations, report, replace

    def read(self, table):
        said = defaultdict(list)
        for row in table:
            cells = Cells(table, row)
            code = cells.one_of("situation", self.situations.known)
            coverage = Coverage(
                level=cells.one_of("level", Coverage.Level.values) or "",
                first_month=cells.month("first_month"),
                last_month=cells.month("last_month", needed=False),
            )
            if not cells.wrong and self.fits(cells, coverage, said[code]):
                said[code].append((cells, coverage))
        for code, pairs in said.items():
            if pairs and self.situations.known[code]:
                self.save(self.situations.known[code], pairs)

    def fits(self, cells, coverage, others):
        if coverage.last_month and coverage.last_month < coverage.first_month:
            cells.refuse("last_month", "it lies before the first one.")
        for other, taken in others:
            if coverage.overlaps(taken):
                cells.refuse("first_month", f"this time is covered already, in line {other.line}.")
        return not cells.wrong

    def save(self, situation, pairs):
        wanted = sorted(as_tuple(coverage) for _cells, coverage in pairs)
        now = sorted(map(as_tuple, situation.coverage.all()))
        fate = "changed" if now else "made"
        if wanted == now:
            self.report.count("coverage", "untouched", len(now))
        elif now and not self.replace:
            is_now = ", ".join(map(str, situation.coverage.all()))
            pairs[0][0].refuse("first_month", f"the site says: {is_now} (see --replace).")
        else:
            situation.coverage.all().delete()
            for _cells, coverage in pairs:
                coverage.situation = situation
                coverage.save()
            self.report.count("coverage", fate, len(pairs))


def as_tuple(coverage):
    return (coverage.first_month, coverage.level, str(coverage.last_month))


def facts_of(situation, countries):
    return situation.name, situation.region.slug, codes_of(countries)


def codes_of(countries):
    return " ".join(sorted(country.alpha3 for country in countries))


def stretches(months):
    """Yield the first and the last of months that follow each other without a gap."""
    numbered = enumerate(sorted(months))
    for _key, run in groupby(numbered, key=lambda pair: number_of(pair[1]) - pair[0]):
        together = [month for _number, month in run]
        yield together[0], together[-1]
