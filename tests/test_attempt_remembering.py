"""Between an attempt and the memory: what is offered at its start, what is written at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from evaluate_fakes import NoEvaluator

from ale_agent.attempt.budget import Budget
from ale_agent.attempt.confirming import Confirmation
from ale_agent.attempt.journal import Journal
from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.remembering import Recollection, recollect, recollect_from, reflect, tuned_values
from ale_agent.attempt.workspace import Event, Workspace
from ale_agent.clock import FakeClock
from ale_agent.evaluate import CaseResult, Verdict
from ale_agent.memory import Evidence, ProblemFeatures, Store, Strategy, component_beliefs, composition_of
from ale_agent.memory.learned import learned_strategy
from ale_agent.memory.shipped import SHIPPED_ATTEMPT
from ale_agent.problem import Problem, ProblemSpec, PythonToolsSpec
from ale_agent.program import Program
from ale_agent.search.archive import Archive, Candidate
from ale_agent.settings import MemorySettings, Settings
from ale_agent.strategist.genotype import Genotype, default_genotype
from ale_agent.strategist.protocol import Change, Proposal

SPEC = ProblemSpec(
    id="formula", title="Formula", objective="maximize", scoring="absolute", interactive=False, time_limit=2.0,
    memory_limit_mb=1024, source=None, tools=PythonToolsSpec(), leaderboard=None,
)  # fmt: skip
GENOTYPE = default_genotype("permutation")
FEATURES = ProblemFeatures(problem="formula", answer_space="permutation", traits=("routing",))
OTHER = replace(FEATURES, problem="other")


def program_of(mark: int, heat: float = 0.2) -> Program:
    return Program.from_source(
        f'PARAMETERS = {{"start_acceptance": {{"default": {heat}, "low": 0.003, "high": 0.8, "log": True}}}}\n'
        f"MARK = {mark}\ndef main():\n    print(MARK)\nif __name__ == '__main__':\n    main()\n"
    )


def learned(
    heat: float, *, gain: float = 0.05, features: ProblemFeatures = OTHER, attempt: str = "a-1",
    genotype: Genotype = GENOTYPE,
) -> Strategy:  # fmt: skip
    problem = features.problem or ""
    evidence = Evidence(problem, "trial", gain, gain - 0.005, gain + 0.005, 24, "c-0", attempt, "c-1")
    return learned_strategy(
        program_of(1, heat), features, name="Found", created="2026-11-24", attempt=attempt,
        genotype=genotype.to_json(), evidence=[evidence],
    )  # fmt: skip


def offered(*strategies: Strategy, features: ProblemFeatures = FEATURES, starter: bool = True) -> Recollection:
    with Store.open(None, starter=starter) as store:
        for strategy in strategies:
            store.add(strategy)
        return recollect_from(store, features, "", "permutation", 8)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "attempt"
    journal = Journal(folder, create=True)
    journal.write_meta({"attempt": "a-9"})
    options = AttemptOptions(problem_folder=str(folder), statement_path=None, iterations=4, seconds=None)
    problem = Problem(folder, SPEC, None, True, False, "", (), None)
    clock = FakeClock()
    budget = Budget(options, clock, 0.0)
    yield Workspace(folder, problem, options, journal, budget, NoEvaluator(), Archive(), ignore, "5e" * 32)
    journal.close()


def ignore(event: Event) -> None:
    pass


def raced(
    number: int, *, gain: float | None, parent: Candidate | None = None, change: Change | None = None
) -> Candidate:
    proposal = Proposal(
        kind="vary", program=program_of(number), idea=f"idea {number}", genotype=GENOTYPE.to_json(),
        parents=() if parent is None else (parent.id,), changes=() if change is None else (change,),
    )  # fmt: skip
    low, high = (None, None) if gain is None else (gain - 0.01, gain + 0.01)
    return Candidate(
        number=number, proposal=proposal, status="first" if parent is None else "better", gain=gain, gain_low=low,
        gain_high=high, scale=None if gain is None else "log_ratio", cases=12,
        against=None if parent is None else parent.id,
    )  # fmt: skip


# What is offered


def test_without_memory_of_others_the_standard_composition_comes_first_and_only_plain() -> None:
    found = offered(features=replace(FEATURES, problem="never seen"))
    plain = [item for item in found.remembered if item.strategy == "s-standard-permutation"]
    assert plain[0].genotype == GENOTYPE
    assert all(item.genotype is None or item.genotype.space == "permutation" for item in found.remembered)


def test_the_standard_compositions_are_the_composers_own() -> None:
    with Store.open(None) as store:
        for space in ("permutation", "integers", "subset", "sequence"):
            found = recollect_from(store, ProblemFeatures(answer_space=space), "", space, 8)
            assert default_genotype(space) in [item.genotype for item in found.remembered]


def test_an_empty_memory_offers_nothing() -> None:
    found = offered(starter=False)
    assert (found.remembered, found.agreed, found.recalled) == ((), {}, ())


def test_values_that_paid_elsewhere_are_offered_on_the_standard_composition_before_the_plain_one() -> None:
    found = offered(composition(0.02))
    heats = [dict(item.values).get("start_acceptance") for item in found.remembered if item.genotype == GENOTYPE]
    assert heats[0] is not None and heats[-1] is None
    assert 0.02 < float(found.agreed["start_acceptance"]) < 0.2


def composition(heat: float, **how: object) -> Strategy:
    found = composition_of(learned(heat, **how))  # type: ignore[arg-type]
    assert found is not None
    return found


def test_values_that_did_harm_are_not_offered() -> None:
    assert "start_acceptance" not in offered(composition(0.02, gain=-0.05)).agreed


def test_a_composition_that_did_harm_is_remembered_and_not_built_again() -> None:
    harmful = composition(0.02, gain=-0.3, features=replace(OTHER, problem="like-this"))
    with Store.open(None) as store:
        store.add(harmful)
        found = recollect_from(store, FEATURES, "", "permutation", 8)
        assert harmful.id not in [item.strategy for item in found.remembered]
        assert store.find(harmful.id) is not None


def test_of_many_studies_the_common_direction_counts_and_noise_cancels() -> None:
    many = [
        composition(heat, features=replace(OTHER, problem=f"p{n}")) for n, heat in enumerate((0.02, 0.02, 0.03, 0.02))
    ]
    split = [
        composition(heat, features=replace(OTHER, problem=f"p{n}")) for n, heat in enumerate((0.05, 0.8, 0.05, 0.8))
    ]
    assert float(offered(*many).agreed["start_acceptance"]) < 0.06
    assert 0.15 < float(offered(*split).agreed.get("start_acceptance", 0.2)) < 0.27


def test_what_ships_is_not_used_on_the_problem_it_was_learned_on() -> None:
    ours = composition(0.02, features=FEATURES, attempt=f"{SHIPPED_ATTEMPT}formula")
    found = offered(ours)
    assert ours.id not in [item.strategy for item in found.remembered]
    assert found.agreed == offered().agreed
    assert ours.id in [item.strategy for item in offered(ours, features=replace(FEATURES, problem="q")).remembered]


def test_what_an_attempt_of_ones_own_learned_is_used_on_the_same_problem() -> None:
    ours = learned(0.02, features=FEATURES)
    found = offered(ours)
    assert found.remembered[0].strategy == ours.id
    assert found.remembered[0].program is not None


def test_no_program_with_the_same_values_is_offered_twice() -> None:
    same = [composition(0.02, features=replace(OTHER, problem=f"p{n}")) for n in range(3)]
    found = offered(*same)
    keys = [(item.genotype.to_json() if item.genotype else item.strategy, item.values) for item in found.remembered]
    assert len(set(keys)) == len(keys)


def test_only_values_that_a_composition_has_and_that_differ_count() -> None:
    assert tuned_values(GENOTYPE, [("start_acceptance", 0.2), ("end_acceptance", 0.001), ("width", 3)]) == (
        ("end_acceptance", 0.001),
    )


# What is written


def test_a_variation_gives_its_component_the_gain_and_what_it_replaced_the_opposite(work: Workspace) -> None:
    first = raced(1, gain=None)
    second = raced(2, gain=0.04, parent=first, change=Change("acceptance", "metropolis", "threshold"))
    with Store.open(None) as store:
        recollection = recollect_from(store, FEATURES, "", "permutation", 8)
        remember(work, recollection, first, second)
        believed = component_beliefs(store, FEATURES, "permutation").posteriors
    assert believed["acceptance", "threshold"].mean > 0 > believed["acceptance", "metropolis"].mean


def test_reflecting_again_changes_nothing(work: Workspace) -> None:
    first = raced(1, gain=None)
    second = raced(2, gain=0.04, parent=first, change=Change("acceptance", "metropolis", "threshold"))
    with Store.open(None) as store:
        recollection = recollect_from(store, FEATURES, "", "permutation", 8)
        remember(work, recollection, first, second)
        before = list(store.strategies())
        remember(work, recollection, first, second)
        assert list(store.strategies()) == before


def test_the_winner_becomes_a_program_with_its_recorded_score_and_gain(work: Workspace) -> None:
    first = raced(1, gain=None)
    second = raced(2, gain=0.04, parent=first, change=Change("acceptance", "metropolis", "threshold"))
    with Store.open(None) as store:
        recollection = recollect_from(store, FEATURES, "", "permutation", 8)
        remember(work, recollection, first, second)
        (program,) = store.strategies("program")
    assert program.origin.attempt == "a-9"
    assert [item.gain for item in program.evidence] == [0.04]
    assert '"mean_score": 105.0' in program.how


def remember(work: Workspace, recollection: Recollection, *candidates: Candidate) -> None:
    for candidate in candidates:
        work.archive.candidates[candidate.id] = candidate
    winner = candidates[-1]
    results = {
        seed: CaseResult(
            seed=seed, verdict=Verdict.ACCEPTED, score=100.0 + 10 * seed, cpu_seconds=0.1, wall_seconds=0.1
        )
        for seed in (0, 1)
    }
    reflect(work, recollection, Confirmation(winner, {winner.id: results}, 2.0))


def test_a_memory_that_cannot_be_opened_is_said_and_the_attempt_goes_on(work: Workspace, tmp_path: Path) -> None:
    (tmp_path / "memory.db").write_bytes(b"no memory at all, just some text of more than a page" * 100)
    with recollect(Settings(home=tmp_path), work.problem, None, "permutation", work) as found:
        assert found.remembered
    warnings = [payload["text"] for _, kind, payload in work.journal.read_events() if kind == "warning"]
    assert len(warnings) == 1 and "memory.db" in warnings[0]


def test_a_memory_that_is_switched_off_is_not_written(work: Workspace, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, memory=MemorySettings(enabled=False))
    with recollect(settings, work.problem, None, "permutation", work) as found:
        remember(work, found, raced(1, gain=None))
    assert not (tmp_path / "memory.db").exists()


def test_two_attempts_share_one_memory(work: Workspace, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with (
        recollect(settings, work.problem, None, "permutation", work) as one,
        recollect(settings, work.problem, None, "permutation", work) as two,
    ):
        first = raced(1, gain=None)
        remember(work, one, first, raced(2, gain=0.04, parent=first, change=Change("restarts", "none", "reheat")))
        remember(work, two, first, raced(3, gain=0.02, parent=first, change=Change("restarts", "none", "reheat")))
        for store in (one.store, two.store):
            evidence = {e.source for s in store.components("permutation") for e in s.evidence if "reheat" in s.name}
            assert len(evidence & {raced(2, gain=None).id, raced(3, gain=None).id}) == 2


def test_weights_of_components_follow_the_evidence(work: Workspace) -> None:
    first = raced(1, gain=None)
    second = raced(2, gain=0.2, parent=first, change=Change("acceptance", "metropolis", "threshold"))
    with Store.open(None) as store:
        remember(work, recollect_from(store, FEATURES, "", "permutation", 8), first, second)
        recollection = recollect_from(store, FEATURES, "", "permutation", 8)
        draws = [recollection.weights(np.random.default_rng(n)) for n in range(40)]
    won = sum(weight("acceptance", "threshold") > weight("acceptance", "metropolis") for weight in draws)
    assert won >= 30
