"""What is recalled for problems that nothing here was made for: an expert's strategies are among the first five."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from unseen_statements import SKETCHES, Sketch

from ale_agent.memory import ProblemFeatures, Store, recall
from ale_agent.statement import parse_statement


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        yield opened


@pytest.mark.parametrize("sketch", SKETCHES, ids=lambda sketch: sketch.title)
def test_an_experts_strategies_are_among_the_first_five(store: Store, sketch: Sketch) -> None:
    read = parse_statement(sketch.statement())
    features = ProblemFeatures.from_mapping(read.features.to_json())
    text = " ".join([read.title, *read.features.words])
    found = recall(store, features, text, limit=5, roles=("technique",))
    named = [item.strategy.id for item in found if item.strategy.id in sketch.expected]
    assert len(named) >= 2, [item.strategy.name for item in found]


def test_the_experts_lists_name_strategies_that_there_are_and_none_names_a_third_of_them(store: Store) -> None:
    for sketch in SKETCHES:
        assert all(store.find(name) is not None for name in sketch.expected), sketch.title
        assert len(sketch.expected) <= 8
