"""Fuzzes every reader of foreign text: `python -m benchmarks.fuzz [READER ...] [--seconds 60] [--atheris]`.

A reader may refuse anything, with an error of ours, and must never raise another, warn, take more than some seconds or
fill the memory. Without atheris texts are made by mutating good ones at random; with it (`pip install atheris`, which is
no dependency of this project) by coverage, one reader at a time. An input that breaks a reader is kept in the folder of
`--findings`; such inputs stand in tests/test_fuzzed_readers.py.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ale_agent.errors import AleAgentError
from ale_agent.leaderboard.tables import read_table
from ale_agent.memory import Store, import_file
from ale_agent.problem.specification import parse_specification
from ale_agent.program import Program, apply_edits, parse_edits
from ale_agent.settings import settings_from_toml
from ale_agent.statement import read_statement
from ale_agent.strategist.conversations import ModelReply, ModelRequest, Usage
from ale_agent.strategist.genotype import Genotype
from ale_agent.strategist.recording import Exchange, Recording, ReplayConversation
from ale_agent.strategist.replies import read_reply

ROOT = Path(__file__).resolve().parents[1]
MOST_CPU_SECONDS = 5.0
MOST_MEMORY_BYTES = 4 << 30
MOST_INPUT_BYTES = 1 << 16
_MOST_POOL = 400
BASE = (ROOT / "solvers" / "ahc003" / "gaussian_process.py").read_text(encoding="utf-8")
EDIT = "<<<<<<< SEARCH\nimport sys\n=======\nimport os\nimport sys\n>>>>>>> REPLACE\n"


@dataclass(frozen=True)
class Reader:
    """Something that reads foreign text.

    Parameters
    ----------
    read
        Reads a file in that folder with this content; an AleAgentError is a refusal.
    examples
        Good inputs to begin with.
    words
        What mutations put in.
    """

    read: Callable[[bytes, Path], object]
    examples: Callable[[], list[bytes]]
    words: tuple[bytes, ...]


def _file(content: bytes, folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="surrogateescape" if content[:1] == b"\xff" else "replace")


def _import(content: bytes, folder: Path) -> None:
    with Store.open(None, starter=False) as store:
        import_file(store, _file(content, folder, "memory.jsonl"), skip_bad=content[-1:] == b"\n")


def _replay(content: bytes, folder: Path) -> None:
    ReplayConversation(_file(content, folder, "recording.jsonl")).ask(ModelRequest(kind="draft", prompt="p"))


def _edit(content: bytes, folder: Path) -> None:
    apply_edits(BASE, parse_edits(_text(content)))


def _files(pattern: str, most: int = 12) -> Callable[[], list[bytes]]:
    return lambda: [path.read_bytes()[:MOST_INPUT_BYTES] for path in sorted(ROOT.glob(pattern))[:most]]


def _statement(suffix: str) -> Callable[[bytes, Path], object]:
    return lambda content, folder: read_statement(_file(content, folder, f"statement{suffix}"))


def _pages() -> list[bytes]:
    """Return statements as a contest site's pages have them."""
    text = (
        "<h3>{}</h3><p>Let <var>N_{{i}}</var> be</p><pre>{}</pre><ul><li><var>1 \\leq N \\leq 10^{{5}}</var></li></ul>"
    )
    heads = ("Problem Statement", "Scoring", "Constraints", "Input", "Output", "Sample Input 1", "Sample Output 1")
    body = "".join(f"<section>{text.format(head, 'N M')}</section>" for head in heads)
    page = f"<html><head><title>A - Boxes</title></head><body><div id='task-statement'>{body}</div></body></html>"
    return [page.encode(), page.replace("section", "div").encode("utf-16")]


