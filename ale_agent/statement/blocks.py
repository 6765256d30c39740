"""What every kind of statement is read into: a flat list of headings, paragraphs and preformatted blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ale_agent.errors import StatementError

MAXIMUM_BLOCKS = 20_000


@dataclass(frozen=True)
class Block:
    """A piece of a statement.

    Parameters
    ----------
    kind
        ``heading``, ``text`` (a paragraph, list item or table row) or ``pre`` (verbatim lines).
    text
        Its text without markup; TeX is kept.
    level
        Of a heading, 1 the highest; 0 for the others.
    """

    kind: Literal["heading", "text", "pre"]
    text: str
    level: int = 0


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it until the next one.

    Parameters
    ----------
    heading
        Its text; empty for what stands before the first heading.
    level
        1 the highest.
    text
        The paragraphs; preformatted blocks between lines of three backticks.
    """

    heading: str
    level: int
    text: str


def check_count(blocks: Sequence[Block]) -> None:
    """Refuse what has more parts than any statement."""
    if len(blocks) > MAXIMUM_BLOCKS:
        raise StatementError(
            f"the statement has more than {MAXIMUM_BLOCKS} headings and paragraphs: keep the text, drop the data in it"
        )


def block_text(block: Block) -> str:
    """Return a block as Markdown."""
    if block.kind == "heading":
        return f"{'#' * min(6, max(1, block.level))} {block.text}"
    if block.kind == "pre":
        fence = "```" if "```" not in block.text else "~~~"
        return f"{fence}\n{block.text}\n{fence}"
    return block.text


def sections_of(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """Return the blocks as sections; empty text before the first heading gives none."""
    sections = []
    heading, level = "", 1
    body: list[str] = []
    for block in [*blocks, Block("heading", "", 0)]:
        if block.kind != "heading":
            body.append(block_text(block))
            continue
        if heading or body:
            sections.append(Section(heading, level, "\n\n".join(body)))
        heading, level, body = block.text, block.level, []
    return tuple(sections)


def plain_text(blocks: Sequence[Block]) -> str:
    """Return the whole statement as clean Markdown, as a prompt wants it."""
    return "\n\n".join(block_text(block) for block in blocks).strip() + "\n"


def prose_of(blocks: Sequence[Block]) -> str:
    """Return headings and paragraphs without the preformatted blocks."""
    return "\n".join(block.text for block in blocks if block.kind != "pre")
