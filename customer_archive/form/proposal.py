"""Lines of the preview of a form."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """A value that would be another, and where the form says so."""

    section: str
    label: str
    old: str
    new: str
    coordinate: str


@dataclass(frozen=True)
class Problem:
    """Why a form isn't imported: where, what."""

    coordinate: str
    label: str
    message: str
