"""The corrections of a history: they stand beside the editions that they are of."""

from collections import defaultdict

from django.core.exceptions import ValidationError

from crisiswatch.importing.cells import Cells
from crisiswatch.models import Correction


class Corrections:
    """What a table says, by month. What readers have been told stays: there are only new ones."""

    def __init__(self, situations, report):
        self.situations, self.report = situations, report
        self.said = defaultdict(list)

    def read(self, table):
        for row in table:
            cells = Cells(table, row)
            month, code = cells.month("month"), cells.text("situation").strip()
            if code and code not in self.situations.known:
                cells.unknown("situation", code, self.situations.known)
            try:
                corrected_on = Correction._meta.get_field("corrected_on").clean(
                    cells.text("corrected_on").strip(), None
                )
            except ValidationError as error:
                cells.invalid(error, "corrected_on")
            if cells.needed("text") and not cells.wrong:
                situation = self.situations.known.get(code)
                facts = {"corrected_on": corrected_on, "situation": situation}
                self.said[month].append(facts | {"text": cells.text("text")})

    def add(self, edition):
        """To an edition that this import makes."""
        for facts in self.said[edition.month]:
            Correction.objects.create(edition=edition, **facts)
        self.report.count("corrections", "made", len(self.said[edition.month]))

    def new_in(self, edition) -> list[dict]:
        """Those that an edition of before does not have, as rows of a snapshot without a key."""
        there = {
            (each.corrected_on, each.situation_id, each.text) for each in edition.corrections.all()
        }
        said = [
            {**facts, "situation": facts["situation"] and facts["situation"].pk}
            for facts in self.said[edition.month]
        ]
        return [
            {**facts, "corrected_on": facts["corrected_on"].isoformat()}
            for facts in said
            if (facts["corrected_on"], facts["situation"], facts["text"]) not in there
        ]
