"""A technician at the terminal wizard: reads what is printed, pushes doors shut, types what is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from drivers.bench.cabinet import BenchCabinet

NET_S = 30.0  # a safety net, never a measure


def open_doors(bench: BenchCabinet) -> list[int]:
    with bench.hands() as cabinet:
        return [n for n in (1, 2) if cabinet.is_open(n)]


def shut(bench: BenchCabinet) -> None:
    with bench.hands() as cabinet:
        for n in (1, 2):
            cabinet.push(n)


@dataclass
class Typist:
    """Reads what the wizard prints, types what a technician would."""

    bench: BenchCabinet
    process: subprocess.Popen[bytes]
    said: str = ""
    answers: list[str] = field(default_factory=list)  # typed at the questions before the first lock

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def work(self) -> int:
        """Until the wizard ends; its exit status."""
        with self.process:
            self._work()
            return self.process.wait(NET_S)

    def _work(self) -> None:
        assert self.process.stdout is not None
        seen = 0
        while chunk := os.read(self.process.stdout.fileno(), 4_096):
            self.said += chunk.decode("utf-8", errors="replace")
            new = self.said[seen:]
            if "Close door" in new and "sensor sees the door shut" in new:
                seen = len(self.said)
                shut(self.bench)
            elif new.endswith("> "):
                seen = len(self.said)
                self.type(self._answer(new))

    def _answer(self, new: str) -> str:
        if "which door opened?" not in new:
            return self.answers.pop(0) if self.answers else ""
        opened = open_doors(self.bench)
        return str(opened[0]) if opened else "e"


def seated(bench: BenchCabinet, folder: Path, *more: str) -> Typist:
    config = str(folder / "kiosk.toml")
    command = [sys.executable, "-m", "kiosk", "--config", config, "commission", "--lang", "en"]
    port = ["--port", str(bench.port("k")), "--family", "kerong-cu12", "--addresses", "1"]
    process = subprocess.Popen(
        [*command, *port, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    return Typist(bench, process)
