"""The statement reader: from Markdown, HTML or plain text to a `Statement`."""

from __future__ import annotations

from ale_agent.statement.blocks import Section
from ale_agent.statement.features import Features
from ale_agent.statement.reader import parse_statement, read_statement
from ale_agent.statement.samples import Sample
from ale_agent.statement.schema import Schema
from ale_agent.statement.statement import Statement
from ale_agent.statement.summary import summary_lines

__all__ = [
    "Features",
    "Sample",
    "Schema",
    "Section",
    "Statement",
    "parse_statement",
    "read_statement",
    "summary_lines",
]
