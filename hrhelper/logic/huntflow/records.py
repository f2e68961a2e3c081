"""Items of Huntflow, parsed once into records with exactly what the mirror keeps."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from logic.huntflow.errors import UnexpectedAnswerError

# The columns of the mirror; what is longer is cut, as one odd item must not stop a sync.
LONGEST = 255
SHORT = 30
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Record:
    """What the mirror keeps of an item, under Huntflow's id."""

    external_id: int

    def columns(self) -> dict[str, Any]:
        """Values by the names of the model's fields."""
        return asdict(self)

    def digest(self) -> str:
        """The same for the same values, in hexadecimal."""
        text = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class AccountRecord(Record):
    name: str
    nick: str
    member_type: str

    @classmethod
    def of(cls, item: dict[str, Any]) -> Self:
        """Raises UnexpectedAnswerError."""
        short = _text(item, "member_type", SHORT)
        return cls(_id(item), _text(item, "name"), _text(item, "nick"), short)


@dataclass(frozen=True)
class StatusRecord(Record):
    type: str
    name: str
    order: int

    @classmethod
    def of(cls, item: dict[str, Any]) -> Self:
        """Raises UnexpectedAnswerError."""
        order = item.get("order")
        return cls(
            _id(item),
            _text(item, "type", SHORT),
            _text(item, "name"),
            order if isinstance(order, int) else 0,
        )


@dataclass(frozen=True)
class VacancyRecord(Record):
    position: str
    company: str
    money: str
    state: str
    hidden: bool
    priority: int
    created: datetime | None

    @classmethod
    def of(cls, item: dict[str, Any]) -> Self:
        """Raises UnexpectedAnswerError."""
        return cls(
            _id(item),
            _text(item, "position"),
            _text(item, "company"),
            _text(item, "money"),
            _text(item, "state", SHORT),
            bool(item.get("hidden")),
            1 if item.get("priority") else 0,
            _moment(item, "created"),
        )


@dataclass(frozen=True)
class LinkRecord:
    vacancy: int
    status: int
    changed: datetime | None


@dataclass(frozen=True)
class ApplicantRecord(Record):
    first_name: str
    middle_name: str
    last_name: str
    phone: str
    email: str
    position: str
    company: str
    money: str
    created: datetime | None
    tags: tuple[int, ...]
    links: tuple[LinkRecord, ...]

    @classmethod
    def of(cls, item: dict[str, Any]) -> Self:
        """Raises UnexpectedAnswerError."""
        names = ("first_name", "middle_name", "last_name", "phone")
        more = ("email", "position", "company", "money")
        return cls(
            _id(item),
            *(_text(item, name) for name in (*names, *more)),
            created=_moment(item, "created"),
            tags=tuple(sorted({_id(one, "tag") for one in _list(item, "tags")})),
            links=_links(item),
        )

    def columns(self) -> dict[str, Any]:
        values = asdict(self)
        del values["links"]
        words = (self.last_name, self.first_name, self.middle_name, self.email, self.phone)
        return values | {"tags": list(self.tags), "search_text": " ".join(words).casefold()}


def _links(item: dict[str, Any]) -> tuple[LinkRecord, ...]:
    """One a vacancy: the last one that Huntflow names."""
    found = {
        _id(one, "vacancy"): LinkRecord(
            _id(one, "vacancy"), _id(one, "status"), _moment(one, "changed")
        )
        for one in _list(item, "links")
    }
    return tuple(found[vacancy] for vacancy in sorted(found))


def _id(item: dict[str, Any], name: str = "id") -> int:
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_ID:
        raise UnexpectedAnswerError(f"An item of Huntflow has no usable {name}.")
    return value


def _text(item: dict[str, Any], name: str, longest: int = LONGEST) -> str:
    value = item.get(name)
    # PostgreSQL keeps no NUL in a text.
    return "" if value is None else str(value).replace("\0", "")[:longest]


def _list(item: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = item.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise UnexpectedAnswerError(f"The {name} of an item of Huntflow are no list.")
    return value


def _moment(item: dict[str, Any], name: str) -> datetime | None:
    """An aware moment; Huntflow's are mostly, and the others are taken for the time zone here."""
    try:
        found = parse_datetime(str(item.get(name) or ""))
    except ValueError:
        return None
    if found is None or not timezone.is_naive(found):
        return found
    return timezone.make_aware(found)
