"""A problem page as a browser saves it, as blocks.

Navigation, scripts and hidden copies of formulas are dropped; of a page in two languages the English one is taken; a
formula that KaTeX or MathJax has rendered collapses to its TeX.

Not covered: text that only a script would put on the page (save the page after it is shown), and images.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, Tag
from bs4.exceptions import ParserRejectedMarkup

from ale_agent.errors import StatementError
from ale_agent.statement.blocks import Block, check_count

MAXIMUM_MARKS = 40_000
MAXIMUM_CHARACTERS = 1024 * 1024
_MAXIMUM_DEPTH = 500

_SKIPPED = re.compile(r"<(script|style|svg|noscript|template|head)\b(?![^>]*math/tex)", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,500})</title", re.IGNORECASE)
_DROPPED = frozenset(
    ["script", "style", "nav", "footer", "noscript", "svg", "button", "form", "input", "select", "iframe", "template"]
)
_DROPPED_CLASSES = frozenset(
    ["katex-html", "MathJax_Preview", "MathJax", "MathJax_SVG", "btn", "btn-copy", "div-btn-copy"]
)
_SHORTEST_ROOT = 40
_ROOTS = (
    "#task-statement",
    ".problem-statement",
    "#problem-statement",
    ".problembody",
    ".problem-body",
    "#problem_description",
    "article",
    "main",
    "#main-container",
    "#content",
)
_BLOCK_TAGS = frozenset(
    (
        *("p", "div", "section", "article", "main", "ul", "ol", "li", "table", "tr", "hr", "blockquote", "dl", "dt"),
        *("dd", "pre", "details", "summary", "th", "body", "header", "figure", "center"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HEADING_CLASSES = frozenset(["section-title", "h2", "title"])
_SPACE = re.compile(r"[ \t\n\r\f\v\xa0]+")


def read_html(text: str) -> tuple[list[Block], str]:
    """Return a page's statement as blocks, and the text around it (where a site shows limits and the title).

    Raises
    ------
    StatementError
        It has more tags than any statement page, or they nest deeper than any.
    """
    title = _TITLE.search(text)
    text = _without_skipped(text)
    soup = _parse(text)
    _simplify(soup)
    root = _root(soup)
    blocks = list(_blocks(root))
    check_count(blocks)
    around = []
    if root is not soup.body:
        around = list(_blocks(soup, skip=root))
    if title is not None:
        around.insert(0, Block("heading", _clean(title[1]), 1))
    return blocks, "\n".join(f"# {block.text}" if block.kind == "heading" else block.text for block in around)


def _without_skipped(text: str) -> str:
    """Return a page without scripts, styles and its head, each cut in one step; a missing end tag cuts nothing."""
    pieces = []
    position = 0
    unclosed: set[str] = set()  # looked for once, so that the cost stays linear
    lowered = text.lower() if len(text.lower()) == len(text) else text
    for match in _SKIPPED.finditer(text):
        if match.start() < position or match[1].lower() in unclosed:
            continue
        closing = f"</{match[1].lower()}"
        end = lowered.find(closing, match.end())
        if end < 0:
            unclosed.add(match[1].lower())
            continue
        pieces.append(text[position : match.start()])
        end = text.find(">", end)
        position = end + 1 if end >= 0 else len(text)
    return "".join([*pieces, text[position:]])


def _parse(text: str) -> BeautifulSoup:
    if len(text) > MAXIMUM_CHARACTERS:
        raise StatementError(
            f"the page has {len(text)} characters; a statement has at most {MAXIMUM_CHARACTERS}: save only its part"
        )
    marks = text.count("<") + text.count("&")
    if marks > MAXIMUM_MARKS:
        raise StatementError(
            f"the page has {marks} tags and entities; a statement has at most {MAXIMUM_MARKS}: save only its part"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
            warnings.simplefilter("ignore", UserWarning)
            soup = BeautifulSoup(text, "html.parser")
    except (ParserRejectedMarkup, RecursionError, AssertionError, ValueError) as error:
        raise StatementError(f"the page is not HTML that can be read: {error}; save it again as plain text") from None
    _check_depth(soup)
    return soup


def _check_depth(soup: BeautifulSoup) -> None:
    stack: list[tuple[Tag, int]] = [(soup, 0)]
    while stack:
        tag, depth = stack.pop()
        if depth > _MAXIMUM_DEPTH:
            raise StatementError(
                f"the page nests tags deeper than {_MAXIMUM_DEPTH}: save only the statement's part, or as plain text"
            )
        stack.extend((child, depth + 1) for child in tag.contents if isinstance(child, Tag))


def _simplify(soup: BeautifulSoup) -> None:
    """Collapse formulas, choose the language and drop what is no text; changes the tree."""
    formulas, scripts, english, japanese, dropped = [], [], [], [], []
    for tag in _tags(soup):
        classes = _classes(tag)
        if tag.name == "mjx-container" or "katex" in classes or "MathJax_Display" in classes:
            formulas.append(tag)
        elif tag.name == "script" and str(tag.get("type", "")).startswith("math/tex"):
            scripts.append(tag)
        elif "lang-en" in classes:
            english.append(tag)
        elif "lang-ja" in classes:
            japanese.append(tag)
        elif tag.name in _DROPPED or not _DROPPED_CLASSES.isdisjoint(classes):
            dropped.append(tag)
    for formula in formulas:
        annotation = formula.find("annotation")
        if annotation is not None:
            formula.replace_with(NavigableString(annotation.get_text()))
    for script in scripts:
        script.replace_with(NavigableString(script.get_text()))
    if any(tag.get_text(strip=True) for tag in english):
        dropped += japanese
    for tag in dropped:
        if not tag.decomposed:
            tag.decompose()


def _tags(root: Tag) -> Iterator[Tag]:
    return (node for node in root.descendants if isinstance(node, Tag))


def _classes(tag: Tag) -> list[str]:
    found = tag.get("class")
    return found if isinstance(found, list) else []


def _root(soup: BeautifulSoup) -> Tag:
    """Return the smallest known part of a page that holds the statement."""
    found: dict[str, Tag] = {}
    for tag in _tags(soup):
        names = [tag.name, f"#{tag.get('id', '')}", *(f".{name}" for name in _classes(tag))]
        for name in names:
            if name in _ROOTS and name not in found:
                found[name] = tag
    for name in _ROOTS:
        if name in found and len(found[name].get_text(strip=True)) > _SHORTEST_ROOT:
            return found[name]
    return soup.body if soup.body is not None else soup


def _blocks(root: Tag, skip: Tag | None = None) -> Iterator[Block]:
    """Yield the blocks below a tag, in order, without recursion."""
    words: list[str] = []
    stack: list[Tag | NavigableString | None] = [root]  # None: a block element ends here
    while stack:
        node = stack.pop()
        if node is None:
            yield from _flushed(words)
        elif isinstance(node, NavigableString):
            words.append(str(node))
        elif node is skip:
            continue
        elif node.name == "pre":
            yield from _flushed(words)
            yield Block("pre", _verbatim(node))
        elif _heading_level(node) is not None:
            yield from _flushed(words)
            title = _clean(_inline(node))
            if title:
                yield Block("heading", title, _heading_level(node) or 1)
        else:
            is_block = node.name in _BLOCK_TAGS
            if is_block:
                yield from _flushed(words)
                stack.append(None)
            if node.name == "br":
                words.append("\n")
            elif node.name in ("sub", "sup"):
                words.append(_script(node))
                continue
            elif node.name == "li":
                words.append("- ")
            elif node.name == "td":
                words.append("  ")
            stack.extend(_contents(node))
    yield from _flushed(words)


def _heading_level(node: Tag) -> int | None:
    if node.name in _HEADINGS:
        return _HEADINGS[node.name]
    classes = _classes(node)
    if _HEADING_CLASSES.intersection(classes) and len(node.get_text()) < 200:
        return 2 if "h2" in classes else 3
    if node.name == "th":
        return 5
    return None


def _flushed(words: list[str]) -> Iterator[Block]:
    text = "\n".join(_SPACE.sub(" ", line).strip() for line in _joined(words))
    words.clear()
    text = text.strip()
    if text and text != "-":
        yield Block("text", text)


def _joined(words: list[str]) -> list[str]:
    """Return the lines of running text: only a ``<br>`` (a lone line break) breaks one."""
    lines = [""]
    current: list[str] = []
    for word in words:
        if word == "\n":
            lines[-1] = "".join(current)
            lines.append("")
            current = []
        else:
            current.append(word)
    lines[-1] = "".join(current)
    return lines


def _inline(node: Tag) -> str:
    return "".join(_script(part) if isinstance(part, Tag) else str(part) for part in _parts(node))


def _parts(node: Tag) -> Iterator[Tag | NavigableString]:
    """Yield the strings below a tag; an index or exponent as a whole."""
    stack: list[Tag | NavigableString] = _contents(node)
    while stack:
        child = stack.pop()
        if isinstance(child, Tag) and child.name not in ("sub", "sup"):
            if child.name == "br" or child.name in _BLOCK_TAGS:
                yield NavigableString("\n")
            stack.extend(_contents(child))
        else:
            yield child


def _contents(node: Tag) -> list[Tag | NavigableString]:
    """Return what is inside a tag, last first, without comments."""
    inside = reversed(node.contents)
    return [part for part in inside if isinstance(part, Tag) or (isinstance(part, NavigableString) and _is_plain(part))]


def _is_plain(part: NavigableString) -> bool:
    return type(part) is NavigableString


def _script(node: Tag) -> str:
    text = node.get_text().strip()
    mark = "_" if node.name == "sub" else "^"
    return mark + (text if len(text) == 1 or text.isdigit() else f"{{{text}}}")


def _verbatim(node: Tag) -> str:
    lines = _inline(node).replace("\xa0", " ").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(line.rstrip() for line in lines)


def _clean(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
