"""What a model is asked to fill in, as pydantic models: the same fields as JSON where a provider binds the reply to a
schema, and as labelled text where it does not.

Every field has a default, because small models leave some out; the schemas that are sent demand them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _joined(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else value


def _listed(value: object) -> object:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_joined)]
Ids = Annotated[list[str], BeforeValidator(_listed)]


class _Filled(BaseModel):
    model_config = ConfigDict(extra="ignore", json_schema_serialization_defaults_required=True)


class EditReply(_Filled):
    """One replacement of whole lines of the given program."""

    search: str = Field(description="lines that stand in the program exactly once, whole and exactly as they are")
    replace: str = Field(default="", description="what comes in their place; empty to delete them")


class ProgramReply(_Filled):
    """A program, as a whole or as edits of the given one."""

    idea: Line = Field(default="", description="one line: what it is, or what it changes")
    expectation: Line = Field(default="", description="one line: what it should gain, and why")
    strategies: Ids = Field(default=[], description="ids of the remembered strategies that were used")
    program: Line = Field(default="", description="the whole file as plain Python text; empty if there are edits")
    edits: list[EditReply] = Field(default=[], description="edits of the given program; empty if program is filled")


class InsightReply(_Filled):
    """One thing that was learned."""

    claim: Line = Field(description="one line")
    supports: Ids = Field(default=[], description="ids of the candidates that speak for it")
    refutes: Ids = Field(default=[], description="ids of the candidates that speak against it")


class InsightsReply(_Filled):
    """What was learned from a batch."""

    insights: list[InsightReply] = Field(default=[], description="at most six, the most useful first")


class ToolsReply(_Filled):
    """The judge of a problem."""

    problem_toml: Line = Field(default="", description="the whole problem.toml")
    tools_py: Line = Field(default="", description="the whole tools.py as plain Python text")


@cache
def schema_of(model: type[BaseModel]) -> Mapping[str, Any]:
    """Return the JSON schema that a provider is sent: every field is required."""
    return model.model_json_schema(mode="serialization")
