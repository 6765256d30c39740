"""A run in a container, as we see it: messages to and from it, and pipes for the judge of an interactive one."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from typing import Any

from ale_agent.sandbox.docker_link import LOST, Link, wait_for
from ale_agent.sandbox.protocol import Ending, Outcome, Run
from ale_agent.sandbox.wire import Message

_CHUNK = 1 << 16
_LATE_SECONDS = 30.0


class ContainerRun:
    """A run under way: `ale_agent.sandbox.protocol.Running` in a container.

    Parameters
    ----------
    link
        The container's.
    run
        What was asked for.
    """

    def __init__(self, link: Link, run: Run) -> None:
        self._link = link
        self._longest_seconds = run.limits.longest_seconds
        self._replies: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._output: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._fed: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._channels: tuple[int, int] | None = None
        self._interactive = run.standard_input is None
        self.number = link.open(self._receive)

    def _receive(self, message: Message) -> None:
        if message.kind == "output":
            self._output.put(message.body)
        elif message.kind == "fed":
            self._fed.put(True)
        else:
            self._replies.put(message)
            if message.kind == LOST:
                self._output.put(b"")
                self._fed.put(False)

    def await_start(self, seconds: float) -> Message:
        """Return whether it was started, refused, failed or lost."""
        reply = wait_for(self._replies, seconds)
        if reply is None:
            self._link.close(f"a run did not start within {seconds:.0f} s")
            return Message(LOST, self.number)
        if reply.kind == "started" and self._interactive:
            self._open_channels()
        return reply

    def abandon(self) -> None:
        """Forget it, when it did not start."""
        self._link.forget(self.number)

    def _open_channels(self) -> None:
        output, output_end = os.pipe()
        feed_end, feed = os.pipe()
        self._channels = (output, feed)
        for pump, descriptor in ((self._pump_output, output_end), (self._pump_input, feed_end)):
            threading.Thread(target=pump, args=(descriptor,), name="dialogue", daemon=True).start()

    def _pump_output(self, descriptor: int) -> None:
        with contextlib.closing(os.fdopen(descriptor, "wb", buffering=0)) as pipe:
            while piece := self._output.get():
                more = True
                with contextlib.suppress(BrokenPipeError):
                    while piece:
                        piece = piece[pipe.write(piece) or 0 :]
                more = not piece
                self._link.send(Message("taken", self.number, {"more": more}))

    def _pump_input(self, descriptor: int) -> None:
        with contextlib.closing(os.fdopen(descriptor, "rb", buffering=0)) as pipe:
            while piece := pipe.read(_CHUNK):
                self._link.send(Message("input", self.number, body=piece))
                if not self._fed.get():
                    return
        self._link.send(Message("input", self.number))

    @property
    def channels(self) -> tuple[int, int]:
        """The caller's ends of an interactive run."""
        if self._channels is None:
            raise ValueError("channels belong to an interactive run, and this one was given its input")
        return self._channels

    def cancel(self) -> None:
        """Kill it now; from any thread, at any time."""
        self._link.send(Message("cancel", self.number))

    def wait(self) -> Outcome:
        """Wait for the end that the limits guarantee; a container that does not keep to them is ended."""
        reply = wait_for(self._replies, self._longest_seconds + _LATE_SECONDS)
        if reply is None:
            self._link.close("the container did not end a run at its limit")
            reply = Message(LOST, self.number, {"message": self._link.lost})
        if not self._interactive:
            self._link.forget(self.number)
        if reply.kind == "outcome":
            return _outcome(reply.head, reply.body)
        return _lost(str(reply.head.get("message", reply.kind)))


def _outcome(head: Any, output: bytes) -> Outcome:
    """Return what the keeper measured."""
    try:
        return Outcome(**{**head, "ending": Ending(head["ending"]), "standard_output": output})
    except (KeyError, TypeError, ValueError) as error:
        return _lost(f"the container answered with nonsense: {error}")


def _lost(why: str) -> Outcome:
    return Outcome(
        ending=Ending.LOST,
        exit_code=-9,
        standard_output=b"",
        standard_error="",
        cpu_seconds=0.0,
        wall_seconds=0.0,
        memory_bytes=0,
        message=f"the run was lost: {why}",
    )
