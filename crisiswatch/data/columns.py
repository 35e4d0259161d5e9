"""The columns of the tables, as the codebook and the Table Schema (Frictionless) say them."""

from dataclasses import dataclass, field

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


@dataclass(frozen=True)
class Column:
    """
    ``type`` and ``format`` are those of the Table Schema; ``rules`` its constraints. ``values``
    says what each of the possible values means.
    """

    name: str
    description: str
    type: str = "string"
    format: str = "default"
    rules: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    example: str = ""

    def descriptor(self) -> dict:
        """The field descriptor of the Table Schema."""
        said = {"name": self.name, "type": self.type, "description": str(self.description)}
        if self.format != "default":
            said["format"] = self.format
        if self.type == "boolean":
            said |= {"trueValues": ["true"], "falseValues": ["false"]}
        rules = dict(self.rules)
        if self.values:
            rules["enum"] = list(self.values)
        return said | ({"constraints": rules} if rules else {})


NEEDED = {"required": True}
MONTHLY = {"required": True, "pattern": MONTH}
CODES = _("Several stand side by side with a space between them.")

ENTRIES = (
    Column(
        "month",
        _("The month that the entry is about, as year and month (ISO 8601)."),
        rules=MONTHLY,
        example="2024-06",
    ),
    Column(
        "situation",
        _("The code of the situation. It never changes, whatever the situation is called later."),
        rules=NEEDED,
        example="korean-peninsula",
    ),
    Column(
        "situation_name",
        _("What the situation was called when the month was last written."),
        rules=NEEDED,
        example="Korean Peninsula",
    ),
    Column("region", _("The code of its region."), example="north-east-asia"),
    Column("region_name", _("The name of its region."), example="North East Asia"),
    Column(
        "countries",
        format_lazy("{} {}", _("The countries concerned, as ISO 3166-1 alpha-3 codes."), CODES),
        rules={"pattern": r"^([A-Z]{3}( [A-Z]{3})*)?$"},
        example="KOR PRK",
    ),
    Column(
        "m49",
        format_lazy(
            "{} {}",
            _(
                "The same countries in the same order, as UN M49 codes. A place without such a "
                "code (Kosovo) stands last among the countries, and not here."
            ),
            CODES,
        ),
        rules={"pattern": r"^([0-9]{3}( [0-9]{3})*)?$"},
        example="410 408",
    ),
    Column(
        "trend",
        _("How the situation went during the month."),
        rules=NEEDED,
        values={
            "deteriorated": _("It deteriorated."),
            "unchanged": _("It was followed, and neither deteriorated nor improved."),
            "improved": _("It improved."),
        },
        example="unchanged",
    ),
    Column(
        "conflict_risk_alert",
        _("Whether we warned that conflict might break out or become much worse."),
        type="boolean",
        rules=NEEDED,
        example="false",
    ),
    Column(
        "resolution_opportunity",
        _("Whether we saw a chance of settling the conflict. Both alerts may be set."),
        type="boolean",
        rules=NEEDED,
        example="false",
    ),
    Column("lead", _("The month in one sentence. The oldest entries have none.")),
    Column(
        "text",
        _(
            "The developments, with an empty line between two of them. The lead sentence of each "
            "stands between pairs of asterisks."
        ),
    ),
    Column("url", _("The page of the entry."), format="uri", rules=NEEDED),
)

EDITIONS = (
    Column("month", _("The month that the edition is about."), rules=MONTHLY, example="2024-06"),
    Column(
        "published_at",
        _("When readers got it (ISO 8601, in UTC)."),
        type="datetime",
        rules=NEEDED,
        example="2024-07-01T10:00:00Z",
    ),
    Column(
        "version",
        _("How many times the entries of this month have been written: 1, or more once corrected."),
        type="integer",
        rules=NEEDED,
        example="1",
    ),
    Column("entries", _("How many entries it has."), type="integer", rules=NEEDED, example="75"),
    Column("overview", _("The global overview of the month, as Markdown (CommonMark).")),
    Column("url", _("Its page."), format="uri", rules=NEEDED),
)

CORRECTIONS = (
    Column("month", _("The month of the edition that was corrected."), rules=MONTHLY),
    Column("corrected_on", _("The day of the correction."), type="date", rules=NEEDED),
    Column("situation", _("The code of the situation; empty if the whole month is meant.")),
    Column("text", _("What was wrong, and what is right."), rules=NEEDED),
)

SITUATIONS = (
    Column(
        "code",
        _("The lasting name of the situation in these files."),
        rules={"required": True, "unique": True},
        example="korean-peninsula",
    ),
    Column(
        "name",
        _("What it was called when the version was written."),
        rules=NEEDED,
        example="Korean Peninsula",
    ),
    Column("region", _("The code of its region."), example="north-east-asia"),
    Column("region_name", _("The name of its region."), example="North East Asia"),
    Column("countries", _("As in the entries."), example="KOR PRK"),
    Column("m49", _("As in the entries."), example="410 408"),
    Column(
        "continues",
        format_lazy(
            "{} {}",
            _(
                "The codes of the situations that it continues: one was split, or several were "
                "joined."
            ),
            CODES,
        ),
    ),
    Column("url", _("Its page; empty as long as it has no entry."), format="uri"),
)

COVERAGE = (
    Column("situation", _("The code of the situation."), rules=NEEDED, example="korean-peninsula"),
    Column(
        "level",
        _(
            "How it was followed. A month that no row covers was not followed: that is not "
            "“unchanged”."
        ),
        rules=NEEDED,
        values={
            "monitored": _("It has an entry every month."),
            "standby": _("It is watched, and has an entry only when something happens."),
        },
        example="monitored",
    ),
    Column("first_month", _("From which month on."), rules=MONTHLY, example="2003-09"),
    Column(
        "last_month",
        _("Until which month; empty as long as it goes on."),
        rules={"pattern": MONTH},
        example="",
    ),
)

COUNTRIES = (
    Column(
        "alpha3",
        _("The ISO 3166-1 alpha-3 code; XKX, which is not one, stands for Kosovo."),
        rules={"required": True, "unique": True, "pattern": "^[A-Z]{3}$"},
        example="PRK",
    ),
    Column("alpha2", _("The ISO 3166-1 alpha-2 code."), rules=NEEDED, example="KP"),
    Column("m49", _("The UN M49 code."), rules={"pattern": "^[0-9]{3}$"}, example="408"),
    Column("name", _("Its name in English."), rules=NEEDED, example="North Korea"),
)
