"""The problem folder ahc001: official cases, exact judging, and an encoding that says what the judge says."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "ahc001"
SMALL = (FOLDER / "samples" / "0000.in").read_text()
PLACED = (FOLDER / "samples" / "0000.out").read_text()
HELPERS = ("price_cuts", "choose_cut", "divide", "cut_square", "trim", "place_rectangles", "objective")


def load_tools(name: str = "tools_ahc001") -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled() -> ModuleType:
    module = load_tools("tools_ahc001_compiled")
    for helper in HELPERS:
        setattr(module, helper, numba.njit(getattr(module, helper)))
    return module


def digits(case: tuple, rng: np.random.Generator, share: float) -> np.ndarray:
    size = case[1].size - 1
    return rng.integers(0, 6, size) * (rng.random(size) < share)


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(
    ("rectangle", "expected"),
    [
        ("0 0 4 5", 1e9),
        ("0 1 4 5", 0.96e9),
        ("0 0 5 5", 0.96e9),
        ("3 4 4 5", 0.0975e9),
        ("0 0 3 5", 0),
        ("4 0 9 5", 0),
        ("0 5 5 9", 0),
    ],
)
def test_satisfaction_falls_with_the_square_of_what_is_amiss(rectangle: str, expected: float) -> None:
    assert tools.score("1\n3 4 20\n", rectangle) == expected


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "the output has 0 numbers, must be four for each of 4"),
        (PLACED + "1", "line 5: '1' comes after the last of 4 rectangles"),
        (PLACED.replace("5714", "5713.5"), "line 1: '5713.5' is not an integer"),
        (PLACED.replace("10000 10000", "10001 10000"), "10001 is not in"),
        (PLACED.replace("0 0 3500 5714", "0 0 0 5714"), "rectangle 0: 0 0 0 5714 is empty"),
        (PLACED.replace("0 0 3500 5714", "0 0 3501 5714"), "rectangles 0 and 1 overlap"),
        (PLACED.replace("0 5714 3500", "0 5714 3501"), "rectangles 2 and 3 overlap"),
    ],
)
def test_wrong_rectangle_is_refused_by_number(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from([*PLACED.splitlines(), "1 1 2 2", "-1", "9" * 30, "1e0", "\u0661", "nan", "\0"]), max_size=6
        ).map("\n".join),
    )
)
def test_any_text_is_scored_or_refused(output: str) -> None:
    with contextlib.suppress(ValueError):
        assert 0 <= tools.score(SMALL, output) <= 10**9


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_objective_equals_the_score_of_the_written_answer(compiled: ModuleType, share: float) -> None:
    rng = np.random.default_rng(int(10 * share))
    for seed in range(10):
        text = compiled.generate(seed)
        case = compiled.read_case(text)
        answer = digits(case, rng, share)
        assert compiled.objective(case, answer) == compiled.score(text, compiled.write_answer(case, answer))


def test_plain_python_objective_equals_the_compiled_one(compiled: ModuleType) -> None:
    case = tools.read_case(tools.generate(4))
    answer = digits(case, np.random.default_rng(4), 0.5)
    assert tools.objective(case, answer) == compiled.objective(case, answer)


@pytest.mark.parametrize(
    "case",
    [
        "1\n5000 5000 100000000\n",
        "2\n5 5 99999999\n5 6 1\n",
        "3\n0 0 1\n9999 9999 1\n9999 0 99999998\n",
        "4\n7 7 1\n7 8 1\n8 7 1\n8 8 99999997\n",
        "200\n" + "\n".join(f"4 {y} {500000 + y - 99}" for y in range(199)) + "\n5 3 1\n",
    ],
)
def test_crowded_points_are_placed_validly(compiled: ModuleType, case: str) -> None:
    arrays = compiled.read_case(case)
    for digit in range(6):
        answer = np.full(compiled.answer_space(arrays)["low"].size, digit)
        rectangles = compiled.write_answer(arrays, answer)
        assert compiled.score(case, rectangles) == compiled.objective(arrays, answer) > 0


def test_digits_out_of_range_are_invalid(compiled: ModuleType) -> None:
    case = compiled.read_case(SMALL)
    for answer in ([0, 0, 6], [-1, 0, 0], [0, 0], [0, 0, 0, 0]):
        assert compiled.objective(case, np.array(answer)) == -np.inf


def test_plain_digits_are_a_decent_greedy(compiled: ModuleType) -> None:
    cases = [compiled.read_case(compiled.generate(seed)) for seed in range(50)]
    assert np.mean([compiled.objective(case, np.zeros(case[1].size - 1, dtype=np.int64)) for case in cases]) > 0.945e9


def test_picture_is_well_formed_svg() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, PLACED))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
