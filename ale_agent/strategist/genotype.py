"""The plan of a composed program as a value: which component fills which slot. Drawn, varied, stored as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from typing import Any

import numpy as np

from ale_agent.errors import ProgramError
from ale_agent.strategist.compose_catalogue import SLOTS, SPACES, components

Weights = Callable[[str, str], float]
"""Says how promising a component is, by slot and name: a positive number, drawn anew at each call if it is a belief."""


@dataclass(frozen=True, kw_only=True)
class Genotype:
    """Which component fills which slot of a program.

    Parameters
    ----------
    space
        The answer space: permutation, integers, subset or sequence.
    construction, acceptance, restarts, weighting
        Names of components in the catalogue.
    neighbourhoods
        One name or more, each once; the order does not matter and is kept sorted by the catalogue.
    """

    space: str
    construction: str
    neighbourhoods: tuple[str, ...]
    acceptance: str = "metropolis"
    restarts: str = "none"
    weighting: str = "fixed"

    def __post_init__(self) -> None:
        if self.space not in SPACES:
            raise ProgramError(f"genotype: space is {self.space!r}; it must be one of {', '.join(SPACES)}")
        for slot in SLOTS:
            known = [c.name for c in components(self.space, slot)]
            for name in self.names(slot):
                if name not in known:
                    raise ProgramError(
                        f"genotype: {slot} is {name!r}; for {self.space} it must be one of {', '.join(known)}"
                    )
        if not self.neighbourhoods or len(set(self.neighbourhoods)) < len(self.neighbourhoods):
            raise ProgramError(f"genotype: neighbourhoods are {self.neighbourhoods}; at least one, each once")
        order = [c.name for c in components(self.space, "neighbourhoods")]
        object.__setattr__(self, "neighbourhoods", tuple(sorted(self.neighbourhoods, key=order.index)))

    def names(self, slot: str) -> tuple[str, ...]:
        """Return the components in a slot: one, or some for the neighbourhoods."""
        value = getattr(self, slot)
        return tuple(value) if slot == "neighbourhoods" else (value,)

    def describe(self) -> str:
        """Return the components in one line for a person."""
        extras = [name for name in (self.restarts, self.weighting) if name not in ("none", "fixed")]
        parts = [self.construction, "+".join(self.neighbourhoods), self.acceptance, *extras]
        return f"{self.space}: {', '.join(parts)}"

    def differences(self, other: Genotype) -> tuple[tuple[str, str | None, str | None], ...]:
        """Return what changed from this genotype to the other: slot, what went, what came (None: nothing)."""
        found: list[tuple[str, str | None, str | None]] = []
        for slot in SLOTS:
            gone = [name for name in self.names(slot) if name not in other.names(slot)]
            come = [name for name in other.names(slot) if name not in self.names(slot)]
            found.extend((slot, old, new) for old, new in zip_longest(gone, come))
        return tuple(found)

    def to_json(self) -> str:
        """Return the genotype as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Genotype:
        """Return the genotype that a line of JSON holds.

        Raises
        ------
        ProgramError
            If the text is no genotype.
        """
        try:
            fields: dict[str, Any] = json.loads(text)
            return cls(**{**fields, "neighbourhoods": tuple(fields["neighbourhoods"])})
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ProgramError(f"genotype: {text[:200]!r} cannot be read: {error}") from error


_DEFAULTS = {
    "permutation": ("plain", ("swap", "insertion", "block_move", "reversal")),
    "integers": ("plain", ("change", "step", "swap", "copy")),
    "subset": ("greedy", ("flip", "swap", "several")),
    "sequence": ("plain", ("change", "insert", "delete", "move", "replace", "swap", "block_replace", "duplicate")),
}

_REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "permutation": (),
    "integers": (("change", "step", "several", "block_change"),),
    "subset": (("flip", "several", "exchange"), ("swap", "slide")),
    "sequence": (("change", "insert", "replace", "block_replace", "tail_rebuild"),),
}
"""Of each group one neighbourhood at least: without it values, sizes or symbols could never change."""


