from editorial.content import Layout
from regions.models import Country, Region

LAYOUTS = [
    Layout(Country, key="alpha2"),
    Layout(
        Region,
        folder="regions",
        fields=(
            "name",
            "parent",
            "position",
            "countries",
            "image",
            "image_ppoi",
            "image_alt",
            "image_credit",
        ),
        text="introduction",
        finish=Region.draw_globe,
    ),
]
