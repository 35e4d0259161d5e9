from editorial.content import Layout
from people.models import Appointment, Outlet, Person, Quote

APPOINTMENTS = Layout(
    Appointment,
    fields=("title", "region", "started_on", "ended_on", "is_primary", "position"),
    order=("started_on", "pk"),
)

LAYOUTS = [
    Layout(Outlet, folder="outlets", fields=("name", "url")),
    Layout(
        Person,
        folder="people",
        fields=(
            "name",
            "sort_name",
            "portrait",
            "portrait_ppoi",
            "portrait_alt",
            "portrait_credit",
            "contact",
        ),
        text="biography",
        rows={"appointments": APPOINTMENTS},
    ),
    Layout(
        Quote,
        folder="quotes",
        fields=(
            "language",
            "said_on",
            "speaker",
            "speaker_title",
            "outlet",
            "source_url",
            "regions",
        ),
        text="text",
    ),
]
