"""The problem folder knapsack: Chu and Beasley's generator, exact profits, an objective that says what the judge says."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import itertools
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import naive_judges

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "knapsack"
SMALL = "6 2\n10 7 12 8 5 9\n4 3 6 2 1 5\n3 5 2 4 6 1\n12 10\n"
SVG = "{http://www.w3.org/2000/svg}"


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_knapsack", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    return numba.njit(tools.objective)


def test_generated_cases_are_pinned() -> None:
    text = "".join(tools.generate(seed) for seed in [*range(10), 2**64 - 1])
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "54390b9f1fe99fd66b15a02de095f61adc88fdbea1a223ef95e1d364c399970c"
    )


def test_all_sizes_and_tightnesses_occur_among_100_seeds() -> None:
    kinds = set()
    for seed in range(100):
        items, constraints, _, weights, capacities = tools.read_case(tools.generate(seed))
        kinds.add((items, constraints, round(4 * capacities[0] / weights[:, 0].sum())))
    assert kinds == set(itertools.product((100, 250), (5, 10), (1, 2, 3)))


@pytest.mark.parametrize("seed", [0, 1, 2, 7, 2**64 - 1])
def test_capacities_and_profits_follow_from_the_weights(seed: int) -> None:
    _, constraints, profits, weights, capacities = tools.read_case(tools.generate(seed))
    sums = weights.sum(axis=0)
    quarters = round(4 * capacities[0] / sums[0])
    extra = profits - weights.sum(axis=1) // constraints
    assert (capacities == quarters * sums // 4).all()
    assert 0 <= weights.min() <= weights.max() <= 1000
    assert 0 <= extra.min() <= extra.max() < 500


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(
    ("output", "profit"), [("0", 0), ("1 2", 7), ("2 1 5\n", 15), ("3\n1\n2\n6", 26), ("3 1 3 4", 30)]
)
def test_profit_is_the_sum_over_the_chosen_items(output: str, profit: int) -> None:
    assert tools.score(SMALL, output) == profit


def test_no_choice_of_the_small_case_beats_its_sample() -> None:
    profits = []
    for count in range(7):
        for chosen in itertools.combinations(range(1, 7), count):
            with contextlib.suppress(ValueError):
                profits.append(tools.score(SMALL, " ".join(map(str, (count, *chosen)))))
    assert (max(profits), len(profits)) == (30, 27)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "k: the output is empty"),
        ("7 1 2 3 4 5 6", r"line 1, k: 7 is not in 0\.\.6"),
        ("-1", r"line 1, k: -1 is not in 0\.\.6"),
        ("one 1", "line 1, k: 'one' is not an integer"),
        ("2 1", "the choice has 1 items, must be the k = 2 announced"),
        ("1 1\n3", "line 2, item 2 of the choice: 3 is one item more than the k = 1 announced"),
        ("2\n1 7", r"line 2, item 2 of the choice: 7 is not in 1\.\.6"),
        ("1 0", r"line 1, item 1 of the choice: 0 is not in 1\.\.6"),
        ("2 4 1", "item 2 of the choice: 1 must be greater than the item before it, 4"),
        ("2 4 4", "item 2 of the choice: 4 must be greater than the item before it, 4"),
        ("1 1.0", "'1.0' is not an integer"),
        ("3 1 2 3", "weigh 13 in constraint 1, must be at most 12"),
        ("2 2 5", "weigh 11 in constraint 2, must be at most 10"),
    ],
)
def test_what_is_no_feasible_choice_is_refused_with_its_place(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("", "has 0 integers"),
        ("1 1\n5\n3\n", "must hold n m, n profits, m x n weights, m capacities, has 4 integers"),
        ("999999999 999999999\n1\n", "has 3 integers"),
        ("1 -1\n5\n", "has 3 integers"),
        ("1 1\n5\n\u0663\n4\n", "line 3 of the case: '\u0663' is not an integer"),
        ("1 1\n5\n-3\n4\n", r"must hold profits and weights 0\.\.1000000, has -3\.\.5"),
        ("1 1\n5\n3\n-4\n", r"must hold capacities 0\.\.1000000000000, has -4\.\.-4"),
    ],
)
def test_a_broken_case_is_refused(case: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(case, "0")


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.integers(1, 6), unique=True).map(lambda items: " ".join(map(str, [len(items), *sorted(items)]))),
        st.lists(st.sampled_from(["0", "1", "2", "3", "-1", "9" * 30, "1e0", "\u0661", "nan", "\0", "\n"])).map(
            " ".join
        ),
    )
)
def test_any_text_is_scored_or_refused_as_a_second_judge_does(output: str) -> None:
    try:
        profit = tools.score(SMALL, output)
    except ValueError:
        profit = None
    assert profit == naive_judges.knapsack(SMALL, output)


@pytest.mark.parametrize("seed", [0, 1, 2, 9])
def test_objective_equals_the_score_of_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    for share in np.linspace(0, 1, 11):
        answer = (rng.random(case[0]) < share).astype(np.int64)
        value = compiled_objective(case, answer)
        assert value == tools.score(text, tools.write_answer(case, answer)) == tools.objective(case, answer)


@pytest.mark.parametrize(
    ("answer", "written", "profit"),
    [
        ([0, 0, 0, 0, 0, 0], "0\n", 0),
        ([1, 1, 1, 1, 1, 1], "3 1 2 6\n", 26),
        ([1, 0, 1, 1, 1, 1], "3 1 3 4\n", 30),
        ([0, 1, 0, 0, 1, 1], "2 2 6\n", 16),
    ],
)
def test_an_item_that_no_longer_fits_is_left_out(compiled_objective, answer, written: str, profit: int) -> None:
    case, array = tools.read_case(SMALL), np.array(answer)
    assert (tools.write_answer(case, array), compiled_objective(case, array)) == (written, profit)


@pytest.mark.parametrize("answer", [[0, 1, 0, 0, 1], [0] * 7, [0, 1, 0, 0, 1, 2], [-1, 0, 0, 0, 0, 0]])
def test_what_is_no_subset_is_invalid(compiled_objective, answer: list[int]) -> None:
    assert compiled_objective(tools.read_case(SMALL), np.array(answer)) == -np.inf


def test_the_objective_leaves_the_case_as_it_was(compiled_objective) -> None:
    case = tools.read_case(SMALL)
    values = [compiled_objective(case, np.ones(6, dtype=np.int64)) for _ in range(3)]
    assert values == [26, 26, 26]


def test_picture_has_a_bar_a_capacity_and_an_item() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, "3 1 3 4"))
    fills = [box.get("fill") for box in root.iter(f"{SVG}rect")]
    assert root.tag == f"{SVG}svg"
    assert [fills.count(colour) for colour in ("#4878b8", "#e08030", "#c0c0c0")] == [2, 3, 3]


def test_weightless_items_and_empty_capacities_are_drawn() -> None:
    ElementTree.fromstring(tools.draw("2 1\n5 0\n0 0\n0\n", "2 1 2"))
