"""Recording every exchange with a model, and playing it back without one.

A recording is a JSONL file, one line an exchange. Prompts of an attempt are alike: their paragraphs are kept once, in the
line that has them first, and named by number from then on, so that a recording is complete and small.

Played back on the same machine with an iteration budget, an attempt asks byte for byte what it asked before. Elsewhere a
prompt differs in measured times and scores; then replies are matched by order and kind.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ale_agent.errors import StoreError
from ale_agent.strategist.conversations import Conversation, ConversationError, ModelReply, ModelRequest, Turn, Usage


@dataclass(frozen=True)
class Exchange:
    """A request, who was asked, and the reply."""

    model: str
    request: ModelRequest
    reply: ModelReply


class Recording:
    """A recording that is written to; one that is there already is continued. Several threads may write.

    Raises
    ------
    StoreError
        The file cannot be written, or is no recording.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._guard = threading.Lock()
        self._numbers: dict[str, int] = {}
        if path.exists():
            texts: list[str] = []
            read_recording(path, texts)
            self._numbers = {text: number for number, text in enumerate(texts)}

    def write(self, exchange: Exchange) -> None:
        """Keep an exchange; it is on the disk when this returns."""
        request, reply = exchange.request, exchange.reply
        with self._guard:
            fresh: list[str] = []
            entry = {
                "number": request.number,
                "model": exchange.model,
                "kind": request.kind,
                "parents": request.parents,
                "digest": request.digest,
                "prompt": self._shortened(request.prompt, fresh),
                "turns": [[self._shortened(text, fresh) for text in (t.reply, t.reason)] for t in request.turns],
                "texts": fresh,
                "reply": reply.text,
                "usage": asdict(reply.usage),
            }
            try:
                self._append(json.dumps(entry) + "\n")
            except OSError as error:
                raise StoreError(f"recording {self.path} cannot be written: {error}") from error

    def _shortened(self, text: str, fresh: list[str]) -> list[int]:
        numbers = []
        for part in text.split("\n\n"):
            if part not in self._numbers:
                self._numbers[part] = len(self._numbers)
                fresh.append(part)
            numbers.append(self._numbers[part])
        return numbers

    def _append(self, line: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            if file.tell():
                file.write(b"" if _ends_whole(self.path) else b"\n")  # a line that a crash cut off stays by itself
            file.write(line.encode("ascii"))
            file.flush()
            os.fsync(file.fileno())


@dataclass
class RecordingConversation:
    """Keeps each exchange, on the disk before the reply is used."""

    inner: Conversation
    recording: Recording

    @property
    def name(self) -> str:
        """The name of what is recorded."""
        return self.inner.name

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the reply, recorded."""
        reply = self.inner.ask(request)
        self.recording.write(Exchange(self.name, request, reply))
        return reply

    def close(self) -> None:
        """Close what is recorded."""
        self.inner.close()


@dataclass
class ReplayConversation:
    """Plays a recording back.

    A reply is given to the request that it was a reply to. Where no recorded request is the same, the next unused reply
    of the same kind is given, a first reply to a first request and a mended one to one that was sent back; where there
    is none of that kind, the next unused one that holds a program, if that is what is asked for.

    Parameters
    ----------
    path
        The recording.
    strict
        Whether a request that differs from the recorded one in its place is an error.
    observe
        Is told once, on closing, how many requests differed.
    """

    path: Path
    strict: bool = False
    observe: Callable[[str], None] = lambda text: None
    differing: int = field(default=0, init=False)
    _exchanges: list[Exchange] | None = field(default=None, init=False, repr=False)
    _used: set[int] = field(default_factory=set, init=False, repr=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def name(self) -> str:
        """``replay:`` or ``replay-strict:``, and the file."""
        return f"replay{'-strict' if self.strict else ''}:{self.path}"

    @property
    def exchanges(self) -> list[Exchange]:
        """What was recorded, in order; StoreError if it cannot be read."""
        if self._exchanges is None:
            self._exchanges = read_recording(self.path)
        return self._exchanges

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the recorded reply, with the usage it had.

        Raises
        ------
        ConversationError
            The recording is at its end, or, where it is strict, its next request is another one.
        """
        with self._guard:
            number = self._match(request)
            self._used.add(number)
            found = self.exchanges[number]
            if found.request.digest != request.digest:
                self.differing += 1
            return found.reply

    def close(self) -> None:
        """Say how many requests differed, if any did."""
        if self.differing:
            self.observe(
                f"{self.name}: {self.differing} of {len(self._used)} requests differ from the recorded ones (in measured "
                "figures, if all else is the same); replies were matched by order and kind"
            )
            self.differing = 0

    def _match(self, request: ModelRequest) -> int:
        left = [
            number
            for number, exchange in enumerate(self.exchanges)
            if number not in self._used and _family(exchange.request.kind) == _family(request.kind)
        ]
        if not left:
            raise ConversationError(
                f"{self.name}: the recording ends after {len(self._used)} of {len(self.exchanges)} exchanges: it has no "
                f"further reply to a request of kind {request.kind}",
                lasting=True,
            )

        def likeness(number: int) -> tuple[bool, bool, bool, int]:
            recorded = self.exchanges[number].request
            return (
                recorded.digest == request.digest,
                bool(recorded.turns) == bool(request.turns),
                recorded.kind == request.kind,
                -number,
            )

        best = max(left, key=likeness)
        if self.strict and self.exchanges[best].request.digest != request.digest:
            raise ConversationError(
                f"{self.name}: a request ({request.kind}) differs from the recorded ones; the problem, the options, the "
                "seed, the version and what is measured must be those of the recording: replay:FILE is less strict",
                lasting=True,
            )
        return best


def read_recording(path: Path, texts: list[str] | None = None) -> list[Exchange]:
    """Return what was recorded, in order.

    Parameters
    ----------
    path
        The file.
    texts
        Is filled with the paragraphs, by number.

    Raises
    ------
    StoreError
        It cannot be read, or is no recording.
    """
    texts = [] if texts is None else texts
    exchanges = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise StoreError(f"recording {path} cannot be read: {error}") from error
    for number, line in enumerate(lines[:-1], start=1):  # what follows the last line break was cut off by a crash
        try:
            exchanges.append(_exchange(json.loads(line), texts))
        except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
            if number < len(lines) - 1 and not line.endswith("}"):  # cut off by a crash, continued after it
                continue
            raise StoreError(f"recording {path}, line {number}: no exchange ({error!r})") from error
    return exchanges


def _exchange(entry: dict[str, Any], texts: list[str]) -> Exchange:
    texts.extend(map(str, entry["texts"]))

    def whole(numbers: list[int]) -> str:
        return "\n\n".join(texts[number] for number in numbers)

    request = ModelRequest(
        kind=entry["kind"],
        prompt=whole(entry["prompt"]),
        turns=tuple(Turn(whole(reply), whole(reason)) for reply, reason in entry["turns"]),
        number=entry["number"],
        parents=tuple(entry["parents"]),
    )
    if request.digest != entry["digest"]:
        raise ValueError("its digest is not that of its request")
    return Exchange(entry["model"], request, ModelReply(text=entry["reply"], usage=Usage(**entry["usage"])))


def _family(kind: str) -> str:
    """Return what kind of thing a reply to such a request holds."""
    return kind if kind in ("tools", "encode", "insights") else "program"


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
