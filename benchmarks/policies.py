"""Is a tree search better than independent drafts? `python -m benchmarks.policies [--runs N]` simulates both.

No solver runs and no model is asked: a draft has a quality, a child that of its parent and a gain, both drawn from a known
distribution; a race measures differences with noise, and the incumbent changes beyond chance only. Qualities are
log-ratios of scores. The policies are the real ones, at equal calls. Four worlds differ in what drafts and refinements are
worth; none is claimed to be a model that exists. Printed is the true quality of the last incumbent, in percent over the
mean draft, with the 95 % interval of its mean over the runs.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ale_agent.evaluate.comparison import mean_interval
from ale_agent.program import Program
from ale_agent.search.archive import Archive, Candidate, Status
from ale_agent.search.policy import BestOfN, Policy, Request, Situation
from ale_agent.search.tree import TreeSearch
from ale_agent.seeds import derive, generator
from ale_agent.strategist.protocol import Proposal

CALLS = (10, 30)
CASE_NOISE = 0.03
RACE_CASES = 32


@dataclass(frozen=True)
class World:
    """What a model's programs are worth.

    Parameters
    ----------
    draft_sd
        The spread of drafts.
    success
        How often a refinement is better than its parent.
    step
        The mean gain of one that is.
    fading
        By which factor that gain shrinks with each refinement of the same lineage.
    harm
        The mean loss of one that is not.
    failing
        How often a program answers nothing.
    flop
        How often a draft is far worse than the rest, as a third of the recorded authors' drafts were.
    """

    name: str
    draft_sd: float
    success: float
    step: float
    fading: float
    harm: float
    failing: float = 0.1
    flop: float = 0.0


WORLDS = (
    World("drafts differ, refining adds little", 0.10, 0.3, 0.004, 0.8, 0.02),
    World("drafts are alike, refining adds up", 0.02, 0.4, 0.02, 0.95, 0.03),
    World("both count", 0.06, 0.35, 0.015, 0.85, 0.03),
    World("refining is a lottery", 0.06, 0.12, 0.05, 0.9, 0.05),
    World("a third of the drafts flop, refining adds up", 0.03, 0.5, 0.01, 0.9, 0.015, flop=0.33),
)


@dataclass(frozen=True)
class Refining:
    """For comparison: a few drafts, then nothing but refinements of the incumbent."""

    drafts: int = 3

    def ask(self, situation: Situation, rng: np.random.Generator) -> Request:
        """Return a draft, or a refinement of the incumbent."""
        incumbent = situation.archive.incumbent
        if incumbent is None or situation.asked < self.drafts:
            return Request("draft")
        return Request("refine", (incumbent,))


POLICIES: dict[str, Policy] = {"best-of-n": BestOfN(), "abmcts": TreeSearch(), "3 drafts, then refine": Refining()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="simulated attempts per policy and world")
    runs = parser.parse_args().runs
    print(f"quality of the last incumbent over the mean draft, percent, {runs} runs; calls {CALLS}")
    for world in WORLDS:
        print(f"\n{world.name}")
        for name, policy in POLICIES.items():
            results = [simulate(world, policy, max(CALLS), derive(0, world.name, run)) for run in range(runs)]
            cells = [_cell([result[calls - 1] for result in results]) for calls in CALLS]
            print(f"  {name:<24}" + "".join(f"{cell:>26}" for cell in cells))


def simulate(world: World, policy: Policy, calls: int, seed: int) -> list[float]:
    """Return the true quality of the incumbent after each call, 0 before there is one."""
    rng = generator(seed, "world")
    archive = Archive()
    quality: dict[str, float] = {}
    hidden: dict[str, float] = {}
    found = []
    forced = -calls
    for call in range(calls):
        situation = Situation(archive, call / calls, asked=call, since_forced=call - forced)
        request = policy.ask(situation, generator(seed, "ask", call))
        assert request is not None
        forced = call if request.forced else forced
        candidate = archive.add(_proposal(call, request))
        assert candidate is not None
        value = _quality(world, request, archive, quality, hidden, rng)
        if rng.random() < world.failing and request.step != "repair":
            hidden[candidate.id] = value
            archive.update(replace(candidate, status="failed", failed=4, cases=4))
        else:
            quality[candidate.id] = value
            _race(archive, candidate, quality, rng)
        found.append(quality[archive.incumbent_id] if archive.incumbent_id is not None else 0.0)
    return found


def _proposal(call: int, request: Request) -> Proposal:
    text = f"def main():\n    print({call})\n\n\nmain()\n"
    parents = tuple(parent.id for parent in request.parents)
    return Proposal(kind=request.step, program=Program.from_source(text), idea=str(call), parents=parents)


def _quality(
    world: World,
    request: Request,
    archive: Archive,
    quality: dict[str, float],
    hidden: dict[str, float],
    rng: np.random.Generator,
) -> float:
    if not request.parents:
        return float(rng.normal(0.0, world.draft_sd)) - (
            float(rng.exponential(0.3)) if rng.random() < world.flop else 0.0
        )
    if request.step == "repair":
        return hidden[request.parents[0].id]
    known = [quality[parent.id] for parent in request.parents]
    base = max(known)
    if request.step == "recombine":  # as risky as refining, and never better than what it joins by more than usual
        base -= 0.3 * (base - min(known))
    size = world.step * world.fading ** _depth(archive, request.parents[0])
    if rng.random() < world.success:
        return base + float(rng.exponential(size))
    return base - float(rng.exponential(world.harm))


def _depth(archive: Archive, candidate: Candidate) -> int:
    depth = 0
    while candidate.proposal.parents:
        candidate = archive.candidates[candidate.proposal.parents[0]]
        depth += 1
    return depth


def _race(archive: Archive, candidate: Candidate, quality: dict[str, float], rng: np.random.Generator) -> None:
    incumbent = archive.incumbent
    if incumbent is None:
        archive.promote(replace(candidate, status="first", cases=4))
        return
    truth = quality[candidate.id] - quality[incumbent.id]
    cases = 4 if truth < -2 * CASE_NOISE else RACE_CASES
    error = CASE_NOISE / math.sqrt(cases)
    gain = float(rng.normal(truth, error))
    better = cases == RACE_CASES and gain > 1.65 * error
    status: Status = "better" if better else "not_shown" if cases == RACE_CASES else "given_up"
    decided = replace(
        candidate, status=status, gain=gain, gain_low=gain - 1.96 * error, gain_high=gain + 1.96 * error,
        scale="log_ratio", cases=cases, against=incumbent.id, working_gain=gain,
    )  # fmt: skip
    archive.update(decided)
    if better:
        archive.promote(decided)


def _cell(values: Sequence[float]) -> str:
    low, high = mean_interval(values)
    return f"{100 * float(np.mean(values)):.2f} ({100 * low:.2f} .. {100 * high:.2f})"


if __name__ == "__main__":
    main()
