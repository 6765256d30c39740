"""The array level of a tools.py checked against its text level, in the child process of a tools host."""

from __future__ import annotations

import math
import time
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ale_agent.problem.answer_space import Answer, complaint, random_answer

ANSWERS = 12
# Plain Python is a thousand times slower than the compiled objective: two answers tell as much.
PLAIN_ANSWERS = 2
KEPT_OUTPUTS = 2
TOLERANCE = 1e-9
SLOW_OBJECTIVE_SECONDS = 1e-3

Judge = Callable[[str, str], dict[str, Any]]
Objective = Callable[..., Any]


class BrokenError(Exception):
    """The array level breaks its contract: what, and how to mend it."""

    def __init__(self, where: str, what: str, mend: str) -> None:
        super().__init__(what)
        self.finding = {"severity": "error", "where": where, "what": what, "mend": mend}


def check_arrays(
    module: types.ModuleType, texts: Sequence[str], worst: float, seed: int, judge: Judge
) -> list[dict[str, Any]]:
    """Return what is wrong with the four functions on some cases, and outputs that they write.

    Parameters
    ----------
    module
        The imported tools.py.
    texts
        The cases.
    worst
        What the objective returns for an invalid answer.
    seed
        From which the random answers are drawn.
    judge
        Scores an output of a case, as a reply of the host's child.

    Returns
    -------
    list
        For each case ``finding`` (severity, where, what, mend; or None) and ``outputs``, texts of valid answers.
    """
    compiled = compile_objective(module)
    rng = np.random.default_rng(seed)
    found = []
    for text in texts:
        outputs: list[str] = []
        try:
            finding = _check_case(module, compiled, text, worst, rng, judge, outputs)
        except BrokenError as broken:
            finding = broken.finding
        found.append({"finding": finding, "outputs": outputs[:KEPT_OUTPUTS]})
    return found


def _check_case(
    module: types.ModuleType,
    compiled: Objective,
    text: str,
    worst: float,
    rng: np.random.Generator,
    judge: Judge,
    outputs: list[str],
) -> dict[str, str] | None:
    """Append the outputs of valid answers to `outputs`; return a finding that does not break the contract."""
    tried = try_case(module, compiled, text, rng)
    for answer, value, output in zip(tried.answers, tried.values, tried.outputs, strict=True):
        if agrees(judge(text, output), value, worst, answer):
            outputs.append(output)
    return tried.warning


@dataclass(frozen=True)
class Tried:
    """What the four functions do on a case, before any judge has looked at it.

    Parameters
    ----------
    kind
        Of the answer space.
    answers, values, outputs
        Random answers, what the compiled objective gives them, and the outputs that they are written as.
    warning
        A finding that does not break the contract.
    """

    kind: str
    answers: tuple[Answer, ...]
    values: tuple[float, ...]
    outputs: tuple[str, ...]
    warning: dict[str, str] | None


def try_case(module: types.ModuleType, compiled: Objective, text: str, rng: np.random.Generator) -> Tried:
    """Return what the four functions do on a case; raises `BrokenError` for what can be told without a judge."""
    case = _read_case(module, text)
    space = module.answer_space(case)
    if (problem := complaint(space)) is not None:
        raise BrokenError("answer_space", problem, "return one of the four forms of FORMATS section 1")
    answers = tuple(random_answer(space, rng) for _ in range(ANSWERS))
    _try_compiled(compiled, case, answers[0])
    values = tuple(_evaluate(compiled, case, answer, "objective, compiled,") for answer in answers)
    for answer, value in zip(answers[:PLAIN_ANSWERS], values, strict=False):
        _same_plain(module, case, answer, value)
    outputs = tuple(_written(module, case, answer) for answer in answers)
    if not _equal(again := _evaluate(compiled, case, answers[0], "objective, compiled,"), values[0]):
        mend = "what it writes into the case must not change what it returns later"
        raise BrokenError("objective", f"gives {values[0]!r} first and {again!r} later for the same answer", mend)
    return Tried(str(space["kind"]), answers, values, outputs, _speed(compiled, case, answers[0]))


