"""One thing that is looked at again and again."""

from __future__ import annotations

from dataclasses import dataclass

from parom.verdict.samples import Checked, CheckKind, LogLooked, PageLoaded, Probed, Sample
from parom.words.said import said

PROBE, PAGE, USE, LOG = "probe", "page", "use", "log"


@dataclass(frozen=True)
class Series:
    """Samples of one kind with one name, in the order of their time."""

    kind: str
    """`probe`, `page`, `use`, `log`, or a `CheckKind`."""
    name: str

    @property
    def described(self) -> str:
        """As a person would say it."""
        match self.kind:
            case "probe":
                return said("probe {name}", name=self.name)
            case "page":
                return said("page {name}", name=self.name)
            case "use":
                return said("memory and CPU")
            case "log":
                return said("log {name}", name=self.name)
            case CheckKind.START:
                return said("service {name}", name=self.name)
            case CheckKind.FUNCTION:
                return said("functional check {name}", name=self.name)
            case CheckKind.DATABASE:
                return said("database")
        return self.name


RESOURCES = Series(USE, "")
DATABASE = Series(CheckKind.DATABASE, "")


def series_of(sample: Sample) -> Series:
    """The series that a sample belongs to."""
    match sample:
        case Probed(name):
            return Series(PROBE, name)
        case PageLoaded(name):
            return Series(PAGE, name)
        case LogLooked(name):
            return Series(LOG, name)
        case Checked(kind, name):
            return Series(kind, name)
    return RESOURCES
