"""The relay: a folder of prompt and reply files instead of a model (FORMATS section 6).

Whoever answers, a person with a chat window or a program, needs nothing but the prompt file. Several prompts may be open
at a time; they may be answered in any order. Not covered: two attempts that use one folder at the same time.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ale_agent.clock import Clock, SystemClock
from ale_agent.strategist.conversations import ConversationError, ModelReply, ModelRequest, Usage
from ale_agent.strategist.prompting import write_retry

_PROMPT_NAME = re.compile(r"(\d{4,})\.prompt\.md")
_MOST_BYTES = 8 * 1024 * 1024


@dataclass
class RelayConversation:
    """Writes each request into a folder and waits until somebody has answered it there.

    A prompt that is in the folder already, from a run that was stopped, is not written again: its reply counts.

    Parameters
    ----------
    folder
        Where the files are; made if it is not there.
    poll
        Seconds between two looks.
    settle
        A reply is read when it has not changed for so many seconds, or at once if there is an (empty) file of the same
        name that ends in ``.done`` instead of ``.md``.
    stop
        Asked at every look; when it says so, waiting ends.
    """

    folder: Path
    poll: float = 0.5
    settle: float = 2.0
    stop: Callable[[], bool] = lambda: False
    clock: Clock = field(default_factory=SystemClock)
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _used: set[int] = field(default_factory=set, init=False, repr=False)
    _answered: dict[tuple[str, ...], list[int]] = field(default_factory=dict, init=False, repr=False)
    """By prompt and replies so far, the numbers of the prompts whose last reply may yet be sent back."""

    @property
    def name(self) -> str:
        """``relay:`` and the folder."""
        return f"relay:{self.folder}"

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return what somebody wrote into the reply's file; a relay costs no tokens and no money.

        Raises
        ------
        ConversationError
            Waiting was ended, or the folder cannot be written.
        """
        said = (request.prompt, *(turn.reply for turn in request.turns))
        try:
            with self._guard:
                number, stem = self._write(request, said)
            reply = self._wait(stem)
        except OSError as error:
            raise ConversationError(f"{self.name}: {error}", lasting=True) from error
        with self._guard:
            self._answered.setdefault((*said, reply), []).append(number)
        return ModelReply(text=reply, usage=Usage(cost_usd=0.0))

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, request: ModelRequest, said: tuple[str, ...]) -> tuple[int, str]:
        """Write the prompt, and return its number and the stem of its files' names."""
        self.folder.mkdir(parents=True, exist_ok=True)
        number, stem, text = self._number(request, said), "", request.prompt
        stem = f"{number:04d}"
        if request.turns:
            stem += f".retry{len(request.turns)}"
            text = write_retry(request.prompt, request.turns[-1].reply, request.turns[-1].reason)
        if not _holds(self.folder / f"{stem}.prompt.md", text):
            (self.folder / f"{stem}.reply.md").unlink(missing_ok=True)  # an answer to another question
            _write_whole(self.folder / f"{stem}.prompt.md", text)
        return number, stem

    def _number(self, request: ModelRequest, said: tuple[str, ...]) -> int:
        """Return the number of the prompt that was sent back, of one that is there unanswered, or the next one."""
        if self._answered.get(said):
            return self._answered[said].pop(0)
        known = sorted(int(m[1]) for p in self.folder.iterdir() if (m := _PROMPT_NAME.fullmatch(p.name)))
        same = [n for n in known if n not in self._used and _holds(self._prompt_path(n), request.prompt)]
        number = same[-1] if same else max([*known, *self._used], default=0) + 1
        self._used.add(number)
        return number

    def _prompt_path(self, number: int) -> Path:
        return self.folder / f"{number:04d}.prompt.md"

    def _wait(self, stem: str) -> str:
        reply, done = self.folder / f"{stem}.reply.md", self.folder / f"{stem}.reply.done"
        seen: tuple[int, int] | None = None
        since = self.clock.now()
        while True:
            state = _state(reply)
            if state is not None and done.exists():
                return _read(reply)
            if state != seen:
                seen, since = state, self.clock.now()
            elif state is not None and state[0] > 0 and self.clock.now() - since >= self.settle:
                return _read(reply)
            if self.stop():
                raise ConversationError(
                    f"{self.name}: nobody has answered {stem}.prompt.md; write {reply.name} and resume", lasting=False
                )
            self.clock.sleep(self.poll)


def _state(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES).decode("utf-8-sig", errors="replace")


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_bytes() == text.encode("utf-8", errors="replace")


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(text.encode("utf-8", errors="replace"))
    os.replace(unfinished, path)
