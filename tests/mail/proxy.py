"""A line between a client and a server that can be cut, slowed or held: what networks do."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Passes bytes on. ``cut_after`` bytes from the server the line is cut, once; each time ``poison`` passes, too.

    At ``bytes_per_second`` it is slow; while ``silent``, nothing passes from the server.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.cut_after: int | None = None
        self.bytes_per_second: int | None = None
        self.poison: bytes | None = None
        self.silent = False
        self.connections = 0
        self.cuts = 0
        self._lines: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._listening.settimeout(0.1)
        self._stopped = False

    def run(self) -> None:
        while not self._stopped:
            try:
                client, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.connections += 1
            try:
                server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
                server.settimeout(None)
            except OSError:
                client.close()
                continue
            self._lines += [client, server]
            threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def cut(self) -> None:
        """Cut every line there is."""
        for each in self._lines:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    def stop(self) -> None:
        self._stopped = True
        self._listening.close()
        self.cut()

    def _pass(self, source: socket.socket, target: socket.socket, from_server: bool) -> None:
        passed = 0
        with suppress(OSError), source:
            while content := source.recv(65536 if not self.bytes_per_second else 1):
                while self.silent and from_server and not self._stopped:
                    time.sleep(0.01)
                if from_server and self.cut_after is not None and passed + len(content) > self.cut_after:
                    target.sendall(content[: self.cut_after - passed])
                    self.cut_after = None
                    self.cuts += 1
                    break
                if from_server and self.poison and self.poison in content:
                    self.cuts += 1
                    break
                passed += len(content)
                target.sendall(content)
                if self.bytes_per_second:
                    time.sleep(1 / self.bytes_per_second)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def passing(target: int) -> Iterator[Proxy]:
    """A line to a port of this machine."""
    made = Proxy(target)
    running = threading.Thread(target=made.run, daemon=True)
    running.start()
    try:
        yield made
    finally:
        made.stop()
        running.join(5)
