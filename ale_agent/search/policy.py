"""What to try next when no model is asked: drafts, then variations of the incumbent, and a study when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from ale_agent.search.archive import Archive, Candidate

Step = Literal["draft", "vary", "tune"]

_DRAFT_SHARE = 0.25
_FIRST_STUDY_AT = 0.4


@dataclass(frozen=True)
class Request:
    """What the attempt is to do next.

    Parameters
    ----------
    step
        A new composition, a variation of a parent, or a study of a parent's parameters.
    parents
        Whom to build on; empty for a draft.
    """

    step: Step
    parents: tuple[Candidate, ...] = ()


class Policy(Protocol):
    """Decides what to do next; all it knows is in the archive, so that it resumes by reading that."""

    def ask(self, archive: Archive, fraction: float, rng: np.random.Generator) -> Request:
        """Return the next step.

        Parameters
        ----------
        archive
            What was tried.
        fraction
            Which part of the searching budget is used, 0 to 1.
        rng
            The step's own generator.
        """
        ...


@dataclass(frozen=True)
class DraftVaryTune:
    """The policy of the built-in strategist.

    First some drafts; then, once two fifths of the budget are used, a study of the incumbent; after it variations,
    with a draft now and then, and another study whenever the incumbent is a program that was not tuned yet.

    Parameters
    ----------
    drafts
        How many drafts to begin with.
    """

    drafts: int

    def ask(self, archive: Archive, fraction: float, rng: np.random.Generator) -> Request:
        """Return the next step."""
        incumbent = archive.incumbent
        drafts = sum(not candidate.proposal.parents for candidate in archive.candidates.values())
        if incumbent is None:
            return Request("draft")
        if fraction >= _FIRST_STUDY_AT and incumbent.program.id not in archive.studied:
            return Request("tune", (incumbent,))
        if drafts < self.drafts and fraction < _FIRST_STUDY_AT:
            return Request("draft")
        if rng.random() < _DRAFT_SHARE:
            return Request("draft")
        return Request("vary", (incumbent,))
