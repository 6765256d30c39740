"""Finished programs as strategies, and replaying them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ale_agent.errors import StoreError
from ale_agent.memory import (
    Evidence,
    ProblemFeatures,
    Recorded,
    Store,
    Strategy,
    check_replay,
    component_strategy,
    composition_of,
    genotype_of,
    keep_learned,
    learned_strategy,
    new_strategy,
    plan_replay,
    recorded_of,
    strategy_from_line,
    values_of,
)
from ale_agent.memory.catalogue import learned_strategies
from ale_agent.memory.shipped import SHIPPED_ATTEMPT, without_shipped
from ale_agent.program import Program

SOURCE = """
PARAMETERS = {
    "heat": {"default": 1.0, "low": 0.1, "high": 10.0, "log": True},
    "rule": {"default": "a", "choices": ["a", "b"]},
    "evaluation_limit": {"default": 0, "low": 0, "high": 1000},
}
def main():
    print(input())
if __name__ == "__main__":
    main()
"""
FEATURES = ProblemFeatures(problem="p", answer_space="subset", traits=("graph",), size=2.0, objective="maximize")
RECORDED = Recorded(
    mean_score=100.0, low=95.0, high=105.0, cases=10, first_seed=2_000_000_000, time_limit=2.0, clock="wall"
)
GENOTYPE = '{"space": "subset", "acceptance": "metropolis"}'


def learned(source: str = SOURCE, **changes: Any) -> Strategy:
    options: dict[str, Any] = {"name": "Found", "created": "2026-11-23", "recorded": RECORDED, **changes}
    return learned_strategy(Program.from_source(source), FEATURES, **options)


def trial(number: int) -> Evidence:
    return Evidence("p", "trial", 0.1, 0.09, 0.11, 48, "c-1", f"a-{number}", "c-2")


def test_a_learned_strategy_comes_back_from_its_line() -> None:
    found = learned(genotype=GENOTYPE, values={"heat": 2.5, "rule": "b"}, evidence=[trial(0)])
    again = strategy_from_line(found.to_line())
    assert again == found
    assert recorded_of(again) == RECORDED
    assert genotype_of(again) == '{"acceptance": "metropolis", "space": "subset"}'
    assert values_of(again) == {"heat": 2.5, "rule": "b"}
    assert ProblemFeatures.from_tags(again.archetypes, problem="p") == FEATURES


def test_programs_that_say_the_same_are_one_strategy() -> None:
    assert learned().id == learned("# a comment\n" + SOURCE).id
    assert learned().id != learned(SOURCE.replace("print(input())", "print(1)")).id


def test_the_same_composition_on_the_same_problem_is_one_strategy() -> None:
    other = SOURCE.replace("1.0", "3.0")
    assert learned(genotype=GENOTYPE).id == learned(other, genotype=GENOTYPE.replace(" ", "")).id
    assert learned(genotype=GENOTYPE).id != learned(genotype='{"space": "subset"}').id


def test_a_program_without_its_problem_is_refused() -> None:
    with pytest.raises(StoreError, match="needs its problem's id"):
        learned_strategy(Program.from_source(SOURCE), ProblemFeatures(), name="X", created="2026-11-23")


@pytest.mark.parametrize(("score", "kept"), [(99.0, 1.0), (101.0, 5.0)])
def test_the_better_of_two_on_the_same_cases_stays_and_evidence_is_united(score: float, kept: float) -> None:
    with Store.open(None, starter=False) as store:
        keep_learned(store, learned(genotype=GENOTYPE, evidence=[trial(0)]), FEATURES)
        again = learned(
            genotype=GENOTYPE,
            values={"heat": 5.0},
            recorded=replace(RECORDED, mean_score=score),
            evidence=[trial(1)],
        )
        assert keep_learned(store, again, FEATURES) == "merged"
        found = store.get(again.id)
        assert values_of(found)["heat"] == kept
        assert {item.attempt for item in found.evidence} == {"a-0", "a-1"}


def test_keeping_a_program_keeps_its_problem() -> None:
    with Store.open(None, starter=False) as store:
        keep_learned(store, learned(), FEATURES)
        assert store.problems()["p"] == FEATURES
        assert keep_learned(store, learned(), FEATURES) == "unchanged"


@pytest.mark.parametrize(
    "line", ["Recorded: 5", "Recorded: {", 'Recorded: {"cases": "many"}', 'Recorded: {"mean_score": 1e999}']
)
def test_a_record_that_makes_no_sense_is_none(line: str) -> None:
    assert recorded_of(new_strategy({"name": "X", "when": "", "how": line}, created="2026-11-23")) is None


def test_a_component_has_the_same_id_on_every_machine() -> None:
    found = component_strategy("permutation", "neighbourhood", "block_move", "Moves a block.")
    assert found.name == "component: permutation/neighbourhood/block_move"
    assert found.id == "s-6671c14b4411"
    assert found.role == "component"


def test_a_composition_keeps_all_but_the_program_and_is_another_strategy() -> None:
    whole = learned(genotype=GENOTYPE, values={"heat": 2.5}, evidence=[trial(0)])
    found = composition_of(whole)
    assert found is not None
    assert strategy_from_line(found.to_line()) == found
    assert (found.role, found.program, whole.role) == ("composition", None, "program")
    assert (genotype_of(found), values_of(found), found.evidence) == (
        genotype_of(whole),
        values_of(whole),
        whole.evidence,
    )
    assert found.id != whole.id
    assert recorded_of(found) is None  # the score was the program's
    assert composition_of(learned()) is None


def test_a_store_keeps_compositions_apart_from_programs() -> None:
    whole = learned(genotype=GENOTYPE)
    found = composition_of(whole)
    assert found is not None
    with Store.open(None, starter=False) as store:
        store.add(whole)
        store.add(found)
        assert [item.id for item in store.strategies("composition")] == [found.id]
        assert [item.id for item in store.strategies("program")] == [whole.id]


# What ships


def test_what_ships_of_a_problem_is_left_out_there_and_nowhere_else() -> None:
    shipped = replace(trial(0), attempt=f"{SHIPPED_ATTEMPT}p")
    component = replace(component_strategy("subset", "acceptance", "late", "It accepts."), evidence=(shipped, trial(1)))
    at_home, elsewhere = without_shipped(component, "p"), without_shipped(component, "q")
    assert at_home is not None and at_home.evidence == (trial(1),)
    assert elsewhere == component
    composed = composition_of(learned(genotype=GENOTYPE, attempt=f"{SHIPPED_ATTEMPT}p"))
    assert composed is not None
    assert without_shipped(composed, "p") is None
    assert without_shipped(composed, "q") == without_shipped(composed, None) == composed


def test_what_ships_holds_no_program_and_names_its_attempts() -> None:
    for strategy in learned_strategies():
        assert strategy.program is None
        assert strategy.trials
        assert all((item.attempt or "").startswith(SHIPPED_ATTEMPT) for item in strategy.evidence)


# Replay


def test_a_composition_is_built_anew_on_its_own_problem_too() -> None:
    composed = composition_of(learned(genotype=GENOTYPE))
    assert composed is not None
    assert plan_replay([composed], FEATURES)[0].action == "compose"


def test_on_its_own_problem_a_program_is_reproduced() -> None:
    step = plan_replay([learned(genotype=GENOTYPE)], FEATURES)[0]
    assert (step.action, step.recorded, step.likeness) == ("reproduce", RECORDED, 1.0)


def test_on_a_problem_with_like_answers_a_composition_is_built_anew() -> None:
    step = plan_replay([learned(genotype=GENOTYPE, values={"heat": 2.0})], replace(FEATURES, problem="q"))[0]
    assert step.action == "compose"
    assert step.genotype == genotype_of(learned(genotype=GENOTYPE))
    assert dict(step.values)["heat"] == 2.0


def test_on_a_problem_with_other_answers_only_values_carry_over() -> None:
    other = ProblemFeatures(problem="q", answer_space="sequence")
    assert plan_replay([learned(genotype=GENOTYPE)], other)[0].action == "values"


def test_a_program_with_nothing_to_carry_over_is_skipped() -> None:
    bare = learned("def main():\n    print(1)\n\n\nmain()\n")
    assert plan_replay([bare], ProblemFeatures(problem="q"))[0].action == "skip"


def test_components_are_tried_where_answers_are_of_their_kind() -> None:
    component = component_strategy("subset", "acceptance", "threshold", "It accepts.")
    assert plan_replay([component], FEATURES)[0].action == "component"
    assert plan_replay([component], ProblemFeatures(answer_space="integers"))[0].action == "skip"


def test_the_most_telling_steps_come_first() -> None:
    technique = new_strategy({"name": "X", "when": "Now.", "how": "So."}, created="2026-11-23")
    steps = plan_replay([technique, learned(genotype=GENOTYPE)], FEATURES)
    assert [step.action for step in steps] == ["reproduce", "read"]


@pytest.mark.parametrize(("score", "off_by"), [(95.0, 0.0), (100.0, 0.0), (94.0, -1.0), (107.0, 2.0)])
def test_a_replay_says_by_how_much_it_is_off(score: float, off_by: float) -> None:
    verdict = check_replay(RECORDED, score)
    assert (verdict.reproduced, verdict.off_by) == (off_by == 0, off_by)
    assert f"{score:g}" in verdict.line
