"""Messages between a tools host and its child: a length, then JSON, with file descriptors riding along.

JSON and not pickle, because the child may run tools that nobody trusts.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
from collections.abc import Sequence
from typing import Any

from ale_agent.clock import Deadline

MAX_MESSAGE_BYTES = 512 << 20
MAX_FDS = 2

_HEADER = struct.Struct(">Q")
_CHUNK = 1 << 18
_TAIL_BYTES = 4096


class ChannelClosedError(Exception):
    """The other side is gone."""


class ChannelTimeoutError(Exception):
    """The other side did not answer in time."""


class ChannelNonsenseError(Exception):
    """The other side sent what is no message."""


def pack(message: dict[str, Any]) -> bytes:
    """Return a message as bytes; lone surrogates survive, because JSON escapes them."""
    payload = json.dumps(message, allow_nan=False, separators=(",", ":")).encode()
    return _HEADER.pack(len(payload)) + payload


def unpack(payload: bytes | bytearray) -> dict[str, Any]:
    """Return the message of a payload without its header."""
    try:
        message = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise ChannelNonsenseError(f"no JSON: {error}") from error
    if not isinstance(message, dict):
        raise ChannelNonsenseError(f"a {type(message).__name__} and no object")
    return message


def send_blocking(channel: socket.socket, message: dict[str, Any]) -> None:
    """Send one message and wait until it is on its way."""
    channel.sendall(pack(message))


def receive_blocking(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Wait for one message; return it with the descriptors that came along."""
    header, fds, _flags, _address = socket.recv_fds(channel, _HEADER.size, MAX_FDS)
    while header and len(header) < _HEADER.size:
        more = channel.recv(_HEADER.size - len(header))
        header = header + more if more else b""
    if not header:
        raise ChannelClosedError
    (length,) = _HEADER.unpack(header)
    payload = bytearray(length)
    view = memoryview(payload)
    while view:
        count = channel.recv_into(view, min(len(view), _CHUNK))
        if not count:
            raise ChannelClosedError
        view = view[count:]
    return unpack(payload), fds


class Channel:
    """The host's end: requests with a deadline, while what the child prints is drained into a tail.

    Draining happens in the waiting thread: a child that prints without end cannot block on a full pipe, and no
    second thread is needed.

    Parameters
    ----------
    messages
        The socket to the child.
    output_fd
        Where the child's standard output and error arrive.
    """

    def __init__(self, messages: socket.socket, output_fd: int) -> None:
        messages.setblocking(False)
        os.set_blocking(output_fd, False)
        self._messages = messages
        self._output_fd = output_fd
        self._output_open = True
        self._tail = bytearray()

    @property
    def tail(self) -> str:
        """The end of what the child printed, at most 4 KiB."""
        self._drain()
        return self._tail.decode("utf-8", "replace").strip()

    def exchange(self, message: dict[str, Any], fds: Sequence[int], deadline: Deadline) -> dict[str, Any]:
        """Send a request and return the reply.

        Raises
        ------
        ChannelClosedError, ChannelTimeoutError, ChannelNonsenseError
            The child died, is late, or sent no message. The channel is of no use afterwards.
        """
        self._send(pack(message), fds, deadline)
        return self.receive(deadline)

    def receive(self, deadline: Deadline) -> dict[str, Any]:
        """Return the next message."""
        (length,) = _HEADER.unpack(self._read(_HEADER.size, deadline))
        if length > MAX_MESSAGE_BYTES:
            raise ChannelNonsenseError(f"a message of {length} bytes, more than {MAX_MESSAGE_BYTES}")
        return unpack(self._read(length, deadline))

    def close(self) -> None:
        """Close both ends that are held here."""
        self._messages.close()
        os.close(self._output_fd)

    def _send(self, data: bytes, fds: Sequence[int], deadline: Deadline) -> None:
        view = memoryview(data)
        while view:
            self._wait(select.POLLOUT, deadline)
            try:
                if fds:
                    count = socket.send_fds(self._messages, [view[: _HEADER.size]], list(fds))
                    fds = ()
                else:
                    count = self._messages.send(view[:_CHUNK])
            except BlockingIOError:
                continue
            except OSError as error:
                raise ChannelClosedError from error
            view = view[count:]

    def _read(self, count: int, deadline: Deadline) -> bytes:
        parts: list[bytes] = []
        while count:
            self._wait(select.POLLIN, deadline)
            try:
                part = self._messages.recv(min(count, _CHUNK))
            except BlockingIOError:
                continue
            except OSError as error:
                raise ChannelClosedError from error
            if not part:
                raise ChannelClosedError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _wait(self, event: int, deadline: Deadline) -> None:
        """Return when the socket is ready; drain the output meanwhile."""
        poll = select.poll()
        poll.register(self._messages, event)
        if self._output_open:
            poll.register(self._output_fd, select.POLLIN)
        while True:
            left = deadline.left
            if left <= 0:
                raise ChannelTimeoutError
            ready = {fd for fd, _ in poll.poll(left * 1000)}
            if self._output_fd in ready and not self._drain():
                poll.unregister(self._output_fd)
            if self._messages.fileno() in ready:
                return

    def _drain(self) -> bool:
        """Read one portion of what the child printed; return whether more can come."""
        if not self._output_open:
            return False
        try:
            part = os.read(self._output_fd, _CHUNK)
        except BlockingIOError:
            return True
        self._tail += part
        del self._tail[:-_TAIL_BYTES]
        self._output_open = bool(part)
        return self._output_open
