"""What to try next: the policy protocol, the policy of the built-in strategist, and best-of-n as a model's baseline.

Asking is a pure function of the situation, and telling is putting a result into the archive: whoever has the archive of a
killed attempt can go on with any policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from ale_agent.search.archive import Archive, Candidate
from ale_agent.search.standing import near_tie

Step = Literal["draft", "vary", "tune", "refine", "recombine", "repair", "simplify", "encode"]

_DRAFT_SHARE = 0.25
_FIRST_STUDY_AT = 0.4


@dataclass(frozen=True)
class Request:
    """What the attempt is to do next.

    Parameters
    ----------
    step
        A new program, something made from parents, or a study of a parent's parameters.
    parents
        Whom to build on; empty for a draft.
    forced
        Whether the search stagnates, so that a draft is to be of another kind than all before.
    """

    step: Step
    parents: tuple[Candidate, ...] = ()
    forced: bool = False


@dataclass(frozen=True)
class Situation:
    """The explicit state of a search.

    Parameters
    ----------
    archive
        What was tried, and how it did.
    fraction
        Which part of the searching budget is used, 0 to 1.
    under_way
        (step, ids of parents) of requests that are not answered yet.
    asked
        How many requests were made before this one.
    since_forced
        How many of them after the last forced draft.
    """

    archive: Archive
    fraction: float = 0.0
    under_way: tuple[tuple[str, tuple[str, ...]], ...] = ()
    asked: int = 0
    since_forced: int = 1_000_000


class Policy(Protocol):
    """Decides what to do next; all it knows is in the situation, so that it resumes by reading that."""

    def ask(self, situation: Situation, rng: np.random.Generator) -> Request | None:
        """Return the next step, None if there is nothing to ask for.

        Parameters
        ----------
        situation
            Where the search stands.
        rng
            The step's own generator.
        """
        ...


@dataclass(frozen=True)
class DraftVaryTune:
    """The policy of the built-in strategist.

    First some drafts; then, once two fifths of the budget are used, a study of the incumbent; after it variations,
    with a draft now and then, and another study whenever the incumbent is a program that was not tuned yet. An incumbent
    that was not composed cannot be varied: then programs that came near it are tuned, one by one.

    Parameters
    ----------
    drafts
        How many drafts to begin with.
    """

    drafts: int

    def ask(self, situation: Situation, rng: np.random.Generator) -> Request:
        """Return the next step."""
        archive, fraction = situation.archive, situation.fraction
        incumbent = archive.incumbent
        drafts = sum(c.proposal.kind in ("compose", "recall") for c in archive.candidates.values())
        if incumbent is None:
            return Request("draft")
        if fraction >= _FIRST_STUDY_AT and incumbent.program.id not in archive.studied:
            return Request("tune", (incumbent,))
        if drafts < self.drafts and fraction < _FIRST_STUDY_AT:
            return Request("draft")
        rival = None if incumbent.proposal.genotype is not None else near_tie(archive)
        if rival is not None:
            return Request("tune", (rival,))
        if rng.random() < _DRAFT_SHARE:
            return Request("draft")
        return Request("vary", (incumbent,))


@dataclass(frozen=True)
class BestOfN:
    """The baseline: independent drafts, of which the best is kept."""

    def ask(self, situation: Situation, rng: np.random.Generator) -> Request:
        """Return a draft."""
        return Request("draft")


@dataclass(frozen=True)
class AsRecorded:
    """Asks for what was asked for in a recording, in its order.

    Parameters
    ----------
    requests
        (kind, ids of parents) of each recorded request.
    """

    requests: tuple[tuple[str, tuple[str, ...]], ...]

    def ask(self, situation: Situation, rng: np.random.Generator) -> Request | None:
        """Return the next recorded step; a parent that is not in the archive here is replaced by the incumbent."""
        if situation.asked >= len(self.requests):
            return None
        kind, ids = self.requests[situation.asked]
        archive = situation.archive
        parents = [archive.candidates.get(id_) or archive.incumbent for id_ in ids]
        known = tuple(dict.fromkeys(parent for parent in parents if parent is not None))
        if kind not in _STEPS or (ids and not known):
            return Request("draft")
        return Request(_STEPS[kind], known)


_STEPS: dict[str, Step] = {step: step for step in ("draft", "refine", "recombine", "repair", "simplify", "encode")}
