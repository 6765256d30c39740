"""Insights of a model in memory: kept with their evidence, each once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ale_agent.errors import StoreError
from ale_agent.memory import Evidence, ProblemFeatures, Store, keep_insight, recall

FEATURES = ProblemFeatures(problem="p", answer_space="permutation", traits=("routing",), archetypes=("routing_tsp",))
CLAIM = "Reversing short blocks beats exchanging two cities at 0.5 of the budget."


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None, starter=False) as opened:
        yield opened


def trial(number: int, gain: float) -> Evidence:
    return Evidence("p", "trial", gain, gain - 0.01, gain + 0.01, 24, "c-1", f"a-{number}", f"c-{number}")


def keep(store: Store, claim: str = CLAIM, *evidence: Evidence, features: ProblemFeatures = FEATURES) -> str:
    return keep_insight(store, features, claim, evidence, attempt="a-0", created="2026-11-24")


def test_an_insight_is_recalled_on_a_problem_alike_with_its_evidence(store: Store) -> None:
    kept = keep(store, CLAIM, trial(1, 0.1))
    found = recall(store, ProblemFeatures(problem="q", answer_space="permutation", traits=("routing",)))
    assert [item.strategy.id for item in found] == [kept]
    assert found[0].strategy.how == CLAIM
    assert found[0].expected.mean > 0


def test_a_refuted_insight_is_remembered_and_ranks_below_a_supported_one(store: Store) -> None:
    refuted = keep(store, "Late acceptance wins.", trial(1, -0.1))
    supported = keep(store, "Block moves win.", trial(2, 0.1))
    assert [item.strategy.id for item in recall(store, FEATURES)] == [supported, refuted]


def test_the_same_claim_in_nearly_the_same_words_is_one_and_its_evidence_counts_once(store: Store) -> None:
    first = keep(store, CLAIM, trial(1, 0.1))
    again = keep(store, "reversing short blocks beats  exchanging two of the cities at 0.5 of budget", trial(2, 0.1))
    keep(store, CLAIM, trial(1, 0.1))
    assert (again, store.count()) == (first, 1)
    assert {item.attempt for item in store.get(first).evidence} == {"a-1", "a-2"}


@pytest.mark.parametrize("other", [CLAIM.replace("0.5", "0.9"), CLAIM.replace("beats", "never beats")])
def test_a_claim_with_another_number_or_turned_round_is_another(store: Store, other: str) -> None:
    assert keep(store) != keep(store, other)


def test_the_same_claim_about_another_problem_is_another(store: Store) -> None:
    assert keep(store) != keep(store, features=ProblemFeatures(problem="q", answer_space="permutation"))


@pytest.mark.parametrize("claim", ["", "  \n", "a\x00b", "x" * 30_000])
def test_a_claim_that_is_no_text_is_refused_and_nothing_is_written(store: Store, claim: str) -> None:
    with pytest.raises(StoreError):
        keep(store, claim)
    assert store.count() == 0
