"""From a file or a text to a `Statement`.

Not covered: statements that are images or PDF, and formats told in prose only. What is not understood is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ale_agent.errors import StatementError
from ale_agent.statement.blocks import Block, plain_text, prose_of, sections_of
from ale_agent.statement.encoding import checked_text, read_text
from ale_agent.statement.features import PROSE_LENGTH, features_of, guess_interactive, guess_objective
from ale_agent.statement.limits import Sizes, find_memory_limits, find_sizes, find_time_limits
from ale_agent.statement.markdown import read_markdown
from ale_agent.statement.match import read_by_schema
from ale_agent.statement.plain import read_plain
from ale_agent.statement.samples import find_samples, sample_label
from ale_agent.statement.schema import Schema, parse_schema
from ale_agent.statement.statement import Kind, Statement
from ale_agent.statement.summary import describe
from ale_agent.statement.webpage import read_html

_SUFFIXES: dict[str, Kind] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_TAGS = re.compile(r"</?(?:html|body|div|p|h[1-6]|pre|section|span|table|ul|var)\b", re.IGNORECASE)
_ATX = re.compile(r"^#{1,6} \S", re.MULTILINE)
_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)
_INPUT = re.compile(r"^\W*input|^入力(?!例|生成)|interaction|入出力", re.IGNORECASE)
_OUTPUT = re.compile(r"^\W*output|^出力(?!例)", re.IGNORECASE)
_GENERATION = re.compile(r"generat|生成", re.IGNORECASE)
_NO_SIZES = re.compile(r"\b(?:samples?|examples?|scor|note)|入力例|出力例|得点", re.IGNORECASE)
_TASK_LETTER = re.compile(r"^(?:[A-Z]\d{0,2}\s*[-.:]\s+)(?=\S)")
_ABBREVIATED = re.compile(r"^\s*(?:\.{2,6}|:|⋮|…)\s*$", re.MULTILINE)
_SITE = re.compile(r"\s+(?:[|\u2013\u2014]|-)\s+(?:AtCoder|Codeforces|Kattis|Problem)\b.*$")


def read_statement(path: Path | str) -> Statement:
    """Return the statement in a file: Markdown, a page as a browser saves it, or plain text.

    Raises
    ------
    StatementError
        The file cannot be read as text, or is larger than any statement; path, rule, value and what to do.
    """
    path = Path(path)
    text = read_text(path)
    try:
        return parse_statement(text, _SUFFIXES.get(path.suffix.lower()))
    except StatementError as error:
        raise StatementError(f"{path}: {error}") from None


def parse_statement(text: str, kind: Kind | None = None) -> Statement:
    """Return the statement that a text holds.

    Parameters
    ----------
    text
        Markdown, HTML or plain text.
    kind
        Which of them; seen from the text if absent.

    Raises
    ------
    StatementError
        It is empty, too long, or no text.
    """
    text = checked_text(text, "the statement")
    if kind is None:
        kind = detect_kind(text)
    around = ""
    if kind == "html":
        blocks, around = read_html(text)
    else:
        blocks = read_markdown(text) if kind == "markdown" else read_plain(text)
    if not any(block.text.strip() for block in blocks):
        raise StatementError("the statement holds no text: if a script makes the page, save it after it is shown")
    return _understand(blocks, around, kind)


def detect_kind(text: str) -> Kind:
    """Return what kind of text it is, from its first part."""
    head = text[:50_000]
    if re.match(r"\s*<(?:!doctype|html|\?xml)", head, re.IGNORECASE) or len(_TAGS.findall(head)) >= 6:
        return "html"
    if _ATX.search(head) or _FENCE.search(head):
        return "markdown"
    return "text"


def _understand(blocks: list[Block], around: str, kind: Kind) -> Statement:
    title, body = _title(blocks, around)
    sections = sections_of(body)
    prose = prose_of(body)[:PROSE_LENGTH]
    everywhere = f"{around[:PROSE_LENGTH]}\n{prose}"
    times, memories = find_time_limits(everywhere), find_memory_limits(everywhere)
    constraints = [section.text for section in sections if re.search(r"constraint|limits|制約", section.heading, re.I)]
    sizes = find_sizes("\n".join(constraints)[:PROSE_LENGTH])
    told = [section.text for section in sections if not _NO_SIZES.search(section.heading)]
    for name, ends in find_sizes("\n".join(told)[:PROSE_LENGTH]).items():
        sizes.setdefault(name, ends)
    samples, used = find_samples(body)
    objective, interactive = guess_objective(sections), guess_interactive(sections)
    notes: list[str] = []
    # A format tells one message of a dialogue, a sample the whole of it: neither can be judged by the other.
    shown = () if interactive else samples
    why_not = "the sample is a dialogue" if interactive and samples else "there is no sample to verify it on"
    input_format, values = _format(
        _templates(body, used, _INPUT), [s.input for s in shown], sizes, "input", notes, why_not=why_not
    )
    output_format, _ = _format(
        _templates(body, used, _OUTPUT), [s.output for s in shown], sizes, "output", notes, values, why_not=why_not
    )
    features = features_of(
        title,
        sections,
        sizes=sizes,
        input_format=input_format,
        output_format=output_format,
        interactive=interactive,
        time_limit=times[0] if times else None,
        objective=objective,
    )
    for what, found in (("time", times), ("memory", memories)):
        if len(found) > 1:
            notes.append(f"{what} limit: {len(found)} different ones are named; the first, {found[0]:g}, is taken")
    statement = Statement(
        title=title,
        kind=kind,
        sections=sections,
        text=plain_text(blocks),
        time_limit=times[0] if times else None,
        memory_limit_mb=memories[0] if memories else None,
        sizes=sizes,
        input_format=input_format,
        output_format=output_format,
        samples=samples,
        objective=objective,
        interactive=interactive,
        features=features,
    )
    return describe(statement, notes)


def _title(blocks: list[Block], around: str) -> tuple[str, list[Block]]:
    """Return the title and the blocks behind it."""
    first = next((i for i, block in enumerate(blocks[:5]) if block.kind == "heading"), None)
    if around.startswith("# "):
        title = around.split("\n", 1)[0][2:]
        own = blocks[0].text if first == 0 and not _is_section_word(blocks[0].text) else ""
        return _bare_title(own or title), blocks[1:] if own else blocks
    if first is not None and not _is_section_word(blocks[first].text):
        return _bare_title(blocks[first].text), [*blocks[:first], *blocks[first + 1 :]]
    line = next((block.text.split("\n")[0].strip() for block in blocks if block.kind == "text"), "")
    return (line[:100] if len(line) <= 100 else ""), blocks


def _is_section_word(text: str) -> bool:
    return bool(
        _INPUT.search(text) or _OUTPUT.search(text) or re.match(r"problem statement|constraints|問題文", text, re.I)
    )


def _bare_title(text: str) -> str:
    return _SITE.sub("", _TASK_LETTER.sub("", " ".join(text.split())))[:200].strip()


def _templates(blocks: Sequence[Block], samples: frozenset[int], heading: re.Pattern[str]) -> list[str]:
    """Return the preformatted blocks in the sections of that name which are no samples."""
    found: list[str] = []
    inside, level = False, 0
    for position, block in enumerate(blocks):
        if block.kind == "heading":
            matches = bool(heading.search(block.text)) and sample_label(block.text) is None
            if matches and not _GENERATION.search(block.text):
                inside, level = True, block.level
            elif block.level <= level or not inside:
                inside = False
        elif block.kind == "pre" and inside and position not in samples and block.text.strip():
            found.append(block.text)
    return found


def _format(
    templates: list[str],
    samples: list[str],
    sizes: Sizes,
    what: str,
    notes: list[str],
    values: Mapping[str, float] | None = None,
    *,
    why_not: str,
) -> tuple[Schema | None, dict[str, float]]:
    """Return the format's schema, verified where a sample is read by it, and the sample's numbers by name."""
    known = {name: low for name, (low, high) in sizes.items() if low == high} | dict(values or {})
    candidates = [*templates[:6], *(["\n".join(templates)] if 1 < len(templates) <= 6 else [])]
    schemas = [schema for schema in map(parse_schema, candidates) if schema is not None]
    if not schemas:
        if templates:
            notes.append(f"{what} format: {templates[0].strip().splitlines()[0][:60]!r} ... is not understood")
        return None, {}
    shown = [sample for sample in samples if sample.strip()][:8]
    reason = why_not
    if any(_ABBREVIATED.search(sample) for sample in shown):
        shown, reason = [], "the sample is abbreviated"
    for number, schema in enumerate(schemas):
        outcomes = [read_by_schema(schema, sample, known) for sample in shown]
        if outcomes and all(problem is None for problem, _ in outcomes):
            return schema.checked(True), outcomes[0][1]
        if outcomes and number == 0:
            reason = next((f"the sample does not follow it ({problem})" for problem, _ in outcomes if problem), reason)
    notes.append(f"{what} format: {schemas[0].describe()[:120]} is not verified; {reason}")
    return schemas[0], {}
