"""Solver programs as values: parameters, bundling the kit, static checks, baking values, edits."""

from __future__ import annotations

from ale_agent.program.bake import bake
from ale_agent.program.bundle import bundle, kit_sources
from ale_agent.program.check import check_source
from ale_agent.program.edits import Edit, apply_edits, extract_program, parse_edits
from ale_agent.program.identity import normalised_hash, similarity
from ale_agent.program.parameters import Parameter, parse_parameters
from ale_agent.program.program import Program

__all__ = [
    "Edit",
    "Parameter",
    "Program",
    "apply_edits",
    "bake",
    "bundle",
    "check_source",
    "extract_program",
    "kit_sources",
    "normalised_hash",
    "parse_edits",
    "parse_parameters",
    "similarity",
]
