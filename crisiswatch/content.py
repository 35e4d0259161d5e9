from crisiswatch.models import Correction, Coverage, Development, Edition, Entry, Situation
from editorial.content import Layout

DEVELOPMENTS = Layout(Development, fields=("lead_sentence", "body"))
ENTRIES = Layout(
    Entry,
    fields=("situation", "trend", "risk_alert", "resolution_opportunity", "lead"),
    rows={"developments": DEVELOPMENTS},
    order=("situation__slug",),
    row_key="situation",
)
COVERAGE = Layout(
    Coverage, fields=("level", "first_month", "last_month"), order=("first_month", "pk")
)
CORRECTIONS = Layout(
    Correction,
    fields=("situation", "corrected_on", "text"),
    order=("corrected_on", "pk"),
    permanent=True,
)

LAYOUTS = [
    Layout(
        Situation,
        folder="situations",
        fields=("name", "region", "countries", "continues"),
        rows={"coverage": COVERAGE},
        finish=Situation.draw_globe,
    ),
    Layout(
        Edition,
        folder="editions",
        key="month",
        text="overview",
        rows={"entries": ENTRIES, "corrections": CORRECTIONS},
    ),
]
