"""A strategy as a value and its JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ale_agent.errors import StoreError
from ale_agent.memory import Evidence, Strategy, new_strategy, strategy_from_json, strategy_from_line
from ale_agent.memory.catalogue import known_problems, starter_strategies
from ale_agent.memory.strategy import stronger, unite

TRIAL: dict[str, Any] = {
    "problem": "ahc026",
    "kind": "trial",
    "gain": 0.03,
    "low": 0.02,
    "high": 0.04,
    "cases": 48,
    "baseline": "c-91ab00000000",
    "attempt": "a-1",
    "source": None,
}
LINE: dict[str, Any] = {
    "id": "s-3f2a91c0",
    "name": "Name",
    "archetypes": ["permutation"],
    "when": "When.",
    "how": "How.",
    "numba_notes": "",
    "parameters": [{"name": "T0", "low": 0.1, "high": 1e5, "log": True, "default": 100.0}],
    "failure_modes": ["It fails."],
    "program": None,
    "origin": {"kind": "curated", "problem": None, "attempt": None, "strategist": None, "created": "2026-11-23"},
    "evidence": [TRIAL, {"problem": "any", "kind": "citation", "source": "a page"}],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the sample line with one key set, given as a dotted path."""
    data = json.loads(json.dumps(LINE))
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = data
    for step in steps:
        place = place[step]
    place[last] = value
    return dict(data)


def test_a_line_comes_back_as_it_was_written() -> None:
    assert json.loads(strategy_from_json(LINE).to_line()) == LINE


def test_every_strategy_of_the_catalogue_comes_back_as_it_was() -> None:
    strategies = starter_strategies()
    assert len(strategies) >= 68
    assert len({strategy.id for strategy in strategies}) == len(strategies)
    assert all(strategy_from_line(strategy.to_line()) == strategy for strategy in strategies)


