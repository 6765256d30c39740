"""No scorer crashes, hangs or accepts an invalid answer: fuzzed outputs and cases, and judges written a second time."""

from __future__ import annotations

import importlib.util
import json
import math
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ale_agent.problem.dialogue import ScriptedSolver
from ale_agent.problem.malformed import malformed_outputs
from tests import naive_judges

PROBLEMS = Path(__file__).resolve().parents[1] / "problems"
NAMES = sorted(path.parent.name for path in PROBLEMS.glob("*/tools.py"))
Judge = Callable[[str, str], float]
SECONDS = 60  # that a call may take on a machine that does much else: a hang takes more

SPECIALS = (
    "-1", "0", "1", "9999", "2147483648", "18446744073709551616", "-" + "9" * 400, "9" * 5000, "1e9", "1.5", "nan", "inf", "+1",
    "0x1", "1_0", "\u0661", "\uff11", "\u00b2", "\0", "", "A", "U", "UD" * 3000, "M U", "\u2028", "-0", "007",
    "\ufeff1", "Score = 9",
)  # fmt: skip


@cache
def judge_of(name: str) -> Judge:
    specification = importlib.util.spec_from_file_location(f"fuzzed_{name}", PROBLEMS / name / "tools.py")
    assert specification is not None and specification.loader is not None
    tools = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(tools)
    if hasattr(tools, "score"):
        return tools.score  # type: ignore[no-any-return]

    def converse(case: str, output: str) -> float:
        try:
            return tools.interact(case, ScriptedSolver(output))  # type: ignore[no-any-return]
        except EOFError as error:  # the script's own, which a judge may let pass
            raise ValueError(str(error)) from None

    return converse


@cache
def samples(name: str) -> list[tuple[str, str]]:
    folder = PROBLEMS / name / "samples"
    names = sorted(json.loads((folder / "scores.json").read_text()))[:2]
    return [((folder / f"{stem}.in").read_text(), (folder / f"{stem}.out").read_text()) for stem in names]


@contextmanager
def limited() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"a judge took longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def judged(name: str, case: str, output: str) -> float | None:
    """Return the score, None for a refusal with a reason; anything else fails the test."""
    judge = judge_of(name)  # which may compile
    with limited():
        try:
            score = judge(case, output)
        except ValueError as error:
            score, reason = None, str(error)
    if score is None:
        assert reason.strip(), "refused without a reason"
        return None
    assert isinstance(score, int | float | np.integer) and not isinstance(score, bool) and math.isfinite(score)
    return score


@st.composite
def spoiled(draw: st.DrawFn, text: str) -> str:
    """Draw a text with some of its words, lines or characters replaced, doubled, swapped or cut."""
    for _ in range(draw(st.integers(0, 3))):
        parted = draw(st.sampled_from([" ", "\n", ""]))
        parts = list(text) if parted == "" and len(text) < 20_000 else text.split(parted or " ")
        if not parts:
            return text
        at, other = (draw(st.integers(0, len(parts) - 1)) for _ in range(2))
        match draw(st.sampled_from(["special", "copy", "swap", "cut", "drop", "repeat", "text"])):
            case "special":
                parts[at] = draw(st.sampled_from(SPECIALS))
            case "copy":
                parts[at] = parts[other]
            case "swap":
                parts[at], parts[other] = parts[other], parts[at]
            case "cut":
                parts = parts[:at]
            case "drop":
                del parts[at]
            case "repeat":
                parts[at:at] = [parts[other]] * draw(st.sampled_from([1, 2, 300, 6000]))
            case "text":
                parts[at] = draw(st.text(max_size=8))
        text = (parted if parted or len(text) < 20_000 else " ").join(parts)[: 1 << 20]
    return text


FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", NAMES)
@FUZZ
@given(st.data())
def test_a_fuzzed_output_is_refused_or_scored_as_a_second_judge_scores_it(name: str, data: st.DataObject) -> None:
    case, output = data.draw(st.sampled_from(samples(name)))
    fuzzed = data.draw(st.one_of(spoiled(output), st.text(max_size=40)))
    score = judged(name, case, fuzzed)
    if score is not None:
        assert score == getattr(naive_judges, name)(case, fuzzed)


@pytest.mark.parametrize("name", NAMES)
@FUZZ
@given(st.data())
def test_a_fuzzed_case_never_breaks_the_judge(name: str, data: st.DataObject) -> None:
    case, output = data.draw(st.sampled_from(samples(name)))
    judged(name, data.draw(st.one_of(spoiled(case), st.text(max_size=40))), output)


@pytest.mark.parametrize("name", NAMES)
def test_malformed_outputs_are_refused_or_scored_as_a_second_judge_scores_them(name: str) -> None:
    case, output = samples(name)[-1]
    for fuzzed in malformed_outputs([output], 150, np.random.default_rng(7)):
        score = judged(name, case, fuzzed)
        if score is not None:
            assert score == getattr(naive_judges, name)(case, fuzzed)


@pytest.mark.parametrize("name", NAMES)
def test_both_judges_give_the_samples_their_scores(name: str) -> None:
    recorded = json.loads((PROBLEMS / name / "samples" / "scores.json").read_text())
    for (case, output), stem in zip(samples(name), sorted(recorded), strict=False):
        assert judged(name, case, output) == recorded[stem] == getattr(naive_judges, name)(case, output)
