"""A statement as a value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ale_agent.statement.blocks import Section
from ale_agent.statement.features import Features, Objective
from ale_agent.statement.samples import Sample
from ale_agent.statement.schema import Schema

Kind = Literal["markdown", "html", "text"]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a problem's statement says, as far as it could be understood.

    Parameters
    ----------
    title
        The problem's name.
    kind
        What the text was read as.
    sections
        Headings with their text, in order.
    text
        The whole as clean Markdown, for prompts.
    time_limit
        Seconds a case.
    memory_limit_mb
        MiB.
    sizes
        Least and greatest value by name, from the constraints.
    input_format, output_format
        The formats; ``verified`` in them says whether the samples were read by them.
    samples
        Cases and answers that are shown.
    objective
        Whether more or less is better.
    interactive
        Whether solver and judge talk turn by turn.
    features
        What kind of problem it is.
    understood, not_understood
        Lines for a person.
    """

    title: str
    kind: Kind
    sections: tuple[Section, ...]
    text: str
    time_limit: float | None = None
    memory_limit_mb: int | None = None
    sizes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    input_format: Schema | None = None
    output_format: Schema | None = None
    samples: tuple[Sample, ...] = ()
    objective: Objective | None = None
    interactive: bool = False
    features: Features = field(default_factory=Features)
    understood: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The SHA-256 (hex) of the clean text, the same for every kind of file that reads to it."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def id(self) -> str:
        """``t-`` and twelve hex digits of the text's hash."""
        return "t-" + self.sha256[:12]

    def section(self, *words: str) -> Section | None:
        """Return the first section whose heading holds one of the words, whatever the case."""
        for section in self.sections:
            if any(word.lower() in section.heading.lower() for word in words):
                return section
        return None

    def to_json(self) -> dict[str, Any]:
        """Return what was understood as plain JSON values, without the texts."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "sections": [section.heading for section in self.sections],
            "time_limit": self.time_limit,
            "memory_limit_mb": self.memory_limit_mb,
            "sizes": {name: list(ends) for name, ends in self.sizes.items()},
            "input_format": self.input_format.to_json() if self.input_format else None,
            "output_format": self.output_format.to_json() if self.output_format else None,
            "samples": len(self.samples),
            "objective": self.objective,
            "interactive": self.interactive,
            "features": self.features.to_json(),
            "understood": list(self.understood),
            "not_understood": list(self.not_understood),
        }
