"""The National Bank of Belarus publishes official rates: https://api.nbrb.by/exrates/rates."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from django.conf import settings
from pydantic import BaseModel, Field, PositiveInt, TypeAdapter, ValidationError

from logic.base.api_client import BaseAPIClient
from logic.base.errors import MissingRateError, OutsideError
from logic.base.money import Rate

DAILY = 0  # the bank's word for rates of each day, and not of each month
LARGEST_SCALE = 1_000_000


class UnreadableRatesError(OutsideError):
    """The bank's answer is not what its description says."""

    code = "unreadable_rates"


class Quotation(BaseModel):
    """One currency as the bank writes it; whatever else it says is left out."""

    currency: str = Field(alias="Cur_Abbreviation")
    scale: Annotated[PositiveInt, Field(alias="Cur_Scale", le=LARGEST_SCALE)]
    rate: Annotated[
        Decimal,
        Field(alias="Cur_OfficialRate", gt=0, max_digits=12, decimal_places=6, allow_inf_nan=False),
    ]


def published_rates(currencies: Iterable[str]) -> dict[str, Rate]:
    """Today's rate of each of the currencies, in BYN.

    Raises MissingRateError, UnreadableRatesError, ApiError, ApiUnreachableError.
    """
    client = BaseAPIClient(settings.BANK_URL, timeout_s=settings.BANK_TIMEOUT_S)
    answer = client.request("GET", "exrates/rates", query={"periodicity": DAILY})
    wanted = set(currencies)
    quoted = {one.currency: one for one in _read(answer, wanted)}
    missing = sorted(wanted - set(quoted))
    if missing:
        raise MissingRateError(f"The bank has no rate for {', '.join(missing)}.")
    return {name: Rate(name, one.rate, one.scale) for name, one in quoted.items()}


def _read(answer: object, wanted: set[str]) -> list[Quotation]:
    """What else the bank quotes is not looked at: it may have a form that we do not know."""
    try:
        listed = TypeAdapter(list[dict[str, Any]]).validate_python(answer)
        return [
            Quotation.model_validate(one) for one in listed if one.get("Cur_Abbreviation") in wanted
        ]
    except ValidationError as problem:
        where = ".".join(str(part) for part in problem.errors()[0]["loc"])
        raise UnreadableRatesError(f"The bank's rates cannot be read at {where!r}.") from None
