"""The catalogue of components that programs are composed of: what each does, its kernel, and its parameters.

A parameter's name means the same in every program, and its value is a share, a count or a ratio, never a number of
points or seconds: so a tuned value carries over to other cases, limits and problems.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SPACES = ("permutation", "integers", "subset", "sequence")
SLOTS = ("construction", "neighbourhoods", "acceptance", "restarts", "weighting")

ParameterLiteral = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Component:
    """One choice for one slot of a genotype.

    Parameters
    ----------
    space
        The answer space that it is for, or ``any``.
    slot
        Which part of the program it fills.
    name
        Its name in a genotype.
    what
        What it does, in one line.
    kernel
        Module and function that the program carries along; empty for what is part of the search loop itself.
    arguments
        What the kernel is called with between the answer or the case and the generator.
    parameters
        The parameters that it reads, as they stand in PARAMETERS.
    """

    space: str
    slot: str
    name: str
    what: str
    kernel: tuple[str, str] | None = None
    arguments: str = ""
    parameters: Mapping[str, ParameterLiteral] = field(default_factory=dict)


def _real(default: float, low: float, high: float, *, log: bool = False) -> dict[str, Any]:
    return {"default": float(default), "low": float(low), "high": float(high)} | ({"log": True} if log else {})


def _count(default: int, low: int, high: int, *, log: bool = False) -> dict[str, Any]:
    return {"default": default, "low": low, "high": high} | ({"log": True} if log else {})


_SHARE = {"construction_share": _real(0.1, 0.01, 0.5, log=True)}
_WIDTH = {"width": _count(8, 2, 64, log=True)}
_REACH = {"reach": _real(1.0, 0.01, 1.0, log=True)}
_STEP = {"step_scale": _real(0.5, 0.001, 1.0, log=True)}
_LOOKAHEAD = {"lookahead": _count(6, 2, 40, log=True)}

EVALUATION_LIMIT = {"evaluation_limit": _count(0, 0, 10**12)}


def _constructions() -> list[Component]:
    p, i, b, q = (f"ale_agent.strategist.pieces.{space}" for space in SPACES)
    rows = [
        ("permutation", "random", "a random order", (p, "random_order"), "share", {}),
        (
            "permutation",
            "plain",
            "the best of: as given, reversed, a few random orders",
            (p, "best_simple_order"),
            "share",
            {},
        ),
        (
            "permutation",
            "greedy",
            "place after place, the best of a few elements",
            (p, "greedy_order"),
            "share, width",
            _WIDTH,
        ),
        (
            "permutation",
            "insertion",
            "element after element, at the best of a few places",
            (p, "insertion_order"),
            "share, width",
            _WIDTH,
        ),
        ("integers", "random", "random values", (i, "random_values"), "share", {}),
        (
            "integers",
            "plain",
            "the best of: zeros, low, middle, high, a few random vectors",
            (i, "best_constant"),
            "share",
            {},
        ),
        (
            "integers",
            "descent",
            "position after position to the best of a few values, from the best constant",
            (i, "coordinate_descent"),
            "share, width",
            _WIDTH,
        ),
        (
            "integers",
            "refine",
            "steps of half the range, a quarter, and so on, from the best constant",
            (i, "coarse_to_fine"),
            "share",
            {},
        ),
        ("subset", "random", "random items", (b, "random_subset"), "share", {}),
        ("subset", "smallest", "as few random items as may be", (b, "smallest_subset"), "share", {}),
        ("subset", "greedy", "add the best of a few items, again and again", (b, "greedy_add"), "share, width", _WIDTH),
        (
            "subset",
            "drop",
            "drop the best of a few items from the full set, again and again",
            (b, "drop_from_full"),
            "share, width",
            _WIDTH,
        ),
        ("sequence", "random", "random symbols of random length", (q, "random_sequence"), "share", {}),
        (
            "sequence",
            "plain",
            "the best of random sequences from the shortest to the longest",
            (q, "best_random_length"),
            "share",
            {},
        ),
        ("sequence", "greedy", "append the best symbol, again and again", (q, "greedy_append"), "share, width", _WIDTH),
        (
            "sequence",
            "rollout",
            "append the best of a few random blocks, again and again",
            (q, "rollout_append"),
            "share, width, lookahead",
            _WIDTH | _LOOKAHEAD,
        ),
    ]
    return [
        Component(
            space=space, slot="construction", name=name, what=what, kernel=kernel,
            arguments=arguments.replace("share", "construction_share"), parameters=_SHARE | parameters,
        )
        for space, name, what, kernel, arguments, parameters in rows
    ]  # fmt: skip


def _neighbourhoods() -> list[Component]:
    p, i, b, q = (f"ale_agent.kit.{space}" for space in SPACES)
    rows = [
        ("permutation", "swap", "exchange two elements", (p, "swap"), "reach", _REACH),
        ("permutation", "adjacent_swap", "exchange two elements side by side", (p, "adjacent_swap"), "", {}),
        ("permutation", "insertion", "move one element elsewhere", (p, "insertion"), "reach", _REACH),
        ("permutation", "block_move", "exchange two blocks side by side", (p, "block_move"), "reach", _REACH),
        ("permutation", "reversal", "reverse a block", (p, "reversal"), "reach", _REACH),
        ("permutation", "three_cycle", "move three elements round", (p, "three_cycle"), "reach", _REACH),
        ("integers", "change", "another value, all equally likely", (i, "change"), "low, high, free", {}),
        ("integers", "step", "a value near by", (i, "step"), "low, high, free, step_scale", _STEP),
        (
            "integers",
            "several",
            "two or three nearby positions step at once",
            (i, "several_steps"),
            "low, high, free, reach, step_scale",
            _REACH | _STEP,
        ),
        ("integers", "swap", "exchange two values", (i, "swap_values"), "low, high, free, reach", _REACH),
        ("integers", "copy", "take the value of another position", (i, "copy_value"), "low, high, free, reach", _REACH),
        ("integers", "clear", "set a position to 0", (i, "clear_value"), "low, high, free", {}),
        (
            "integers",
            "block_change",
            "other values for a short block",
            (i, "block_change"),
            "low, high, free, reach",
            _REACH,
        ),
        (
            "integers",
            "shift",
            "move a value elsewhere, those between by one place",
            (i, "shift_values"),
            "low, high, free, reach",
            _REACH,
        ),
        ("subset", "flip", "choose or drop an item", (b, "flip"), "minimum, maximum", {}),
        ("subset", "swap", "drop an item and choose another", (b, "swap_items"), "", {}),
        ("subset", "slide", "drop an item and choose one near it", (b, "slide_item"), "reach", _REACH),
        ("subset", "several", "two to four flips at once", (b, "several_flips"), "minimum, maximum", {}),
        ("subset", "exchange", "two items for one, or one for two", (b, "exchange_two"), "minimum, maximum", {}),
        ("sequence", "change", "another symbol in one place", (q, "change_symbol"), "symbols", {}),
        ("sequence", "insert", "insert a symbol", (q, "insert_symbol"), "symbols, maximum", {}),
        ("sequence", "delete", "delete a symbol, or two or three", (q, "delete_symbols"), "symbols, minimum", {}),
        ("sequence", "move", "move one symbol elsewhere", (q, "move_symbol"), "reach", _REACH),
        (
            "sequence",
            "replace",
            "delete a symbol and insert one elsewhere",
            (q, "replace_symbol_elsewhere"),
            "symbols, reach",
            _REACH,
        ),
        ("sequence", "swap", "exchange two symbols", (q, "swap_symbols"), "reach", _REACH),
        (
            "sequence",
            "block_replace",
            "a random block in place of another",
            (q, "block_replace"),
            "symbols, minimum, maximum, reach",
            _REACH,
        ),
        (
            "sequence",
            "tail_rebuild",
            "draw the end anew",
            (q, "tail_rebuild"),
            "symbols, minimum, maximum, reach",
            _REACH,
        ),
        ("sequence", "duplicate", "insert a copy of a block", (q, "duplicate_block"), "maximum, reach", _REACH),
        ("sequence", "block_move", "exchange two blocks side by side", (q, "move_block"), "reach", _REACH),
    ]
    return [
        Component(
            space=space, slot="neighbourhoods", name=name, what=what, kernel=kernel, arguments=arguments,
            parameters={f"weight_{name}": _real(1.0, 0.05, 20.0, log=True)} | dict(parameters),
        )
        for space, name, what, kernel, arguments, parameters in rows
    ]  # fmt: skip


_ACCEPTANCE_SCHEDULE = {
    "start_acceptance": _real(0.2, 0.003, 0.8, log=True),
    "end_acceptance": _real(0.0003, 1e-6, 0.02, log=True),
}
_CALIBRATION = "ale_agent.kit.calibration"

_LOOP = [
    Component(space="any", slot="acceptance", name="metropolis",
              kernel=(_CALIBRATION, "metropolis_temperature"), parameters=_ACCEPTANCE_SCHEDULE,
              what="accept a worsening with a probability that falls with its size and with time"),
    Component(space="any", slot="acceptance", name="threshold",
              kernel=(_CALIBRATION, "threshold_level"), parameters=_ACCEPTANCE_SCHEDULE,
              what="accept every worsening below a level that falls with time"),
    Component(space="any", slot="acceptance", name="late", parameters={"memory_share": _real(0.0003, 0.00001, 0.01, log=True)},
              what="accept what is as good as the current answer was some time ago"),
    Component(space="any", slot="acceptance", name="kicks",
              parameters={"patience": _real(3.0, 0.2, 50.0, log=True), "kick_size": _count(4, 2, 30, log=True)},
              what="accept no worsening; when nothing helps any more, make a few random moves at once"),
    Component(space="any", slot="restarts", name="none", what="one run from beginning to end"),
    Component(space="any", slot="restarts", name="from_best", parameters={"stall_share": _real(0.05, 0.005, 0.5, log=True)},
              what="go back to the best answer when it has not been improved for some time"),
    Component(space="any", slot="restarts", name="reheat", parameters={"rounds": _count(2, 2, 8)},
              what="several rounds of cooling, each from the best answer"),
    Component(space="any", slot="restarts", name="from_construction", parameters={"rounds": _count(2, 2, 8)},
              what="several rounds, each from a new construction"),
    Component(space="any", slot="weighting", name="fixed", what="neighbourhoods are drawn by their weights"),
    Component(space="any", slot="weighting", name="adaptive", parameters={"weight_floor": _real(0.2, 0.02, 1.0, log=True)},
              what="neighbourhoods whose moves are accepted for a change in value are drawn more often"),
]  # fmt: skip

COMPONENTS: tuple[Component, ...] = (*_constructions(), *_neighbourhoods(), *_LOOP)


def components(space: str, slot: str) -> tuple[Component, ...]:
    """Return the components that may fill a slot of a program for that answer space."""
    return tuple(c for c in COMPONENTS if c.slot == slot and c.space in (space, "any"))


def component(space: str, slot: str, name: str) -> Component:
    """Return the component of that name.

    Raises
    ------
    KeyError
        If there is none: a genotype checks its names before.
    """
    for candidate in components(space, slot):
        if candidate.name == name:
            return candidate
    raise KeyError(f"no {slot} named {name!r} for {space}")
