"""One container and the connection to the keeper in it: sends messages, hands out what comes back, notices the end."""

from __future__ import annotations

import contextlib
import json
import queue
import struct
import threading
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import PurePosixPath

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox import processes
from ale_agent.sandbox.docker_engine import FOLDER, Engine, Size
from ale_agent.sandbox.wire import LARGEST_BYTES, Message, Unpacker

_START_SECONDS = 60.0
_STREAM_HEAD = struct.Struct(">BxxxI")
_OUTPUT, _ERRORS = 1, 2
_KEPT_ERROR_BYTES = 2000
_CHUNK = 1 << 16
_STAYS_HERE = ("__init__.py", "attacks.py", "checks.py", "none.py")
_RECEIVE = f"""\
import compileall, json, os, sys
def take(count):
    whole = b""
    while len(whole) < count:
        part = os.read(0, min(count - len(whole), 65536))
        if not part:
            os._exit(0)
        whole += part
    return whole
for name, text in json.loads(take(int.from_bytes(take(8), "big"))).items():
    path = os.path.join("{FOLDER}/code", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
compileall.compile_dir("{FOLDER}/code", quiet=2)
sys.argv[1:] = ["{FOLDER}/code/ale_agent"]
os.chdir("{FOLDER}")
"""
"""What a container starts with: it takes the texts of our modules from its input, so that any image with Python does."""

LOST = "lost"


class ContainerLostError(SandboxUnavailableError):
    """A container ended before it was ready: killed from outside, or its image is of no use."""


class Link:
    """A container with a keeper that is ready.

    Parameters
    ----------
    engine
        Where it runs.
    image
        What it starts from.
    size
        What it may use.

    Raises
    ------
    SandboxUnavailableError
        The engine does not start it, or nothing can be locked in it.
    """

    def __init__(self, engine: Engine, image: str, size: Size) -> None:
        self._engine = engine
        self._sending = threading.Lock()
        self._guard = threading.Lock()
        self._receivers: dict[int, Callable[[Message], None]] = {}
        self._errors = b""
        self._next_run = 0
        self.lost = ""
        boot = _RECEIVE + processes.BOOT.format(module="keeper")
        self._container = engine.run(image, ["python3", "-s", "-P", "-X", "utf8", "-c", boot], size)
        first: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._receivers[0] = first.put
        self._reader = threading.Thread(target=self._read, name="container-reader", daemon=True)
        self._reader.start()
        try:
            self._send_code()
            self._await_ready(first)
        except BaseException:
            self.close()
            raise

    def _send_code(self) -> None:
        code = json.dumps(_our_texts()).encode()
        self._send(len(code).to_bytes(8, "big") + code)

    def _await_ready(self, first: queue.SimpleQueue[Message]) -> None:
        try:
            message = first.get(timeout=_START_SECONDS)
        except queue.Empty:
            raise SandboxUnavailableError(f"a container did not get ready within {_START_SECONDS:.0f} s") from None
        if message.kind == "unable":
            missing = "; ".join(message.head["missing"])
            raise SandboxUnavailableError(f"untrusted programs cannot be locked inside a container here: {missing}")
        if message.kind != "ready":
            reason = message.head.get("message", message.kind)
            raise ContainerLostError(f"a container did not get ready: {reason}; it needs Python 3.11 or later")

    def open(self, receive: Callable[[Message], None]) -> int:
        """Return the number of a new run; `receive` gets what belongs to it, in the reader's thread: it may not wait."""
        with self._guard:
            self._next_run += 1
            number = self._next_run
            self._receivers[number] = receive
            lost = self.lost
        if lost:
            receive(Message(LOST, number, {"message": lost}))
        return number

    def listen(self, receive: Callable[[Message], None]) -> None:
        """Give what belongs to the program itself to `receive` from now on."""
        with self._guard:
            self._receivers[0] = receive
            lost = self.lost
        if lost:
            receive(Message(LOST, 0, {"message": lost}))

    def forget(self, number: int) -> None:
        """Drop what still comes for a run."""
        with self._guard:
            self._receivers.pop(number, None)

    def send(self, message: Message) -> None:
        """Send; what cannot be sent is lost with the connection, and whoever waits for an answer is told so."""
        self._send(message.pack())

    def _send(self, data: bytes) -> None:
        try:
            with self._sending:
                self._container.socket.sendall(data)
        except OSError as error:
            self._lose(f"the connection to the container broke: {error}")

    def _read(self) -> None:
        unpacker = Unpacker()
        try:
            for stream, piece in self._pieces():
                if stream == _ERRORS:
                    self._errors = (self._errors + piece)[-_KEPT_ERROR_BYTES:]
                elif stream == _OUTPUT:
                    for message in unpacker.feed(piece):
                        receive = self._receivers.get(message.run)
                        if receive is not None:
                            receive(message)
            self._lose("the container ended: " + (self._errors.decode(errors="replace").strip() or "nothing was said"))
        except (OSError, ValueError) as error:
            self._lose(f"the connection to the container broke: {error}")

    def _pieces(self) -> Iterator[tuple[int, bytes]]:
        """Yield what comes, with the number of its stream: each piece stands behind a head that says its length."""
        held = bytearray()
        while received := self._container.socket.recv(_CHUNK):
            held += received
            while len(held) >= _STREAM_HEAD.size:
                stream, length = _STREAM_HEAD.unpack_from(held)
                if length > LARGEST_BYTES:
                    raise ValueError("what came is no stream of a container")
                end = _STREAM_HEAD.size + length
                if len(held) < end:
                    break
                piece = bytes(held[_STREAM_HEAD.size : end])
                del held[:end]
                yield stream, piece

    def _lose(self, reason: str) -> None:
        with self._guard:
            if self.lost:
                return
            self.lost = reason
            receivers = list(self._receivers.items())
        for number, receive in receivers:
            receive(Message(LOST, number, {"message": reason}))

    def close(self, reason: str = "the container was closed") -> None:
        """End the container and what runs in it; harmless when repeated."""
        self._lose(reason)
        self._container.hang_up()
        self._engine.remove(self._container.identity)
        if threading.current_thread() is not self._reader:
            self._reader.join(timeout=_START_SECONDS)
        self._container.forget()


def wait_for(
    messages: queue.SimpleQueue[Message], seconds: float, given_up: threading.Event | None = None
) -> Message | None:
    """Return the next message, or None if it does not come in time or is not wanted any more."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0 and not (given_up and given_up.is_set()):
        with contextlib.suppress(queue.Empty):
            return messages.get(timeout=min(left, 0.1) if given_up else left)
    return None


def _our_texts() -> dict[str, str]:
    """Return the texts of our modules that run in a container, by their paths."""
    package = files("ale_agent")
    names = [
        f"sandbox/{entry.name}"
        for entry in (package / "sandbox").iterdir()
        if entry.name.endswith(".py") and entry.name not in _STAYS_HERE and not entry.name.startswith("docker")
    ]
    texts = {name: (package / name).read_text(encoding="utf-8") for name in ("clock.py", "errors.py", *names)}
    return {str(PurePosixPath("ale_agent") / name): text for name, text in texts.items()}
