"""The bundled problem ahc006: its cases, its judging and its array level."""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).parents[1] / "problems" / "ahc006"


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_ahc006", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOLS = load_tools()
CASE = (FOLDER / "samples" / "0000.in").read_text()
OUTPUT = (FOLDER / "samples" / "0000.out").read_text()
CHOSEN_LINE, TOUR_LINE = OUTPUT.splitlines()


@pytest.mark.parametrize("name", ["0000", "0001", "0002"])
def test_a_sample_scores_what_is_recorded(name):
    scores = json.loads((FOLDER / "samples" / "scores.json").read_text())
    case, output = ((FOLDER / "samples" / f"{name}.{ending}").read_text() for ending in ("in", "out"))
    assert TOOLS.score(case, output) == scores[name]


def test_the_score_follows_the_length_of_the_tour():
    points = [tuple(map(int, TOUR_LINE.split()[k : k + 2])) for k in range(1, len(TOUR_LINE.split()), 2)]
    length = sum(abs(x - u) + abs(y - v) for (x, y), (u, v) in itertools.pairwise(points))
    assert TOOLS.score(CASE, OUTPUT) == int(1e8 / (1000 + length) + 0.5)


def test_the_last_answer_counts():
    detour = TOUR_LINE.split()
    detour = [str(int(detour[0]) + 1), "400", "400", "0", "0", *detour[3:]]
    worse = f"{CHOSEN_LINE}\n{' '.join(detour)}\n"
    assert TOOLS.score(CASE, worse + OUTPUT) == TOOLS.score(CASE, OUTPUT) > TOOLS.score(CASE, OUTPUT + worse)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "token 1: expected the number of orders"),
        ("49 " + " ".join(CHOSEN_LINE.split()[1:50]) + "\n" + TOUR_LINE, "m must be 50, is 49"),
        ("-1\n", "must not be negative"),
        (CHOSEN_LINE, "expected the number of points n"),
        (CHOSEN_LINE + "\n2 400 400 400", "1 of the numbers that follow are missing"),
        (CHOSEN_LINE + "\n0", "n must be at least 2"),
        (CHOSEN_LINE + "\n2 400 400 400 400", "does not stop at its restaurant"),
        (CHOSEN_LINE + "\n2 400 400 400 401", "point 2 must be the office"),
        (CHOSEN_LINE + "\n3 400 400 801 0 400 400", "point 2 must lie in 0..800"),
        (OUTPUT.replace(" ", " x", 1), "line 1, token 2: expected an integer, got 'x"),
        (OUTPUT + "nan", "expected an integer, got 'nan'"),
        ("50 " + "7 " * 50 + "\n" + TOUR_LINE, "7 is named more than once"),
        ("50 0 " + " ".join(CHOSEN_LINE.split()[2:]) + "\n" + TOUR_LINE, "r_1 must be 1 to 1000, is 0"),
    ],
)
def test_a_broken_output_is_refused_with_the_reason(output, reason):
    with pytest.raises(ValueError, match=reason):
        TOOLS.score(CASE, output)


def test_an_address_before_its_restaurant_is_refused():
    points = [TOUR_LINE.split()[k : k + 2] for k in range(1, len(TOUR_LINE.split()), 2)]
    backwards = " ".join(value for point in reversed(points) for value in point)
    with pytest.raises(ValueError, match="after its restaurant"):
        TOOLS.score(CASE, f"{CHOSEN_LINE}\n{len(points)} {backwards}\n")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(OUTPUT)), st.integers(0, 40), st.text(max_size=12))
def test_any_text_is_scored_or_refused(start, length, inserted):
    output = OUTPUT[:start] + inserted + OUTPUT[start + length :]
    with contextlib.suppress(ValueError):
        assert 0 < TOOLS.score(CASE, output) <= 100_000


@pytest.mark.parametrize("seed", range(4))
def test_the_objective_of_an_answer_is_the_score_of_its_text(seed):
    text = TOOLS.generate(seed)
    case = TOOLS.read_case(text)
    space = TOOLS.answer_space(case)
    answer = np.random.default_rng(seed).integers(space["low"], space["high"] + 1)
    assert TOOLS.objective(case, answer) == TOOLS.score(text, TOOLS.write_answer(case, answer))


@pytest.mark.parametrize("answer", [[0] * 49, [400] + [0] * 49, [-1] + [0] * 49])
def test_an_invalid_answer_is_worth_minus_infinity_and_has_no_text(answer):
    case = TOOLS.read_case(CASE)
    array = np.array(answer, dtype=np.int64)
    assert TOOLS.objective(case, array) == -np.inf
    with pytest.raises(ValueError, match="50 ranks from 0 to 399"):
        TOOLS.write_answer(case, array)


def test_the_picture_shows_the_tour():
    assert TOOLS.draw(CASE, OUTPUT).count("<circle") == 100
