"""Reading a strategy from JSON (FORMATS section 4): checked key by key, because memory files come from strangers.

Not a defence against what a program text does when it is run: programs are only text here, run in a sandbox elsewhere.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ale_agent.errors import StoreError
from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.strategy import Evidence, Origin, Strategy, StrategyParameter, derive_id, stronger

PROGRAM_CHARACTERS_MAX = 512 * 1024
TEXT_CHARACTERS_MAX = 20_000
EVIDENCE_MAX = 5_000
GAIN_MAX = 100.0  # exp(100) is beyond every real ratio of scores

_ID = re.compile(r"s-[a-z0-9][a-z0-9_-]{0,63}")
_TAG = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,63}")
_PROBLEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_STRATEGY_KEYS = frozenset(
    ("id", "name", "archetypes", "when", "how", "numba_notes", "parameters", "failure_modes", "program", "origin")
) | {"evidence"}
_EVIDENCE_KEYS = frozenset(("problem", "kind", "gain", "low", "high", "cases", "baseline", "attempt", "source"))


def strategy_from_line(line: str, *, foreign: bool = False) -> Strategy:
    """Return the strategy of one line of a memory file; StoreError with key, rule and value otherwise."""
    return strategy_from_json(parse_json(line), foreign=foreign)


def parse_json(text: str) -> Any:
    """Return the parsed JSON; repeated keys, NaN, infinities and absurd nesting are refused."""
    try:
        return json.loads(text, object_pairs_hook=_distinct, parse_constant=_no_constant)
    except RecursionError:
        raise StoreError("not a memory line: nested too deeply") from None
    except ValueError as error:  # JSONDecodeError, or an integer of thousands of digits
        raise StoreError(f"not valid JSON: {error}") from None


def strategy_from_json(value: object, *, foreign: bool = False) -> Strategy:
    """Return the strategy a parsed JSON object describes.

    Parameters
    ----------
    value
        What the JSON says.
    foreign
        Whether its evidence is marked as somebody else's.

    Raises
    ------
    StoreError
        The writer's: an unknown or missing key, a wrong type, a value out of range; with key, rule and value.
    """
    data = _object(value, "line", _STRATEGY_KEYS, required=("id", "name", "archetypes", "when", "how", "origin"))
    return Strategy(
        id=_matching(data["id"], "id", _ID, "'s-' and 1 to 64 characters a-z, 0-9, _ or -"),
        name=_name(data["name"], "name"),
        archetypes=tuple(
            _matching(item, f"archetypes[{index}]", _TAG, "a lower-case tag of at most 64 characters")
            for index, item in enumerate(_list(data["archetypes"], "archetypes", 64))
        ),
        when=_text(data["when"], "when"),
        how=_text(data["how"], "how"),
        numba_notes=_text(data.get("numba_notes", ""), "numba_notes"),
        parameters=_parameters(data.get("parameters", [])),
        failure_modes=tuple(
            _text(item, f"failure_modes[{index}]")
            for index, item in enumerate(_list(data.get("failure_modes", []), "failure_modes", 64))
        ),
        program=_program(data.get("program")),
        origin=_origin(data["origin"]),
        evidence=_all_evidence(data.get("evidence", []), foreign),
    )


def new_strategy(value: object, *, created: str) -> Strategy:
    """Return the strategy a person describes: as in a file, but id and origin may be left out."""
    if not isinstance(value, Mapping):
        _refuse("line", "must be a JSON object", value)
    data = dict(value)
    data.setdefault("origin", {"kind": "curated", "created": created})
    data.setdefault("archetypes", ["any"])
    data.setdefault("id", derive_id("written", str(data.get("name")), str(data.get("how"))))
    return strategy_from_json(data)


def evidence_from_json(value: object, where: str = "evidence", *, foreign: bool = False) -> Evidence:
    """Return the evidence an object describes; StoreError with key, rule and value otherwise."""
    data = _object(value, where, _EVIDENCE_KEYS, required=("problem", "kind"))
    problem = _matching(data["problem"], f"{where}.problem", _PROBLEM, "a problem's id")
    kind = data["kind"]
    source = _optional(data.get("source"), f"{where}.source", _long_name)
    if kind == "citation":
        for key in ("gain", "low", "high", "cases"):
            if data.get(key) is not None:
                _refuse(f"{where}.{key}", "a citation carries no gain", data[key])
        if source is None:
            _refuse(f"{where}.source", "a citation needs its source", None)
        return Evidence(problem=problem, kind="citation", source=source, foreign=foreign)
    if kind != "trial":
        _refuse(f"{where}.kind", "must be 'trial' or 'citation'", kind)
    gain, low, high = (_gain(data.get(key), f"{where}.{key}") for key in ("gain", "low", "high"))
    if not low <= gain <= high:
        _refuse(f"{where}.gain", "must lie in its interval, low <= gain <= high", [low, gain, high])
    cases = data.get("cases")
    if type(cases) is not int or not 1 <= cases <= 10**9:
        _refuse(f"{where}.cases", "must be an integer from 1 to 1e9", cases)
    baseline = _optional(data.get("baseline"), f"{where}.baseline", _name)
    attempt = _optional(data.get("attempt"), f"{where}.attempt", _name)
    return Evidence(
        problem=problem,
        kind="trial",
        gain=gain,
        low=low,
        high=high,
        cases=cases,
        baseline=baseline,
        attempt=attempt,
        source=source,
        foreign=foreign,
    )


def check_features(features: ProblemFeatures) -> ProblemFeatures:
    """Return the features of a problem that somebody else noted; StoreError where a text in them is no such text."""
    _matching(features.problem, "problem", _PROBLEM, "a problem's id")
    for index, item in enumerate(_list(list(features.archetypes), "archetypes", 64)):
        _matching(item, f"archetypes[{index}]", _TAG, "a lower-case tag of at most 64 characters")
    for index, item in enumerate(_list(list(features.words), "words", 1000)):
        _name(item, f"words[{index}]")
    return features


def _refuse(key: str, rule: str, value: object) -> NoReturn:
    shown = repr(value)
    raise StoreError(f"{key}: {rule}, got {shown if len(shown) <= 80 else shown[:77] + '...'}")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        _refuse(next(name for name, count in counts.items() if count > 1), "the key is given twice", None)
    return data


def _no_constant(name: str) -> NoReturn:
    raise StoreError(f"{name} is no number of JSON")


def _object(
    value: object, where: str, known: frozenset[str], required: tuple[str, ...], prefix: str = ""
) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refuse(where, "must be a JSON object", value)
    if not known.issuperset(value):
        unknown = next(key for key in value if key not in known)
        _refuse(where, f"unknown key (known: {', '.join(sorted(known))})", unknown)
    for key in required:
        if key not in value:
            raise StoreError(f"{where}: the required key {key!r} is missing")
    return value


def _list(value: object, where: str, most: int) -> list[Any]:
    if not isinstance(value, list):
        _refuse(where, "must be a list", value)
    if len(value) > most:
        _refuse(where, f"must have at most {most} entries", f"{len(value)} entries")
    return value


def _string(value: object, where: str, most: int) -> str:
    if not isinstance(value, str):
        _refuse(where, "must be a text", value)
    if len(value) > most:
        _refuse(where, f"must have at most {most} characters", f"{len(value)} characters")
    if _CONTROL.search(value):
        _refuse(where, "must not hold control characters or lone surrogates", value)
    return value


def _text(value: object, where: str) -> str:
    return _string(value, where, TEXT_CHARACTERS_MAX)


def _name(value: object, where: str, most: int = 200) -> str:
    text = _string(value, where, most)
    if not text.strip() or "\n" in text or "\r" in text:
        _refuse(where, "must be one line that is not empty", value)
    return text


def _long_name(value: object, where: str) -> str:
    return _name(value, where, 1000)


def _matching(value: object, where: str, pattern: re.Pattern[str], rule: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        _refuse(where, f"must be {rule}", value)
    return value


def _optional(value: object, where: str, check: Callable[[object, str], str]) -> str | None:
    return None if value is None else check(value, where)


def _program(value: object) -> str | None:
    if value is None:
        return None
    text = _string(value, "program", PROGRAM_CHARACTERS_MAX)
    if not text.strip():
        _refuse("program", "must be null or a whole program", value)
    return text


def _origin(value: object) -> Origin:
    keys = frozenset(("kind", "problem", "attempt", "strategist", "created"))
    data = _object(value, "origin", keys, required=("kind", "created"))
    kind = data["kind"]
    if kind not in ("curated", "learned"):
        _refuse("origin.kind", "must be 'curated' or 'learned'", kind)
    problem = data.get("problem")
    if problem is not None:
        problem = _matching(problem, "origin.problem", _PROBLEM, "null or a problem's id")
    return Origin(
        kind=kind,
        created=_matching(data["created"], "origin.created", _DATE, "a date like 2026-11-23"),
        problem=problem,
        attempt=_optional(data.get("attempt"), "origin.attempt", _name),
        strategist=_optional(data.get("strategist"), "origin.strategist", _name),
    )


def _all_evidence(value: object, foreign: bool) -> tuple[Evidence, ...]:
    united: dict[str, Evidence] = {}
    for index, item in enumerate(_list(value, "evidence", EVIDENCE_MAX)):
        evidence = evidence_from_json(item, f"evidence[{index}]", foreign=foreign)
        known = united.get(evidence.key)
        united[evidence.key] = evidence if known is None else stronger(known, evidence)
    return tuple(united.values())


def _finite(value: object, where: str) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e300:  # a NaN is not either
        _refuse(where, "must be a finite number", value)
    return value


def _gain(value: object, where: str) -> float:
    number = float(_finite(value, where))
    if abs(number) > GAIN_MAX:
        _refuse(where, f"must be a log-ratio from -{GAIN_MAX:g} to {GAIN_MAX:g}", value)
    return number


def _parameters(value: object) -> tuple[StrategyParameter, ...]:
    found = tuple(_parameter(item, f"parameters[{i}]") for i, item in enumerate(_list(value, "parameters", 64)))
    names = [item.name for item in found]
    if len(set(names)) < len(names):
        _refuse("parameters", "each name once", next(name for name in names if names.count(name) > 1))
    return found


def _parameter(value: object, where: str) -> StrategyParameter:
    keys = frozenset(("name", "low", "high", "log", "default", "choices"))
    data = _object(value, where, keys, required=("name", "default"))
    name = _name(data["name"], f"{where}.name", 64)
    if not name.isidentifier():
        _refuse(f"{where}.name", "must be an identifier", name)
    if "choices" in data:
        return _choice(data, name, where)
    low, high, default = (_finite(data.get(key), f"{where}.{key}") for key in ("low", "high", "default"))
    log = data.get("log", False)
    if type(log) is not bool:
        _refuse(f"{where}.log", "must be true or false", log)
    if not low < high:
        _refuse(f"{where}.low", "must be less than high", [low, high])
    if not low <= default <= high:
        _refuse(f"{where}.default", f"must lie from {low!r} to {high!r}", default)
    if log and low <= 0:
        _refuse(f"{where}.low", "must be positive where log is true", low)
    return StrategyParameter(name=name, default=default, low=low, high=high, log=log)


def _choice(data: Mapping[str, Any], name: str, where: str) -> StrategyParameter:
    for key in ("low", "high", "log"):
        if data.get(key):
            _refuse(f"{where}.{key}", "has no meaning beside choices", data[key])
    choices = _list(data["choices"], f"{where}.choices", 64)
    for item in choices:
        if isinstance(item, str):
            _string(item, f"{where}.choices", 200)
        elif type(item) is not bool:
            _finite(item, f"{where}.choices")
    default = data["default"]
    if not choices or not any(type(item) is type(default) and item == default for item in choices):
        _refuse(f"{where}.default", f"must be one of {choices!r:.60}", default)
    return StrategyParameter(name=name, default=default, choices=tuple(choices))
