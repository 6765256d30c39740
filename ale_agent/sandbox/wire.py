"""Messages between us and the keeper in a container: a head in JSON and a body of bytes, their lengths before them.

The standard library's lightest modules only: the text of this module travels into the container.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST_BYTES = 1 << 30
_LENGTHS = struct.Struct(">II")


@dataclass(frozen=True)
class Message:
    """One message.

    Parameters
    ----------
    kind
        What it is about.
    run
        The run that it belongs to, 0 for the program itself.
    head
        Values that JSON has.
    body
        Bytes.
    """

    kind: str
    run: int = 0
    head: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""

    def pack(self) -> bytes:
        """Return what goes over the wire."""
        head = json.dumps({"kind": self.kind, "run": self.run, "head": dict(self.head)}).encode()
        return _LENGTHS.pack(len(head), len(self.body)) + head + self.body


class Unpacker:
    """Puts the pieces of a stream together again."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, piece: bytes) -> Iterator[Message]:
        """Take a piece and yield the messages that it completes.

        Raises
        ------
        ValueError
            These are no messages.
        """
        self._held += piece
        while len(self._held) >= _LENGTHS.size:
            head_bytes, body_bytes = _LENGTHS.unpack_from(self._held)
            if head_bytes + body_bytes > LARGEST_BYTES:
                raise ValueError(f"a message of {head_bytes + body_bytes} bytes, {LARGEST_BYTES} allowed")
            body_at = _LENGTHS.size + head_bytes
            end = body_at + body_bytes
            if len(self._held) < end:
                return
            head, body = bytes(self._held[_LENGTHS.size : body_at]), bytes(self._held[body_at:end])
            del self._held[:end]
            yield _message(head, body)


def _message(head: bytes, body: bytes) -> Message:
    try:
        values = json.loads(head)
        kind, run, rest = values["kind"], values["run"], values["head"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(f"not a message's head: {head[:60]!r}") from None
    if not (isinstance(kind, str) and isinstance(run, int) and isinstance(rest, dict)):
        raise ValueError(f"not a message's head: {head[:60]!r}")
    return Message(kind, run, rest, body)
