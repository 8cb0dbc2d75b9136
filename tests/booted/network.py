"""A listening socket inside a container's network, held by this process.

A container has its own loopback and nothing else. A socket belongs to the network in which it was made,
whoever holds it: a helper makes it inside and hands it over.
"""

from __future__ import annotations

import socket
import subprocess
import sys

HELPER = """
import socket, sys
end = socket.socket(fileno=int(sys.argv[1]))
made = socket.create_server(("127.0.0.1", int(sys.argv[2])))
socket.send_fds(end, [b"!"], [made.fileno()])
"""


def listener(leader: int, port: int) -> socket.socket:
    """Listens on 127.0.0.1 in the network of process `leader`."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        subprocess.run(
            [
                *("nsenter", "--target", str(leader), "--net", "--"),
                *(sys.executable, "-c", HELPER, str(theirs.fileno()), str(port)),
            ],
            check=True,
            pass_fds=[theirs.fileno()],
        )
        _, (fd, *_), *_ = socket.recv_fds(ours, 1, 1)
    return socket.socket(fileno=fd)
