"""What the transfer benchmark makes of its searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from benchmarks.transfer_measure import (
    average_ratio,
    corrected_verdicts,
    expected_runs,
    ratio_interval,
    ratio_of,
    target_of,
    verdict_on,
)
from benchmarks.transfer_runs import Incumbent, Trace


def trace(*crowned: tuple[int, float], runs: int = 100) -> Trace:
    """Return a search whose incumbents were crowned at these runs with these gains."""
    incumbents = [Incumbent(at=at, idea="", genotype="", values={}, score=1.0, gain=gain) for at, gain in crowned]
    return Trace(runs=runs, incumbents=tuple(incumbents))


EMPTY = [trace((4, 0.0), (80, 0.2)), trace((4, 0.1), (50, 0.4))]  # ends with 0.3 on average; one of two gets there


def test_the_target_is_what_an_empty_memory_ends_with_on_average() -> None:
    assert target_of({"empty": EMPTY}) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("traces", "expected"),
    [
        ([trace((10, 0.5)), trace((30, 0.5))], 20.0),
        (EMPTY, 150.0),  # the one that never got there is charged its whole budget
        ([trace((4, 0.0)), trace((4, 0.1))], 400.0),  # none did: half a success
    ],
)
def test_failures_are_charged(traces: Sequence[Trace], expected: float) -> None:
    assert expected_runs(traces, 0.3) == pytest.approx(expected)


def test_a_memory_that_does_as_an_empty_one_has_a_ratio_of_one() -> None:
    table: Mapping[str, Mapping[str, Sequence[Trace]]] = {
        name: {"learned": EMPTY, "empty": EMPTY} for name in ("one", "two")
    }
    assert ratio_of(table["one"], "learned") == 1.0
    low, high = ratio_interval(table, "learned")
    assert average_ratio(table, "learned") == low == high == 1.0


def test_worse_is_only_what_is_worse_beyond_chance() -> None:
    bad = [trace((4, 0.1)), trace((4, 0.3))]  # each a tenth below its pair
    mixed = [trace((4, 0.0)), trace((4, 0.5))]
    assert verdict_on({"learned": bad, "empty": EMPTY}, "learned")[3] == "worse"
    assert verdict_on({"learned": mixed, "empty": EMPTY}, "learned")[3] == "no difference beyond chance"


def test_of_many_equals_the_one_that_chance_made_worse_is_not_called_worse() -> None:
    """Five pairs that differ by 0.2 % on average and p = 0.02: alone that is beyond chance, as one of sixteen it is not."""
    base = [trace((4, 0.0)) for _ in range(5)]
    lucky = [trace((4, gain)) for gain in (-0.002, -0.001, -0.004, -0.001, -0.003)]
    zigzag = [trace((4, gain)) for gain in (0.002, -0.001, 0.004, -0.005, 0.001)]
    alone = {"ahc": {"learned": lucky, "empty": base}}
    many = alone | {f"other{k}": {"learned": zigzag, "empty": base} for k in range(15)}
    assert corrected_verdicts(alone, "learned") == {"ahc": "worse"}
    assert corrected_verdicts(many, "learned")["ahc"] == "no difference beyond chance"


def test_what_is_better_beyond_all_doubt_is_so_among_many() -> None:
    base = [trace((4, 0.0)) for _ in range(5)]
    sure = [trace((4, gain)) for gain in (0.2, 0.21, 0.19, 0.2, 0.2)]
    table = {"one": {"learned": sure, "empty": base}} | {f"{k}": {"learned": base, "empty": base} for k in range(15)}
    verdicts = corrected_verdicts(table, "learned")
    assert verdicts.pop("one") == "better"
    assert set(verdicts.values()) == {"no difference beyond chance"}
