"""Imports point one way: each layer may import those above it, never those below."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "ale_agent"
LAYERS = (
    "kit",
    "errors settings clock seeds",
    "statement",
    "problem",
    "program",
    "sandbox",
    "evaluate",
    "tune",
    "leaderboard",
    "memory",
    "strategist",
    "search",
    "attempt",
    "report",
    "cli mcp",
)
RANK = {name: rank for rank, row in enumerate(LAYERS) for name in row.split()}
MODULES = sorted(ROOT.rglob("*.py"))


def imported_layers(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ale_agent."):
            yield node.lineno, node.module.split(".")[1]
        elif isinstance(node, ast.ImportFrom) and node.module == "ale_agent":
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (
                (node.lineno, alias.name.split(".")[1]) for alias in node.names if alias.name.startswith("ale_agent.")
            )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_upward_only(path: Path) -> None:
    layer = path.relative_to(ROOT).with_suffix("").parts[0]
    below = [
        f"line {line}: {layer} imports {other}"
        for line, other in imported_layers(path)
        if layer in RANK and other in RANK and RANK[other] > RANK[layer]
    ]
    assert below == []


def test_every_layer_has_its_place() -> None:
    names = {path.relative_to(ROOT).with_suffix("").parts[0] for path in MODULES} - {"__init__", "__main__"}
    assert names <= set(RANK)


def test_the_kit_imports_nothing_of_ours_but_the_kit() -> None:
    outside = [
        (path.name, other)
        for path in (ROOT / "kit").glob("*.py")
        for _, other in imported_layers(path)
        if other != "kit"
    ]
    assert outside == []
