"""The problem folder tardiness: cases as the paper makes them, exact scores, an objective that is the judge's."""

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

FOLDER = Path(__file__).resolve().parents[1] / "problems" / "tardiness"
SMALL = "4\n5 4 0\n5 1 10\n8 1 8\n4 5 11\n"
SVG = "{http://www.w3.org/2000/svg}"


def load_tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_tardiness", FOLDER / "tools.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tools = load_tools()


@pytest.fixture(scope="module")
def compiled_objective() -> object:
    return numba.njit(tools.objective)


@pytest.fixture(scope="module")
def cases() -> list[tuple]:
    return [tools.read_case(tools.generate(seed)) for seed in range(200)]


def test_generated_cases_stay_what_they_are() -> None:
    text = "".join(tools.generate(seed) for seed in [*range(20), 2**64 - 1])
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "79b1e7d7dcdfed16240988e580ef1359dcb94334ab1f4ff9371bed5c2fbaaee4"
    )


def test_numbers_of_jobs_are_40_50_and_100(cases: list[tuple]) -> None:
    counts = {size: sum(case[0] == size for case in cases) for size in (40, 50, 100)}
    assert sum(counts.values()) == 200 and min(counts.values()) > 45


def test_times_and_weights_fill_their_ranges(cases: list[tuple]) -> None:
    for values, greatest in (
        (np.concatenate([case[part] for case in cases]), top) for part, top in ((1, 100), (2, 10))
    ):
        assert set(values.tolist()) == set(range(1, greatest + 1))
        assert abs(values.mean() - (greatest + 1) / 2) < 0.02 * greatest


def test_due_dates_lie_in_the_range_that_the_paper_gives(cases: list[tuple]) -> None:
    for jobs, times, _, dues in cases:
        total, least, greatest = int(times.sum()), int(dues.min()), int(dues.max())
        fits = [
            max(0, 10 - factor - spread / 2) * total / 10 <= least
            and greatest <= (10 - factor + spread / 2) * total / 10
            for spread, factor in itertools.product((2, 4, 6, 8, 10), (6, 8, 10))
        ]
        assert any(fits), (jobs, total, least, greatest)


def test_every_order_of_a_generated_case_has_a_late_job(cases: list[tuple]) -> None:
    assert all(10 * dues.max() <= 9 * times.sum() for _, times, _, dues in cases)


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "samples" / "scores.json").read_text())))
def test_sample_scores_exactly(name: str) -> None:
    expected = json.loads((FOLDER / "samples" / "scores.json").read_text())[name]
    case, output = ((FOLDER / "samples" / f"{name}.{end}").read_text() for end in ("in", "out"))
    assert tools.score(case, output) == expected


@pytest.mark.parametrize(
    ("output", "total"),
    [
        ("1 4 2 3", 4 * 5 + 0 + 1 * 4 + 1 * 14),
        ("1 3 2 4", 4 * 5 + 1 * 5 + 1 * 8 + 5 * 11),
        ("3 2 4 1", 0 + 1 * 3 + 5 * 6 + 4 * 22),
    ],
)
def test_score_is_the_sum_worked_out_by_hand(output: str, total: int) -> None:
    assert tools.score(SMALL, output) == total


def test_a_job_finished_on_its_due_date_or_before_costs_nothing() -> None:
    assert tools.score("2\n3 7 3\n2 9 100\n", "1 2") == 0


def test_the_greatest_case_is_scored_exactly(compiled_objective) -> None:
    text = "1000\n" + "10000 10000 0\n" * 1000
    case, order = tools.read_case(text), np.arange(1000)
    assert tools.score(text, tools.write_answer(case, order)) == 10**8 * 500_500 == compiled_objective(case, order)


def test_no_order_of_the_small_case_beats_its_sample() -> None:
    totals = [tools.score(SMALL, " ".join(map(str, order))) for order in itertools.permutations(range(1, 5))]
    assert min(totals) == 38


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


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("", "must hold n and n jobs p w d, has 0 integers"),
        ("2\n1 1 1\n1 1\n", "must hold n and n jobs p w d, has 6 integers"),
        ("1\n1 1 1 1\n", "must hold n and n jobs p w d, has 5 integers"),
        ("0\n", r"line 1, token 1: n must be 1\.\.1000, is '0'"),
        ("1\n0 1 1\n", r"line 2, token 2: p must be 1\.\.10000, is '0'"),
        ("1\n1 \u0661 1\n", "line 2, token 3: w must be"),
        ("2\n1 1 1\n1 1 " + "9" * 5000, "line 3, token 7: d must be"),
    ],
)
def test_a_broken_case_is_refused_with_its_place(case: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tools.score(case, "1")


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
        assert 38 <= tools.score(SMALL, output) <= 132


@pytest.mark.parametrize("seed", [0, 1, 3, 2**64 - 1])
def test_objective_equals_the_score_of_the_written_answer(compiled_objective, seed: int) -> None:
    text, rng = tools.generate(seed), np.random.default_rng(seed)
    case = tools.read_case(text)
    for _ in range(10):
        order = rng.permutation(case[0])
        value = compiled_objective(case, order)
        assert value == tools.score(text, tools.write_answer(case, order)) == tools.objective(case, order)


@pytest.mark.parametrize("jobs", [1, 61, 62, 63, 64, 124, 125])
def test_objective_knows_orders_of_any_number_of_jobs(compiled_objective, jobs: int) -> None:
    case = (jobs, np.ones(jobs, np.int64), np.ones(jobs, np.int64), np.zeros(jobs, np.int64))
    order = np.random.default_rng(jobs).permutation(jobs)
    assert compiled_objective(case, order) == jobs * (jobs + 1) // 2
    for place, wrong in itertools.product({0, jobs // 2, jobs - 1}, (-1, jobs, jobs + 63, 2**63 - 1, -(2**63))):
        spoiled = order.copy()
        spoiled[place] = wrong
        assert compiled_objective(case, spoiled) == tools.objective(case, spoiled) == np.inf


@pytest.mark.parametrize("answer", [[0, 1, 2, 2], [0, 1, 2], [0, 1, 2, 3, 4], [0, 1, 2, 4], [-1, 0, 1, 2], []])
def test_what_is_no_permutation_is_invalid(compiled_objective, answer: list[int]) -> None:
    assert compiled_objective(tools.read_case(SMALL), np.array(answer, dtype=np.int64)) == np.inf


def test_picture_is_well_formed_svg_with_two_boxes_a_job() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, "1 4 2 3"))
    assert root.tag == f"{SVG}svg" and root.get("viewBox") == "0 0 1200 300"
    assert len(root.findall(f"{SVG}rect")) == 1 + 2 * 4


def test_picture_colours_late_jobs_otherwise_than_those_in_time() -> None:
    root = ElementTree.fromstring(tools.draw(SMALL, "1 4 2 3"))
    fills = [box.get("fill") for box in root.findall(f"{SVG}rect") if box.get("y") == "60"]
    assert [fill == "#9cc4e4" for fill in fills] == [False, True, False, False]
