"""The problem folder flowshop: Taillard's instances, exact makespans, an objective that says what the judge says."""

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

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "flowshop"
SMALL = "4 3\n5 9 8 3\n9 3 5 6\n7 4 2 8\n"


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_flowshop", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    return numba.njit(tools.objective)


def constructed_order(times: np.ndarray) -> list[int]:
    """Return the order of Nawaz, Enscore and Ham: longest jobs first, each inserted where it hurts least."""
    order: list[int] = []
    for job in sorted(range(len(times)), key=lambda job: -int(times[job].sum())):
        candidates = [[*order[:place], job, *order[place:]] for place in range(len(order) + 1)]
        order = min(candidates, key=lambda candidate: tools._finish_times(times, candidate)[-1, -1])
    return order


def test_benchmark_instances_are_taillards() -> None:
    text = "".join(tools.generate(seed) for seed in [*range(1, 11), *range(31, 41)])
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "c7e80e43b142689caf0f732e1c25105ffa219025abf0e29141a71741d271fb9b"
    )


def test_published_makespans_of_the_construction_are_met_on_instances_1_to_10() -> None:
    makespans = []
    for seed in range(1, 11):
        _, _, times = tools.read_case(tools.generate(seed))
        makespans.append(int(tools._finish_times(times, constructed_order(times))[-1, -1]))
    assert makespans == [1286, 1365, 1159, 1325, 1305, 1228, 1278, 1223, 1291, 1151]


@pytest.mark.parametrize(("seed", "head"), [(0, "20 5"), (11, "50 5"), (12, "20 5"), (2**64 - 1, "50 5")])
def test_other_seeds_alternate_between_20_and_50_jobs(seed: int, head: str) -> None:
    lines = tools.generate(seed).splitlines()
    assert lines[0] == head
    jobs = int(head.split()[0])
    assert all(len(line.split()) == jobs and all(1 <= int(t) <= 99 for t in line.split()) for line in lines[1:])


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "the order has 0 jobs, must be all 4"),
        ("1 2 3", "the order has 3 jobs"),
        ("1 2\n3 3", "line 2, job 4 of the order: 3 is there already, as job 3"),
        ("1 2 3 4 1", "job 5 of the order: 1 is there already"),
        ("0 1 2 3", r"line 1, job 1 of the order: 0 is not in 1\.\.4"),
        ("1 2 3 4.0", "'4.0' is not an integer"),
    ],
)
def test_what_is_no_order_is_refused_with_its_place(output: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(SMALL, output)


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["1", "2", "3", "4", "-1", "9" * 30, "1e0", "\u0661", "nan", "\0", "\n"])).map(
            " ".join
        ),
    )
)
def test_any_text_is_scored_or_refused(output: str) -> None:
    with contextlib.suppress(ValueError):
        assert 32 <= tools.score(SMALL, output) <= 69


def test_no_order_of_the_small_case_beats_its_sample() -> None:
    makespans = [tools.score(SMALL, " ".join(map(str, order))) for order in itertools.permutations(range(1, 5))]
    assert min(makespans) == 32


@pytest.mark.parametrize("seed", [0, 1, 31, 77])
def test_objective_equals_the_score_of_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    for _ in range(10):
        order = rng.permutation(case[0])
        value = compiled_objective(case, order)
        assert value == tools.score(text, tools.write_answer(case, order)) == tools.objective(case, order)


@pytest.mark.parametrize("answer", [[0, 1, 2, 2], [0, 1, 2], [0, 1, 2, 4], [-1, 0, 1, 2]])
def test_what_is_no_permutation_is_invalid(compiled_objective, answer: list[int]) -> None:
    assert compiled_objective(tools.read_case(SMALL), np.array(answer)) == np.inf


def test_picture_is_well_formed_svg() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, "4 1 2 3"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
