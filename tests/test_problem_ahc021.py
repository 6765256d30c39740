"""The bundled problem ahc021: its cases, its judging and its array level."""

from __future__ import annotations

import contextlib
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).parents[1] / "problems" / "ahc021"


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_ahc021", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOLS = load_tools()
CASE = (FOLDER / "samples" / "0000.in").read_text()
OUTPUT = (FOLDER / "samples" / "0000.out").read_text()
SORTED = "".join(" ".join(str(x * (x + 1) // 2 + y) for y in range(x + 1)) + "\n" for x in range(30))


def test_a_case_holds_each_ball_once_in_rows_of_growing_length():
    rows = [[int(token) for token in line.split()] for line in TOOLS.generate(7).splitlines()]
    assert [len(row) for row in rows] == list(range(1, 31))
    assert sorted(ball for row in rows for ball in row) == list(range(465))


def test_generating_is_deterministic_and_seeds_differ():
    assert TOOLS.generate(3) == TOOLS.generate(3) != TOOLS.generate(4)


@pytest.mark.parametrize("name", ["0000", "0001", "0002", "0003"])
def test_a_sample_scores_what_is_recorded(name):
    scores = json.loads((FOLDER / "samples" / "scores.json").read_text())
    case, output = ((FOLDER / "samples" / f"{name}.{ending}").read_text() for ending in ("in", "out"))
    assert TOOLS.score(case, output) == scores[name]


def test_a_sorted_triangle_needs_nothing():
    assert TOOLS.score(SORTED, "0\n") == 100000


def test_each_swap_costs_five_while_sorted():
    assert TOOLS.score(SORTED, "2\n29 0 29 1\n29 0 29 1\n") == 99990


def test_each_violation_costs_fifty():
    # Ball 0 goes down to (1, 0): it is smaller than ball 1 above it, and nothing else is out of order.
    assert TOOLS.score(SORTED, "1\n0 0 1 0\n") == 49950


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "the output is empty"),
        ("-1", "K must be 0 to 10000, is -1"),
        ("10001", "K must be 0 to 10000, is 10001"),
        ("1", "so 4 numbers must follow, but 0 do"),
        ("0\n1", "so 0 numbers must follow, but 1 do"),
        ("1\n0 0 0 x", "line 2, token 4: expected an integer, got 'x'"),
        ("1\n0 0 1 2", r"operation 1: \(1, 2\) is no place"),
        ("1\n30 0 29 0", r"operation 1: \(30, 0\) is no place"),
        ("1\n0 -1 0 0", r"operation 1: \(0, -1\) is no place"),
        ("1\n5 1 5 3", "do not touch"),
        ("1\n5 1 4 2", "do not touch"),
        ("1\n5 1 5 1", "do not touch"),
    ],
)
def test_a_broken_output_is_refused_with_the_reason(output, reason):
    with pytest.raises(ValueError, match=reason):
        TOOLS.score(CASE, output)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(OUTPUT)), st.integers(0, 40), st.text(max_size=12))
def test_any_text_is_scored_or_refused(start, length, inserted):
    output = OUTPUT[:start] + inserted + OUTPUT[start + length :]
    with contextlib.suppress(ValueError):
        assert TOOLS.score(CASE, output) <= 100_000


@pytest.mark.parametrize("seed", range(4))
def test_the_objective_of_an_answer_is_the_score_of_its_text(seed):
    text = TOOLS.generate(seed)
    case = TOOLS.read_case(text)
    space = TOOLS.answer_space(case)
    answer = np.random.default_rng(seed).integers(space["low"], space["high"] + 1)
    assert TOOLS.objective(case, answer) == TOOLS.score(text, TOOLS.write_answer(case, answer)) > 80_000


@pytest.mark.parametrize("answer", [[0] * 464, [21] + [0] * 464, [-1] + [0] * 464])
def test_an_invalid_answer_is_worth_minus_infinity_and_has_no_text(answer):
    case = TOOLS.read_case(CASE)
    array = np.array(answer, dtype=np.int64)
    assert TOOLS.objective(case, array) == -np.inf
    with pytest.raises(ValueError, match="465 numbers from 0 to 20"):
        TOOLS.write_answer(case, array)


def test_the_picture_marks_each_violation():
    violations = (50000 - TOOLS.score(CASE, OUTPUT)) // 50
    assert TOOLS.draw(CASE, OUTPUT).count("<path") == violations
