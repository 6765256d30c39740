"""Recording every exchange with a model, and playing it back without one, byte for byte."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ale_agent.errors import StoreError
from ale_agent.strategist.conversations import Conversation, ConversationError, ModelReply, ModelRequest, Usage


@dataclass
class RecordingConversation:
    """Keeps each exchange in a JSONL file, on the disk before the reply is used."""

    inner: Conversation
    path: Path

    @property
    def name(self) -> str:
        """The name of what is recorded."""
        return self.inner.name

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the reply, recorded."""
        reply = self.inner.ask(request)
        entry = {"request": request.digest, **asdict(request), "reply": reply.text, "usage": asdict(reply.usage)}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="ascii", newline="\n") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return reply

    def close(self) -> None:
        """Close what is recorded."""
        self.inner.close()


@dataclass
class ReplayConversation:
    """Plays a recording back in its order; a request that differs from the recorded one is an error."""

    path: Path
    _entries: list[tuple[str, str, Usage]] | None = field(default=None, init=False, repr=False)
    _next: int = field(default=0, init=False, repr=False)

    @property
    def name(self) -> str:
        """``replay:`` and the file."""
        return f"replay:{self.path}"

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the recorded reply, with the usage it had.

        Raises
        ------
        ConversationError
            The recording is at its end, or its next request is another one.
        """
        if self._entries is None:
            self._entries = _read(self.path)
        if self._next >= len(self._entries):
            raise ConversationError(f"{self.name}: the recording ends after {self._next} exchanges", lasting=True)
        digest, reply, usage = self._entries[self._next]
        self._next += 1
        if digest != request.digest:
            raise ConversationError(
                f"{self.name}: request {self._next} ({request.kind}) differs from the recorded one; the problem, the "
                "options, the seed and the version must be those of the recording",
                lasting=True,
            )
        return ModelReply(text=reply, usage=usage)

    def close(self) -> None:
        """Nothing is held open."""


def _read(path: Path) -> list[tuple[str, str, Usage]]:
    entries = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"recording {path} cannot be read: {error}") from error
    for number, line in enumerate(lines[:-1], start=1):  # what follows the last line break was cut off by a crash
        try:
            entry = json.loads(line)
            entries.append((str(entry["request"]), str(entry["reply"]), Usage(**entry["usage"])))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise StoreError(f"recording {path}, line {number}: {error!r}") from error
    return entries
