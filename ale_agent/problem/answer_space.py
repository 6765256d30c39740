"""Answer spaces as FORMATS section 1 defines them: what is wrong with one, and random answers of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

KEYS: Mapping[str, tuple[str, ...]] = {
    "permutation": ("size",),
    "integers": ("low", "high"),
    "subset": ("size", "minimum", "maximum"),
    "sequence": ("symbols", "minimum_length", "maximum_length"),
}

Answer = npt.NDArray[np.int64]


def complaint(space: Any) -> str | None:
    """Return what is wrong with an answer space, or None."""
    if not isinstance(space, dict):
        return f"answer_space must return a dict, but it returned a {type(space).__name__}"
    kind = space.get("kind")
    if not isinstance(kind, str) or kind not in KEYS:
        return f"'kind' must be one of {', '.join(KEYS)}, but it is {kind!r:.80}"
    if set(space) != {"kind", *KEYS[kind]}:
        return (
            f"a {kind} has exactly the keys kind, {', '.join(KEYS[kind])}, but these are {', '.join(map(str, space))}"
        )
    if kind == "integers":
        return _bounds_complaint(space["low"], space["high"])
    for key in KEYS[kind]:
        if isinstance(space[key], bool) or not isinstance(space[key], int | np.integer) or space[key] < 0:
            return f"'{key}' must be a non-negative integer, but it is {space[key]!r:.80}"
    if kind == "subset" and not space["minimum"] <= space["maximum"] <= space["size"]:
        return f"must have minimum <= maximum <= size, but they are {space!r:.200}"
    if kind == "sequence" and not space["minimum_length"] <= space["maximum_length"]:
        return f"must have minimum_length <= maximum_length, but they are {space!r:.200}"
    if space.get("size", 1) == 0 or space.get("symbols", 1) == 0:
        return f"must not be empty, but it is {space!r:.200}"
    return None


def random_answer(space: Mapping[str, Any], rng: np.random.Generator) -> Answer:
    """Return an answer of the space, drawn without preference; the space is well-formed."""
    match space["kind"]:
        case "permutation":
            return rng.permutation(int(space["size"])).astype(np.int64)
        case "integers":
            return np.asarray(rng.integers(space["low"], space["high"], endpoint=True, dtype=np.int64))
        case "subset":
            ones = int(rng.integers(space["minimum"], space["maximum"], endpoint=True))
            answer = np.zeros(int(space["size"]), np.int64)
            answer[rng.permutation(answer.size)[:ones]] = 1
            return answer
    length = int(rng.integers(space["minimum_length"], space["maximum_length"], endpoint=True))
    return rng.integers(0, int(space["symbols"]), length, dtype=np.int64)


def _bounds_complaint(low: Any, high: Any) -> str | None:
    for name, bound in (("low", low), ("high", high)):
        if not isinstance(bound, np.ndarray) or bound.ndim != 1 or not np.issubdtype(bound.dtype, np.integer):
            return f"'{name}' must be a 1-d integer array, but it is {bound!r:.80}"
    if low.size != high.size or low.size == 0:
        return f"'low' and 'high' must have one size of at least 1, but they have {low.size} and {high.size}"
    if bool((low > high).any()):
        place = int(np.argmax(low > high))
        return f"'low' must not exceed 'high', but at {place} they are {low[place]} and {high[place]}"
    return None
