"""The problem folder tsp: uniform points, TSPLIB's rounded distances, an objective that says what the judge says."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import itertools
import json
import xml.etree.ElementTree as ElementTree
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "tsp"
SMALL = "5\n10 10\n0 0\n4 5\n10 0\n0 10\n"
POINT = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_tsp", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    return numba.njit(tools.objective)


def test_cases_stay_the_same() -> None:
    text = "".join(tools.generate(seed) for seed in [*range(20), 2**63, 2**64 - 1])
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "0b818349c59ebcd1a4265629ee215d3ba876dad92cfce164ad0afde8e9fe29ff"
    )


@pytest.mark.parametrize("seed", [0, 1, 5, 1000, 2**64 - 1])
def test_a_case_has_100_to_200_distinct_points_of_the_grid(seed: int) -> None:
    head, *rows = tools.generate(seed).splitlines()
    points = {tuple(map(int, row.split())) for row in rows}
    assert 100 <= int(head) == len(rows) == len(points) <= 200
    assert all(0 <= x <= 1_000_000 and 0 <= y <= 1_000_000 for x, y in points)


def test_sizes_cover_100_to_200() -> None:
    sizes = {int(tools.generate(seed).split("\n", 1)[0]) for seed in range(400)}
    assert min(sizes) <= 102 and max(sizes) >= 198 and len(sizes) > 85


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (1, 1), 1),  # 1.41
        ((0, 0), (4, 2), 4),  # 4.47, the square is 4 * 5
        ((0, 0), (2, 3), 4),  # 3.61
        ((7, 1), (4, 5), 5),
        ((0, 0), (1_000_000, 1_000_000), 1_414_214),  # 1414213.56
    ],
)
def test_distance_is_rounded_to_the_nearest_integer(
    one: tuple[int, int], other: tuple[int, int], distance: int
) -> None:
    assert tools._distance(one, other) == tools._distance(other, one) == distance


@given(POINT, POINT)
def test_distance_is_exact(one: tuple[int, int], other: tuple[int, int]) -> None:
    square = (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
    exact = Decimal(square).sqrt().to_integral_value(rounding=ROUND_HALF_UP)
    assert tools._distance(one, other) == exact
    _, points, distances = tools.read_case(f"3\n{one[0]} {one[1]}\n{other[0]} {other[1]}\n0 0")
    assert distances.dtype == points.dtype == np.int64
    assert distances[0, 1] == distances[1, 0] == exact


def test_matrix_holds_the_judges_distances() -> None:
    size, points, distances = tools.read_case(tools.generate(3))
    spots = [(x, y) for x, y in points.tolist()]
    assert distances.tolist() == [[tools._distance(one, other) for other in spots] for one in spots]
    assert distances.shape == (size, size) and distances.flags.c_contiguous


def test_small_tour_has_the_length_computed_by_hand() -> None:
    assert tools.score(SMALL, "2 4 1 5 3") == 10 + 10 + 10 + 6 + 6


def test_start_and_direction_make_no_difference() -> None:
    assert tools.score(SMALL, "1 5 3 2 4") == tools.score(SMALL, "3\n5\n1\n4\n2") == 42


def test_no_tour_of_the_small_case_beats_its_sample() -> None:
    lengths = [tools.score(SMALL, " ".join(map(str, tour))) for tour in itertools.permutations(range(1, 6))]
    assert min(lengths) == 42


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "the tour has 0 points, must have all 5"),
        ("1 2 3 4", "the tour has 4 points"),
        ("1 2\n3 4 3", "line 2, point 5 of the tour: 3 is there already, as point 3"),
        ("1 2 3 4 5 1", "point 6 of the tour: 1 is there already"),
        ("0 1 2 3 4", r"line 1, point 1 of the tour: 0 is not in 1\.\.5"),
        ("1 2 3 4 6", r"point 5 of the tour: 6 is not in 1\.\.5"),
        ("1 2 3 4 5.0", "'5.0' is not an integer"),
        ("1 2 3 4 \u0665", "is not an integer"),
        ("9" * 5000, "is not an integer"),
    ],
)
def test_what_is_no_tour_is_refused_with_its_place(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("", "the case must hold n and n points x y, has 0 integers"),
        ("5\n10 10\n0 0\n4 5\n10 0\n0", "has 10 integers"),
        (SMALL + "7", "has 12 integers"),
        ("2\n0 0\n1 1", r"the case, line 1, integer 1: 2 is not in 3\.\.2000"),
        ("999999999", r"999999999 is not in 3\.\.2000"),
        ("3\n0 0\n1 1000001\n2 2", r"the case, line 3, integer 5: 1000001 is not in 0\.\.1000000"),
        ("3\n0 0\n1 x\n2 2", "the case, line 3, integer 5: 'x' is not an integer"),
    ],
)
def test_a_broken_case_is_refused_with_its_place(case: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(case, "1 2 3 4 5")


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["1", "2", "3", "4", "5", "-1", "9" * 30, "1e0", "\u0661", "nan", "\0", "\n"])).map(
            " ".join
        ),
    )
)
def test_any_text_is_scored_or_refused(output: str) -> None:
    with contextlib.suppress(ValueError):
        assert 42 <= tools.score(SMALL, output) <= 5 * 14


@pytest.mark.parametrize("seed", [0, 1, 31, 77])
def test_objective_equals_the_score_of_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    for _ in range(10):
        tour = rng.permutation(case[0])
        value = compiled_objective(case, tour)
        assert value == tools.score(text, tools.write_answer(case, tour)) == tools.objective(case, tour)


@pytest.mark.parametrize(
    "answer",
    [[0, 1, 2, 3, 3], [4, 1, 2, 3, 4], [0, 1, 2, 3], [0, 1, 2, 3, 4, 0], [5, 0, 1, 2, 3], [0, 1, 2, 3, -1], []],
)
def test_what_is_no_permutation_is_invalid(compiled_objective, answer: list[int]) -> None:
    case, array = tools.read_case(SMALL), np.array(answer, dtype=np.int64)
    assert compiled_objective(case, array) == tools.objective(case, array) == np.inf


def test_answers_are_the_permutations_of_the_points() -> None:
    assert tools.answer_space(tools.read_case(SMALL)) == {"kind": "permutation", "size": 5}


def test_picture_is_well_formed_svg_with_a_dot_a_point() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, "2 4 1 5 3"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{space}svg" and root.attrib["viewBox"] == "0 0 1040 1060"
    assert len(root.findall(f"{space}circle")) == 5
