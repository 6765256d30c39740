"""The first process of a container: holds one program in a local sandbox and does what it is told over its pipes.

The container is the outer wall, and the local sandbox's locks are the inner one: they keep a program from this process
and from its own other cases. When the other end hangs up, whatever the reason, this process ends and with it the
container. The text of this module travels into the container; the standard library is all it needs there.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from ale_agent.sandbox.local import LocalSandbox
from ale_agent.sandbox.probe import probe_machine
from ale_agent.sandbox.protocol import Cold, Limits, Loaded, RefusedError, Run, Running
from ale_agent.sandbox.wire import Message, Unpacker

_CHUNK = 1 << 16


class Keeper:
    """Answers messages.

    Parameters
    ----------
    send
        Sends one, from any thread.
    folder
        Where programs and their files may lie.
    """

    def __init__(self, send: Callable[[Message], None], folder: Path) -> None:
        self._send = send
        self._sandbox = LocalSandbox(folder=folder)
        self._loaded: Loaded | None = None
        self._cold: Cold | None = None
        self._runs: dict[int, _Dialogue] = {}

    def handle(self, message: Message) -> None:
        """Do what a message says; never waits, so that the end of the connection is noticed at any time."""
        if message.kind == "load":
            threading.Thread(target=self._load, args=(message,), daemon=True).start()
        elif message.kind == "start":
            dialogue = self._runs[message.run] = _Dialogue(message.run, self._send)
            threading.Thread(target=self._start, args=(message, dialogue), daemon=True).start()
        elif message.kind == "lay_out":
            self._cold = self._sandbox.cold(message.body.decode())
        elif message.run in self._runs:
            self._runs[message.run].handle(message)

    def _load(self, message: Message) -> None:
        try:
            loaded = self._sandbox.load(message.body.decode(), **message.head)
        except Exception as error:
            self._send(Message("failed", head={"message": str(error) or type(error).__name__}))
            return
        self._loaded = loaded
        self._send(Message("loaded", head={"error": loaded.error, "load_seconds": loaded.load_seconds}))

    def _start(self, message: Message, dialogue: _Dialogue) -> None:
        """Start a run and watch it to its end."""
        number = message.run
        try:
            running = self._started(message)
            self._send(Message("started", number))
            dialogue.begin(running, interactive=message.head["interactive"])
            outcome = running.wait()
        except RefusedError as error:
            self._send(Message("refused", number, {"message": str(error)}))
        except Exception as error:
            self._send(Message("failed", number, {"message": f"{type(error).__name__}: {error}"}))
        else:
            values = dataclasses.asdict(outcome)
            output = values.pop("standard_output")
            self._send(Message("outcome", number, values, output))
        finally:
            dialogue.join()
            del self._runs[number]

    def _started(self, message: Message) -> Running:
        head = message.head
        run = Run(
            standard_input=None if head["interactive"] else message.body,
            limits=Limits(**head["limits"]),
            environment=head["environment"],
        )
        if self._cold is not None:
            return self._cold.start(run, compile_pass=head["compile_pass"])
        if self._loaded is None:
            raise RefusedError("no program was loaded")
        return self._loaded.start(run)


class _Dialogue:
    """What reaches a run under way: its cancellation, and both directions of an interactive run.

    In each direction one piece is under way at a time: the next one goes only when the last one was taken, so that
    whoever does not read holds up nobody but himself.
    """

    def __init__(self, number: int, send: Callable[[Message], None]) -> None:
        self._number = number
        self._send = send
        self._guard = threading.Lock()
        self._running: Running | None = None
        self._cancelled = False
        self._input: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._taken: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._pumps: list[threading.Thread] = []

    def begin(self, running: Running, *, interactive: bool) -> None:
        with self._guard:
            self._running = running
            if self._cancelled:
                running.cancel()
        if interactive:
            output, feed = running.channels
            for pump, descriptor in ((self._pump_output, output), (self._pump_input, feed)):
                self._pumps.append(threading.Thread(target=pump, args=(descriptor,), daemon=True))
                self._pumps[-1].start()

    def handle(self, message: Message) -> None:
        if message.kind == "input":
            self._input.put(message.body)
        elif message.kind == "taken":
            self._taken.put(bool(message.head["more"]))
        elif message.kind == "cancel":
            with self._guard:
                self._cancelled = True
                if self._running is not None:
                    self._running.cancel()

    def join(self) -> None:
        """Wait for the last pieces; the other end closes both directions of every run."""
        for pump in self._pumps:
            pump.join()

    def _pump_output(self, descriptor: int) -> None:
        with contextlib.closing(os.fdopen(descriptor, "rb", buffering=0)) as pipe:
            more = True
            while more and (piece := pipe.read(_CHUNK)):
                self._send(Message("output", self._number, body=piece))
                more = self._taken.get()
        self._send(Message("output", self._number))

    def _pump_input(self, descriptor: int) -> None:
        with contextlib.closing(os.fdopen(descriptor, "wb", buffering=0)) as pipe:
            while piece := self._input.get():
                with contextlib.suppress(BrokenPipeError):
                    while piece:
                        piece = piece[pipe.write(piece) or 0 :]
                self._send(Message("fed", self._number))


def main() -> NoReturn:
    """Serve until the other end hangs up."""
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    guard = threading.Lock()

    def send(message: Message) -> None:
        rest = memoryview(message.pack())
        with guard:
            while rest:
                rest = rest[os.write(outgoing, rest) :]

    os._exit(_serve(incoming, send))


def _serve(incoming: int, send: Callable[[Message], None]) -> int:
    missing = probe_machine().missing
    if missing:
        send(Message("unable", head={"missing": list(missing)}))
        return 1
    keeper: Any = Keeper(send, Path.cwd())
    send(Message("ready"))
    unpacker = Unpacker()
    while piece := os.read(incoming, _CHUNK):
        for message in unpacker.feed(piece):
            keeper.handle(message)
    return 0
