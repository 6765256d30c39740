"""A case: an instance of a problem as text, with the seed it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One instance as a solver reads it.

    Parameters
    ----------
    seed
        What it was generated from, or its number among ready-made cases.
    text
        The text on the solver's standard input (for an interactive problem, what the judge reads).
    """

    seed: int
    text: str

    @property
    def name(self) -> str:
        """The seed with at least four digits, as in file names and tables: ``0007``."""
        return case_name(self.seed)


def case_name(seed: int) -> str:
    """Return the seed with at least four digits."""
    return f"{seed:04d}"