def _lacking(space: str, neighbourhoods: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the groups of which none is among the neighbourhoods."""
    return [group for group in _REQUIRED[space] if not set(group) & set(neighbourhoods)]


def default_genotype(space: str) -> Genotype:
    """Return the composition to try first where nothing is known."""
    if space not in _DEFAULTS:
        raise ProgramError(f"answer space is {space!r}; it must be one of {', '.join(SPACES)}")
    construction, neighbourhoods = _DEFAULTS[space]
    return Genotype(space=space, construction=construction, neighbourhoods=neighbourhoods, weighting="adaptive")


def best_genotype(space: str, worth: Weights) -> Genotype:
    """Return the genotype of the worthiest components: the best of each slot, and no neighbourhood that does harm.

    Parameters
    ----------
    space
        The answer space.
    worth
        The gain to expect of a component, by slot and name; 0 where nothing is known.
    """
    known = {slot: {c.name: worth(slot, c.name) for c in components(space, slot)} for slot in SLOTS}
    moves = known.pop("neighbourhoods")
    chosen = [name for name, value in moves.items() if value >= 0.0] or [max(moves, key=lambda name: moves[name])]
    chosen += [max(group, key=lambda name: moves[name]) for group in _lacking(space, chosen)]
    single = {slot: max(names, key=lambda name: names[name]) for slot, names in known.items()}
    return Genotype(space=space, neighbourhoods=tuple(dict.fromkeys(chosen)), **single)


def random_genotype(space: str, weights: Weights | None, rng: np.random.Generator) -> Genotype:
    """Return a genotype drawn by the weights of its components, or evenly.

    Of the neighbourhoods about two thirds are taken, those of greater weight more likely.
    """
    single = {slot: _draw(space, slot, (), weights, rng) for slot in SLOTS if slot != "neighbourhoods"}
    known = len(components(space, "neighbourhoods"))
    chosen: list[str] = []
    for _ in range(int(rng.integers(2, known))):
        chosen.append(_draw(space, "neighbourhoods", chosen, weights, rng))
    for group in _lacking(space, chosen):
        others = [c.name for c in components(space, "neighbourhoods") if c.name not in group]
        chosen.append(_draw(space, "neighbourhoods", others, weights, rng))
    return Genotype(space=space, neighbourhoods=tuple(chosen), **single)


def vary(genotype: Genotype, rng: np.random.Generator, weights: Weights | None = None) -> tuple[Genotype, str]:
    """Return a genotype one move away, and a line that says what changed: the slot, what was there, what is.

    One component is exchanged, or one neighbourhood is added, removed or exchanged.
    """
    slot = str(rng.choice(["construction", "acceptance", "restarts", "weighting", *["neighbourhoods"] * 3]))
    if slot != "neighbourhoods":
        old = getattr(genotype, slot)
        new = _draw(genotype.space, slot, (old,), weights, rng)
        exchanged: dict[str, Any] = {slot: new}
        return replace(genotype, **exchanged), f"{slot}: {old} -> {new}"
    present = genotype.neighbourhoods
    known = len(components(genotype.space, slot))
    actions = ["add", "exchange"] * (len(present) < known) + ["remove"] * (len(present) > 1)
    while True:  # an addition, or some removal, always leaves the space within reach
        action = str(rng.choice(actions))
        removed = str(rng.choice(present)) if action != "add" else None
        added = _draw(genotype.space, slot, present, weights, rng) if action != "remove" else None
        kept = tuple(name for name in present if name != removed) + ((added,) if added else ())
        if len(_lacking(genotype.space, kept)) <= len(_lacking(genotype.space, present)):
            break
    return replace(genotype, neighbourhoods=kept), f"{slot}: {removed or '(none)'} -> {added or '(none)'}"


def _draw(space: str, slot: str, without: Sequence[str], weights: Weights | None, rng: np.random.Generator) -> str:
    names = [c.name for c in components(space, slot) if c.name not in without]
    values = np.array([weights(slot, name) if weights else 1.0 for name in names])
    values = np.where(np.isfinite(values) & (values > 0), values, 0.0)
    if values.sum() <= 0:
        values[:] = 1.0
    return str(rng.choice(names, p=values / values.sum()))
