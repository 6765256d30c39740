"""The problem folder maxcut: its generator, exact scores above zero, an objective that says what the judge says."""

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

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "maxcut"
SMALL = "5 7\n1 2 1\n1 3 -1\n1 4 1\n2 3 1\n2 5 -1\n3 4 1\n4 5 1\n"


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_maxcut", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    return numba.njit(tools.objective)


def test_cases_of_a_seed_never_change() -> None:
    text = "".join(tools.generate(seed) for seed in [*range(6), 2**64 - 1])
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "98c81e680e9dea6afca31f5f929347ff720f2be9e9e7d01d5942553dd312f663"
    )


@pytest.mark.parametrize(("seed", "weights"), [(0, {1}), (1, {-1, 1}), (6, {1}), (2**64 - 1, {-1, 1})])
def test_weights_have_both_signs_for_odd_seeds_only(seed: int, weights: set[int]) -> None:
    vertices, _, ends, others, drawn = tools.read_case(tools.generate(seed))
    assert 80 <= vertices <= 160
    assert set(drawn.tolist()) == weights
    pairs = list(zip(ends.tolist(), others.tolist(), strict=True))
    assert pairs == sorted(set(pairs))


def test_densities_are_the_three_of_the_statement() -> None:
    near = set()
    for seed in range(12):
        vertices, _, _, _, weights = tools.read_case(tools.generate(seed))
        density = 2 * weights.size / (vertices * (vertices - 1))
        near.add(min((0.06, 0.2, 0.5), key=lambda chance: abs(chance - density)))
        assert min(abs(chance - density) for chance in (0.06, 0.2, 0.5)) < 0.03
    assert near == {0.06, 0.2, 0.5}


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [("0", 3), ("5 1 2 3 4 5", 3), ("1 1", 4), ("1 5", 3), ("2 1 3", 7), ("3 2 4 5", 7), ("2 1 5", 4), ("2 1 4", 5)],
)
def test_score_is_w_plus_the_cut(output: str, expected: int) -> None:
    assert tools.score(SMALL, output) == expected


def test_score_is_positive_even_where_all_negative_edges_are_cut() -> None:
    assert tools.score("3 2\n1 2 -1\n1 3 -4\n", "1 1") == 1


def test_no_cut_of_the_small_case_beats_its_sample(compiled_objective) -> None:
    case = tools.read_case(SMALL)
    values = [compiled_objective(case, np.array(side)) for side in itertools.product((0, 1), repeat=5)]
    assert max(values) == 7


@pytest.mark.parametrize("vertices", [5, 8])
def test_best_cut_of_a_complete_graph_halves_it(compiled_objective, vertices: int) -> None:
    edges = list(itertools.combinations(range(1, vertices + 1), 2))
    case = tools.read_case(f"{vertices} {len(edges)}\n" + "\n".join(f"{u} {v} 1" for u, v in edges))
    sides = itertools.product((0, 1), repeat=vertices)
    assert max(compiled_objective(case, np.array(side)) for side in sides) == 1 + vertices**2 // 4


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "the output is empty"),
        ("6 1 2 3 4 5", r"line 1, k: 6 is not in 0\.\.5"),
        ("-1", r"line 1, k: -1 is not in 0\.\.5"),
        ("two 1 3", "line 1, k: 'two' is not an integer"),
        ("2 1", "the side has 1 vertices, must be k = 2"),
        ("2\n1 3\n5", "line 3, vertex 3 of the side: 5 is one too many, k is 2"),
        ("2 3 1", "line 1, vertex 2 of the side: 1 comes after 3, must be greater"),
        ("2 3 3", "vertex 2 of the side: 3 comes after 3"),
        ("2 0 3", r"vertex 1 of the side: 0 is not in 1\.\.5"),
        ("2 1 6", r"vertex 2 of the side: 6 is not in 1\.\.5"),
        ("1 2.0", "'2.0' is not an integer"),
        ("1 \u0661", "is not an integer"),
    ],
)
def test_what_is_no_side_is_refused_with_its_place(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("", "has 0 integers"),
        ("5", "has 1 integers"),
        ("5 999999999999\n1 2 1\n", "has 5 integers"),
        ("999999999 1\n1 2 1\n", r"n in 2\.\.100000"),
        ("5 1\n2 1 1\n", "edge 1 of the case must have 1 <= u < v <= 5 and w in .*, is 2 1 1"),
        ("5 2\n1 2 1\n1 6 1\n", "edge 2 of the case"),
        ("5 1\n1 2 100000000000\n", "edge 1 of the case"),
        ("5 2\n1 2 1\n1 2 -1\n", "each pair u v once"),
        ("5 1\n1 2 one\n", "its token 5 is 'one'"),
    ],
)
def test_what_is_no_case_is_refused(case: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(case, "0")


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["0", "1", "2", "3", "5", "-1", "9" * 30, "1e0", "\u0661", "nan", "\0", "\n"])).map(
            " ".join
        ),
    )
)
def test_any_text_is_scored_or_refused(output: str) -> None:
    with contextlib.suppress(ValueError):
        assert 1 <= tools.score(SMALL, output) <= 7


@pytest.mark.parametrize("seed", [0, 1, 3, 6])
def test_objective_equals_the_score_of_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    for share in np.linspace(0, 1, 10):
        side = (rng.random(case[0]) < share).astype(np.int64)
        value = compiled_objective(case, side)
        assert value == tools.score(text, tools.write_answer(case, side)) == tools.objective(case, side)


def test_both_sides_of_a_cut_score_alike(compiled_objective) -> None:
    case = tools.read_case(tools.generate(3))
    side = np.random.default_rng(3).integers(0, 2, case[0])
    assert compiled_objective(case, side) == compiled_objective(case, 1 - side)


@pytest.mark.parametrize(
    "answer", [[0, 1, 0, 2, 0], [0, 1, 0, 1], [0, 1, 0, 1, 0, 1], [-1, 0, 0, 0, 0], [-(2**63)] * 5]
)
def test_what_is_no_subset_is_invalid(compiled_objective, answer: list[int]) -> None:
    case = tools.read_case(SMALL)
    assert compiled_objective(case, np.array(answer)) == -np.inf == tools.objective(case, np.array(answer))


def test_picture_is_well_formed_svg_with_a_dot_a_vertex_and_a_line_a_cut_edge() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, "2 1 3"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{space}svg"
    assert len(root.findall(f"{space}circle")) == 5
    assert [path.get("d", "").count("L") for path in root.findall(f"{space}path")] == [4, 0]
