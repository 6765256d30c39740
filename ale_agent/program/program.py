"""A solver program as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ale_agent.program.bundle import bundle
from ale_agent.program.check import check_source
from ale_agent.program.identity import normalised_hash
from ale_agent.program.parameters import Parameter, Value, parse_parameters


@dataclass(frozen=True)
class Program:
    """Self-contained solver source with the parameters it declares.

    Parameters
    ----------
    source
        One file that runs with plain ``python solver.py``; nothing of ale_agent is imported.
    parameters
        What its ``PARAMETERS`` declares, in order.
    """

    source: str
    parameters: tuple[Parameter, ...] = ()

    @classmethod
    def from_source(cls, source: str, *, kit: Mapping[str, str] | None = None) -> Program:
        """Check a program's text, inline the kit and read its parameters.

        Parameters
        ----------
        source
            A solver program; it may import ``ale_agent.kit``.
        kit
            Sources of the kit's modules by name; the installed kit if absent.

        Raises
        ------
        ProgramError
            It breaks the solver contract; the message says where and how.
        """
        check_source(source)
        bundled = bundle(source, kit=kit)
        return cls(bundled, parse_parameters(bundled))

    @cached_property
    def id(self) -> str:
        """``c-`` and twelve hex digits of the normalised source's hash."""
        return "c-" + normalised_hash(self.source)[:12]

    @property
    def defaults(self) -> dict[str, Value]:
        """The parameters' default values by name."""
        return {parameter.name: parameter.default for parameter in self.parameters}