def _recordings() -> list[bytes]:
    exchange = Exchange("m", ModelRequest(kind="draft", prompt="p"), ModelReply(text="x", usage=Usage(input_tokens=3)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.jsonl"
        Recording(path).write(exchange)
        return [path.read_bytes()]


def _genotypes() -> list[bytes]:
    from ale_agent.strategist.compose import default_genotype

    return [default_genotype(space).to_json().encode() for space in ("permutation", "integers", "subset", "sequence")]


_JSON_WORDS = (b"null", b"1e999", b"NaN", b"-0", b"[" * 2000, b'{"a":', b'"\\ud800"', b"9" * 5000, b"true", b'"', b"}")
_TOML_WORDS = (
    b"inf",
    b"nan",
    b"[a]\n",
    b"[[tools]]\n",
    b'"""',
    b"9" * 5000,
    b"= {",
    b"\\u0000",
    b"0x",
    b"1979-05-27",
    b"[" * 2000,
)
_PYTHON_WORDS = (
    b"PARAMETERS = {",
    b"(" * 500,
    b"-" * 3000 + b"1",
    b"9" * 5000,
    b"lambda:",
    b"\\N{",
    b"if 1:\n ",
    b"\x00",
    b"f'{",
    b"'\\d'",
)
_MARKUP_WORDS = (
    b"<div>" * 300,
    b"</section>",
    b"```",
    b"$$",
    b"\\frac{",
    b"&#x110000;",
    b"<pre>",
    b"## ",
    b"|" * 500,
    b"{" * 2000,
    b"N_{",
    b"\\leq",
)
_REPLY_WORDS = (
    b"```python\n",
    b"```",
    b"<think>",
    b"IDEA: ",
    b"{",
    b'{"program": "',
    b"<<<<<<< SEARCH\n",
    b"=======\n",
    b">>>>>>> REPLACE\n",
    b"~~~",
)

READERS: dict[str, Reader] = {
    "statement.md": Reader(_statement(".md"), _files("problems/*/statement.md"), _MARKUP_WORDS),
    "statement.html": Reader(_statement(".html"), _pages, _MARKUP_WORDS),
    "statement.txt": Reader(_statement(".txt"), _files("problems/*/statement.md"), _MARKUP_WORDS),
    "problem.toml": Reader(
        lambda content, folder: parse_specification(_text(content), folder / "problem.toml"),
        _files("problems/*/problem.toml"),
        _TOML_WORDS,
    ),
    "settings.toml": Reader(
        lambda content, folder: settings_from_toml(_text(content), home=folder),
        lambda: [b"[budget]\nseconds = 60.0\nmax_usd = 1\n[evaluation]\nworkers = 2\n[memory]\nenabled = true\n"],
        _TOML_WORDS,
    ),
    "PARAMETERS": Reader(
        lambda content, folder: Program.from_source(_text(content)), _files("solvers/*/*.py"), _PYTHON_WORDS
    ),
    "memory": Reader(
        _import,
        lambda: [
            b"\n".join(lines[k : k + 3]) + b"\n"
            for lines in [(ROOT / "ale_agent/memory/data/strategies.jsonl").read_bytes().splitlines()]
            for k in range(0, 30, 3)
        ],
        _JSON_WORDS,
    ),
    "leaderboard": Reader(
        lambda content, folder: read_table(_file(content, folder, "table.csv")),
        _files("leaderboard/*.csv"),
        (
            b",",
            b"rank,score,performance\n",
            b"case,best_known,kind,source\n",
            b'"',
            b"nan",
            b"1e999",
            b"9" * 5000,
            b"\r",
            b"\x00",
        ),
    ),
    "reply": Reader(
        lambda content, folder: read_reply(_text(content), BASE),
        lambda: [
            f"IDEA: x\nEXPECTATION: y\n```python\n{BASE}```\n".encode(),
            f"Idea: z\n{EDIT}".encode(),
            json.dumps({"idea": "a", "program": BASE}).encode(),
        ],
        _REPLY_WORDS,
    ),
    "edits": Reader(_edit, lambda: [EDIT.encode(), (EDIT * 3).encode()], _REPLY_WORDS),
    "recording": Reader(_replay, _recordings, _JSON_WORDS),
    "genotype": Reader(lambda content, folder: Genotype.from_json(_text(content)), _genotypes, _JSON_WORDS),
}


class TooSlowError(Exception):
    """A reader took more processor time than any input may take."""


def read_guarded(reader: Reader, content: bytes, folder: Path) -> bool:
    """Read an input; return whether it was good, and raise whatever is not a refusal."""

    def stop(number: int, frame: object) -> None:
        raise TooSlowError(f"more than {MOST_CPU_SECONDS:g} s of processor time for {len(content)} bytes")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_CPU_SECONDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            reader.read(content, folder)
    except AleAgentError:
        return False
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)
    return True


def mutate(content: bytes, other: bytes, words: tuple[bytes, ...], rng: random.Random) -> bytes:
    """Return an input changed in one to eight places."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        at = rng.randint(0, len(data))
        end = min(len(data), at + int(2 ** rng.uniform(0, 10)))
        match rng.randrange(7):
            case 0:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * rng.choice((1, 1, 2, 50))
            case 3:
                data[at:at] = rng.choice(words)
            case 4:
                data[at:end] = rng.choice(words)
            case 5:
                start = rng.randint(0, len(other))
                data[at:end] = other[start : start + end - at]
            case 6:
                data[at:at] = rng.choice(("é", "∑", "\u202e", "\ud83d", "١")).encode("utf-8", "surrogatepass")
    return bytes(data[:MOST_INPUT_BYTES])


@dataclass
class Tally:
    """What fuzzing a reader came to: how many inputs, how many of them good, and what broke it, by place."""

    tried: int = 0
    good: int = 0
    broken: dict[str, tuple[bytes, Exception]] = field(default_factory=dict)


def fuzz(reader: Reader, seconds: float, rng: random.Random, folder: Path) -> Tally:
    """Read the examples, then mutations of what was good, until the time is over."""
    examples = reader.examples() or [b""]
    pool = list(examples)
    tally = Tally()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        first = tally.tried < len(examples)
        content = examples[tally.tried] if first else mutate(rng.choice(pool), rng.choice(examples), reader.words, rng)
        tally.tried += 1
        try:
            if read_guarded(reader, content, folder):
                tally.good += 1
                if len(pool) < _MOST_POOL and rng.random() < 0.1:
                    pool.append(content)
        except Exception as error:
            tally.broken.setdefault(where(error), (content, error))
    return tally


def main() -> None:
    """Fuzz the readers that are named, or all; fail if one broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    parser.add_argument("--seconds", type=float, default=60.0, help="for each reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--findings", type=Path, help="where inputs are kept that break a reader")
    parser.add_argument("--atheris", action="store_true", help="guided by coverage; one reader")
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    names = chosen.readers or list(READERS)
    if unknown := set(names) - set(READERS):
        parser.error(f"no reader {', '.join(sorted(unknown))}; there are {', '.join(READERS)}")
    broken: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="ale-fuzz-") as folder:
        if chosen.atheris:
            process = multiprocessing.get_context("fork").Process(
                target=fuzz_with_atheris, args=(names[0], chosen.seconds, Path(folder))
            )
            process.start()
            process.join()  # atheris ends its process itself, and would leave the folder behind
            sys.exit(process.exitcode or 0)
        for name in names:
            tally = fuzz(READERS[name], chosen.seconds, random.Random(chosen.seed), Path(folder))
            for number, (place, (content, error)) in enumerate(tally.broken.items()):
                print(f"{name}: {type(error).__name__}: {str(error)[:200]!r} at {place}", flush=True)
                keep(chosen.findings, name, number, content)
            broken[name] = len(tally.broken)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            print(
                f"{name:<15} {tally.tried:>8} inputs, {tally.good:>7} of them good, {len(tally.broken)} broke it; "
                f"{peak} MiB",
                flush=True,
            )
    sys.exit(1 if any(broken.values()) else 0)


