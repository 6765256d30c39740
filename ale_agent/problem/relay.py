"""A stand-in for the solver: an official tester starts this program, and the real solver stays in its sandbox.

Run by path as ``python -I -S relay.py FOLDER``, so that it starts in a few milliseconds and imports nothing of ours.
It hands its standard input and output to the host and waits until the host says that the solver is done.
"""

import os
import socket
import sys

RELAY_SOCKET = "relay"


def main() -> None:
    """Hand over both pipes; end when the host closes the connection, or dies."""
    with socket.socket(socket.AF_UNIX) as host:
        # Through a descriptor, because a socket's path has at most 107 bytes.
        folder = os.open(sys.argv[1], os.O_PATH)
        host.connect(f"/proc/self/fd/{folder}/{RELAY_SOCKET}")
        socket.send_fds(host, [b"r"], [0, 1])
        # The tester must see the end of a pipe when the host closes its copy, so no copy may stay here.
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        while host.recv(64):
            pass


if __name__ == "__main__":
    main()
