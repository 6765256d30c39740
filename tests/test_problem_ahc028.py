"""The problem folder ahc028: official cases, exact judging, and an objective that says what the judge says."""

from __future__ import annotations

import contextlib
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

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "ahc028"
SMALL = (FOLDER / "samples" / "0000.in").read_text()
TYPED = (FOLDER / "samples" / "0000.out").read_text()


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_ahc028", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    return numba.njit(tools.objective)


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(("presses", "expected"), [(0, 333), (5, 667), (9, 1000), (10, 9980)])
def test_score_counts_words_until_all_are_there(presses: int, expected: int) -> None:
    assert tools.score(SMALL, "".join(TYPED.splitlines(keepends=True)[:presses])) == expected


def test_pressing_the_same_key_again_costs_one() -> None:
    last = TYPED.splitlines()[-1]
    assert tools.score(SMALL, f"{TYPED}{last}\n") == tools.score(SMALL, TYPED) - 1


def test_score_of_a_whole_text_is_at_least_1001() -> None:
    assert tools.score(SMALL, TYPED + "0 0\n3 3\n" * 2400) == 1001


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("0 0\n4 0", r"line 2: row 4 is not in 0\.\.3"),
        ("0 0\n0 -1", r"line 2: column -1 is not in 0\.\.3"),
        ("0 A", "line 1: 'A' is not an integer"),
        ("0 0\n3", "ends after row 3, without the column"),
        ("0 0\n" * 5001, "line 5001: more than 5000 keys"),
    ],
)
def test_wrong_key_is_refused_with_its_line(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["0 1", "3 3\n", "2", "-1", "9" * 30, "1e0", "\u0661", "nan", "\0", "\n"])).map(
            " ".join
        ),
    )
)
def test_any_text_is_scored_or_refused(output: str) -> None:
    with contextlib.suppress(ValueError):
        assert 333 <= tools.score(SMALL, output) <= 10000


@pytest.mark.parametrize("seed", [0, 7])
def test_objective_equals_the_score_of_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    for _ in range(5):
        order = rng.permutation(200)
        value = compiled_objective(case, order)
        assert value == tools.score(text, tools.write_answer(case, order))


def test_objective_does_not_depend_on_what_it_remembers(compiled_objective) -> None:
    text, rng = tools.generate(3), np.random.default_rng(3)
    case, order = tools.read_case(text), np.arange(200)
    for step in range(500):
        first, second = sorted(rng.integers(0, 201, 2))
        if step % 7 == 0:
            assert compiled_objective(case, np.zeros(200, dtype=np.int64)) == -np.inf
        order[first:second] = np.roll(order[first:second], int(rng.integers(0, 9)))
        fresh = case[:4] + tuple(part.copy() for part in case[4:6]) + (np.full(200, -2),) + case[7:]
        assert compiled_objective(case, order) == compiled_objective(fresh, order)


def test_plain_python_objective_equals_the_compiled_one(compiled_objective) -> None:
    case, order = tools.read_case(tools.generate(5)), np.random.default_rng(5).permutation(200)
    assert tools.objective(case, order) == compiled_objective(tools.read_case(tools.generate(5)), order)


def test_keys_of_the_small_case_are_the_cheapest_of_all() -> None:
    _, start, board, words = tools._parse(SMALL)
    keys = {letter: [(r, c) for r in range(4) for c in range(4) if board[r][c] == letter] for letter in "ABCDE"}
    for order in itertools.permutations(range(3)):
        text = words[order[0]]
        for first, second in itertools.pairwise(order):
            text += words[second][tools._overlap(words[first], words[second]) :]
        cheapest = {start: 0}
        for letter in text:
            cheapest = {
                key: min(cost + tools._typing_cost(last, [key]) for last, cost in cheapest.items())
                for key in keys[letter]
            }
        assert tools.objective(tools.read_case(SMALL), np.array(order)) == 10000 - min(cheapest.values())


@pytest.mark.parametrize("answer", [[0, 1, 1], [0, 1], [0, 1, 3], [-1, 0, 1]])
def test_what_is_no_permutation_is_invalid(compiled_objective, answer: list[int]) -> None:
    assert compiled_objective(tools.read_case(SMALL), np.array(answer)) == -np.inf


def test_picture_is_well_formed_svg() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, TYPED))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