def where(error: Exception) -> str:
    """Return the place in our code that an error came from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "ale_agent" in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else type(error).__name__


def keep(findings: Path | None, name: str, number: int, content: bytes) -> None:
    """Write an input that breaks a reader into the folder of findings, if there is one."""
    if findings is not None:
        findings.mkdir(parents=True, exist_ok=True)
        (findings / f"{name}-{number}").write_bytes(content)


def our_functions() -> list[types.FunctionType]:
    """Return this project's imported functions and methods: instrumenting all that is imported takes minutes."""
    found = []
    for module in [module for key, module in sys.modules.items() if key.startswith("ale_agent.")]:
        own = [value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__]
        methods = [method for value in own if isinstance(value, type) for method in vars(value).values()]
        found += [getattr(value, "__func__", value) for value in (*own, *methods)]
    return [function for function in found if isinstance(function, types.FunctionType)]


def fuzz_with_atheris(name: str, seconds: float, folder: Path) -> None:
    """Fuzz one reader by coverage; ends with the first input that breaks it."""
    import atheris

    reader = READERS[name]
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, example in enumerate(reader.examples()):
        (corpus / str(number)).write_bytes(example)

    def one(content: bytes) -> None:
        with contextlib.suppress(AleAgentError):
            reader.read(content, folder)

    for function in our_functions():
        atheris.instrument_func(function)
    options = [f"-max_total_time={seconds:.0f}", f"-max_len={MOST_INPUT_BYTES}", "-timeout=20", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], str(corpus), *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
