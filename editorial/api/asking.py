"""What programs may ask: the parameters that all collections share, and how values are written."""

import datetime
import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from editorial.api.problems import Refused, Wrong

MOST = 100
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("This is neither true nor false.")
    return value == "true"


def read_count(value) -> int:
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,6}", value):
        raise ValueError("This is not a whole number.")
    return int(value)


def read_day(value: str) -> datetime.date:
    """Raises ``ValueError`` for anything but a day as ISO 8601 has it, such as 2024-06-01."""
    if not DAY.fullmatch(value):
        raise ValueError("This is not a day.")
    return datetime.date.fromisoformat(value)


Flag = Annotated[bool, BeforeValidator(read_flag)]
Count = Annotated[int, BeforeValidator(read_count)]
Day = Annotated[
    datetime.date,
    BeforeValidator(read_day),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Slug = Annotated[str, Field(pattern="^[-a-zA-Z0-9_]+$", max_length=120)]
Language = Annotated[str, Field(pattern="^[a-z]{2,3}(-[a-z]{2,8})?$", max_length=12)]


class Choice(BaseModel):
    """What may be said of any answer."""

    fields: str | None = Field(
        None,
        max_length=500,
        description="The fields that you need, with commas between them; all, if you say nothing.",
    )


class Paging(Choice):
    """What may be said of any collection."""

    limit: Count = Field(
        50, ge=1, le=MOST, description="How many items at most an answer has.", examples=[20]
    )
    cursor: str | None = Field(
        None,
        min_length=1,
        max_length=500,
        description="Where to go on: as the answer before gave it in `next`. Say nothing at first.",
    )

    def filters(self) -> dict:
        """What was asked for, apart from how it is to be handed over."""
        return self.model_dump(mode="json", exclude={*Paging.model_fields}, exclude_none=True)


def check_parameters(request, chosen: Choice):
    """Raise ``Refused`` where a parameter is unknown or said twice: neither would do as meant."""
    known = sorted(type(chosen).model_fields)
    remedy = f"There are {', '.join(known)}."
    wrong = [
        Wrong(field=name[:50], detail="There is no such parameter.", remedy=remedy)
        for name in request.GET
        if name not in known
    ]
    wrong += [
        Wrong(field=name, detail="This is said more than once.", remedy="Say it once.")
        for name, values in request.GET.lists()
        if name in known and len(values) > 1
    ]
    if wrong:
        raise Refused(*wrong)


def chosen_fields(chosen: Choice, schema: type[BaseModel]) -> set[str]:
    """The fields to answer with. Raises ``Refused`` for one that is not there."""
    there = schema.model_fields
    if chosen.fields is None:
        return {*there}
    names = [name.strip() for name in chosen.fields.split(",")]
    wrong = ""
    if unknown := sorted({*names} - there.keys()):
        wrong = f"There is no field {', '.join(repr(name) for name in unknown)}."
    elif len({*names}) < len(names):
        wrong = "A field is named more than once."
    if wrong:
        raise Refused(Wrong(field="fields", detail=wrong, remedy=f"There are {', '.join(there)}."))
    return {*names}