def test_the_catalogue_knows_the_contests_that_it_cites() -> None:
    known = {features.problem for features in known_problems()}
    cited = {item.problem for strategy in starter_strategies() for item in strategy.evidence}
    assert len(known & cited) > 30


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("id", "x-1", "id: must be 's-'"),
        ("id", "s-../../etc", "id: must be"),
        ("id", "s-" + "a" * 65, "id: must be"),
        ("id", 5, "id: must be"),
        ("name", "", "name: must be one line"),
        ("name", "a\nb", "name: must be one line"),
        ("name", "\x1b[31mred", "control characters"),
        ("name", "\ud800", "lone surrogates"),
        ("name", "x" * 201, "at most 200 characters, got '201 characters'"),
        ("when", None, "when: must be a text"),
        ("how", "x" * 20_001, "how: must have at most"),
        ("archetypes", "permutation", "archetypes: must be a list"),
        ("archetypes", ["A B"], r"archetypes\[0\]: must be a lower-case tag"),
        ("archetypes", ["a"] * 65, "archetypes: must have at most 64"),
        ("extra", 1, "unknown key .*got 'extra'"),
        ("program", "", "program: must be null or a whole program"),
        ("program", "x" * (512 * 1024 + 1), "program: must have at most"),
        ("origin.kind", "stolen", "origin.kind: must be"),
        ("origin.created", "yesterday", "origin.created: must be a date"),
        ("origin.problem", "../x", "origin.problem"),
        ("origin.rank", 1, "origin: unknown key"),
        ("parameters.0.low", 1e6, r"parameters\[0\]\.low: must be less than high"),
        ("parameters.0.low", 0, "must be positive where log"),
        ("parameters.0.default", 1e9, "default: must lie from"),
        ("parameters.0.default", True, "must be a finite number"),
        ("parameters.0.high", 10**400, "must be a finite number"),
        ("parameters.0.high", None, "must be a finite number"),
        ("parameters.0.name", "a b", "must be an identifier"),
        ("parameters.0.log", "yes", "must be true or false"),
        ("parameters.0.choices", ["a"], "has no meaning beside choices"),
        ("parameters", [LINE["parameters"][0]] * 2, "each name once"),
        ("evidence.0.gain", 0.5, "low <= gain <= high"),
        ("evidence.0.gain", None, "gain: must be a finite number"),
        ("evidence.0.high", 1e300, "must be a log-ratio"),
        ("evidence.0.cases", 0, "cases: must be an integer"),
        ("evidence.0.cases", 4.0, "cases: must be an integer"),
        ("evidence.0.problem", "a b", "must be a problem's id"),
        ("evidence.0.kind", "rumour", "must be 'trial' or 'citation'"),
        ("evidence.0.rank", 1, r"evidence\[0\]: unknown key"),
        ("evidence.1.gain", 0.1, "a citation carries no gain"),
        ("evidence.1.source", None, "a citation needs its source"),
    ],
)
def test_a_broken_line_is_refused_with_key_and_rule(path: str, value: Any, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        strategy_from_json(changed(path, value))


@pytest.mark.parametrize("key", ["id", "name", "archetypes", "when", "how", "origin"])
def test_a_missing_required_key_is_named(key: str) -> None:
    with pytest.raises(StoreError, match=f"required key '{key}' is missing"):
        strategy_from_json({name: value for name, value in LINE.items() if name != key})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "must be a JSON object"),
        ("{", "not valid JSON"),
        ('{"id": NaN}', "NaN is no number"),
        ('{"id": -Infinity}', "Infinity is no number"),
        ('{"id": 1, "id": 2}', "id: the key is given twice"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 10_000, "not valid JSON"),
    ],
)
def test_hostile_json_is_refused(text: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        strategy_from_line(text)


def test_choices_come_back_as_they_were_written() -> None:
    parameter = {"name": "acceptance", "choices": ["metropolis", "threshold"], "default": "threshold"}
    strategy = strategy_from_json(changed("parameters", [parameter]))
    assert strategy.to_json()["parameters"] == [parameter]


def test_a_default_that_is_no_choice_is_refused() -> None:
    with pytest.raises(StoreError, match="must be one of"):
        strategy_from_json(changed("parameters", [{"name": "a", "choices": [1, 2], "default": True}]))


def test_a_handwritten_strategy_needs_no_id_and_no_origin() -> None:
    value = {"name": "Mine", "when": "Always.", "how": "Well."}
    strategy = new_strategy(value, created="2026-11-23")
    assert strategy.origin.created == "2026-11-23"
    assert strategy == new_strategy(value, created="2026-11-23")


def test_the_same_measurement_written_again_is_the_same_evidence() -> None:
    one = Evidence("p", "trial", 0.1, 0.0, 0.2, 10, "c-1", "a-1", "c-2")
    again = Evidence("p", "trial", 0.11, 0.0, 0.2, 20, "c-1", "a-1", "c-2")
    assert one.key == again.key
    assert stronger(one, again) == stronger(again, one) == again


@pytest.mark.parametrize("changes", [{"baseline": "c-9"}, {"attempt": "a-9"}, {"source": "c-9"}, {"problem": "q"}])
def test_another_measurement_is_other_evidence(changes: dict[str, str]) -> None:
    values: dict[str, Any] = {"problem": "p", "baseline": "c-1", "attempt": "a-1", "source": "c-2"}
    figures: dict[str, Any] = {"kind": "trial", "gain": 0.1, "low": 0.0, "high": 0.2, "cases": 10}
    assert Evidence(**values, **figures).key != Evidence(**{**values, **changes}, **figures).key


def test_evidence_is_united_once() -> None:
    one = strategy_from_json(LINE)
    other = strategy_from_json(changed("evidence", [TRIAL, {**TRIAL, "attempt": "a-2"}]))
    assert [item.attempt for item in unite(one, other).evidence] == ["a-1", None, "a-2"]
    assert unite(one, one) == one


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PLACES = st.sampled_from(
    re.findall(
        r"\S+",
        """id name archetypes archetypes.0 when parameters parameters.0 parameters.0.name parameters.0.low
        parameters.0.default parameters.0.choices failure_modes program origin origin.kind origin.problem evidence
        evidence.0 evidence.0.gain evidence.0.low evidence.0.cases evidence.0.attempt evidence.1.source""",
    )
)


@given(PLACES, JSON)
def test_any_value_anywhere_is_a_strategy_that_survives_or_a_store_error(path: str, value: Any) -> None:
    try:
        strategy = strategy_from_json(changed(path, value) if value == value else LINE)
    except StoreError:
        return
    assert isinstance(strategy, Strategy)
    assert strategy_from_line(strategy.to_line()) == strategy


@given(st.text(max_size=200))
def test_any_text_is_a_strategy_or_a_store_error(text: str) -> None:
    with pytest.raises(StoreError):
        strategy_from_line(text)