def _read_case(module: types.ModuleType, text: str) -> tuple[Any, ...]:
    case = module.read_case(text)
    mend = "return a tuple of ints, floats and C-contiguous NumPy arrays only"
    if not isinstance(case, tuple):
        raise BrokenError("read_case", f"returned a {type(case).__name__}, not a tuple", mend)
    for place, part in enumerate(case):
        if isinstance(part, np.ndarray):
            if not part.flags.c_contiguous or part.dtype.kind not in "biuf":
                form = "" if part.flags.c_contiguous else ", not C-contiguous"
                raise BrokenError("read_case", f"element {place} is an array of {part.dtype}{form}", mend)
        elif isinstance(part, bool | np.bool_) or not isinstance(part, int | float | np.integer | np.floating):
            raise BrokenError("read_case", f"element {place} is a {type(part).__name__}", mend)
    return case


def compile_objective(module: types.ModuleType) -> Objective:
    """Return the objective under njit, with every plain function of tools.py that it may call."""
    import numba

    scope: dict[str, Any] = dict(module.__dict__)
    for name, value in module.__dict__.items():
        if isinstance(value, types.FunctionType) and value.__module__ == module.__name__:
            copy = types.FunctionType(value.__code__, scope, name, value.__defaults__, value.__closure__)
            scope[name] = numba.njit(copy)
    objective: Objective = scope["objective"]
    return objective


def _try_compiled(compiled: Objective, case: tuple[Any, ...], answer: Answer) -> None:
    """Call the objective once, which compiles it."""
    from numba.core.errors import NumbaError

    try:
        compiled(case, answer.copy())
    except NumbaError as error:
        reason = " ".join(str(error).split())[:600]
        mend = "use only what Numba's nopython mode knows: numbers, arrays, loops"
        raise BrokenError("objective", f"does not compile under numba.njit: {reason}", mend) from error
    except Exception as error:
        raise _raised("objective, compiled,", error) from error


def _evaluate(objective: Objective, case: tuple[Any, ...], answer: Answer, name: str) -> float:
    """Return the objective of an answer, having seen that the answer is not changed."""
    given = answer.copy()
    try:
        value = objective(case, given)
    except Exception as error:
        raise _raised(name, error) from error
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating) or math.isnan(value):
        raise BrokenError(name, f"returned {value!r:.80}", "return a float that is not NaN")
    if not np.array_equal(given, answer):
        mend = "work on a copy: a search calls it again and again with the same array"
        raise BrokenError(name, "changes the answer that it is given", mend)
    return float(value)


def _same_plain(module: types.ModuleType, case: tuple[Any, ...], answer: Answer, value: float) -> None:
    plain = _evaluate(module.objective, case, answer, "objective, in plain Python,")
    if not _equal(plain, value):
        mend = "look for integer overflow, indices out of range, or names that mean something else under Numba"
        raise BrokenError("objective", f"gives {plain!r} in plain Python but {value!r} compiled", mend)


def _written(module: types.ModuleType, case: tuple[Any, ...], answer: Answer) -> str:
    try:
        output = module.write_answer(case, answer.copy())
    except Exception as error:
        raise _raised("write_answer", error) from error
    if not isinstance(output, str):
        raise BrokenError("write_answer", f"returned a {type(output).__name__}", "return the output's text")
    return output


def agrees(reply: dict[str, Any], value: float, worst: float, answer: Answer) -> bool:
    """Return whether an answer is valid, having seen that the judge and the objective say the same."""
    shown = f"{answer[:12].tolist()}{'...' if answer.size > 12 else ''}"
    if reply["status"] == "ok":
        if not _equal(float(reply["value"]), value):
            mend = "make the objective equal score(case, write_answer(case, answer)), to the last digit"
            what = f"gives {value!r} where score gives {reply['value']!r}, for the answer {shown}"
            raise BrokenError("objective", what, mend)
        return True
    if value != worst:
        mend = f"return {worst} for an answer whose output is invalid"
        what = f"gives {value!r} where the judge says {reply['reason']!r:.200}, for the answer {shown}"
        raise BrokenError("objective", what, mend)
    return False


def _speed(objective: Objective, case: tuple[Any, ...], answer: Answer) -> dict[str, str] | None:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        objective(case, answer)
        times.append(time.perf_counter() - started)
    if (fastest := min(times)) <= SLOW_OBJECTIVE_SECONDS:
        return None
    what = f"takes {fastest * 1e3:.1f} ms a call when compiled; a search wants far less than 1 ms"
    return {"severity": "warning", "where": "objective", "what": what, "mend": "precompute in read_case"}


def _equal(a: float, b: float) -> bool:
    return a == b or math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _raised(name: str, error: Exception) -> BrokenError:
    return BrokenError(
        name, f"raised {type(error).__name__}: {error!s:.300}", "let it accept every answer of the space"
    )
