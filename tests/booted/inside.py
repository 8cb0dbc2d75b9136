"""Inside a machine that is on: commands, files, services, and what the kiosk there says of itself."""

from __future__ import annotations

import json
from pathlib import Path

from tests.booted.container import Container

RUN, SYNC = "kiosk.service", "kiosk-sync.service"
PROGRAM = "/opt/kiosk/current/bin/kiosk"
SEALED = "/etc/credstore.encrypted"


class Inside:
    """What is asked in there as root."""

    container: Container | None = None

    @property
    def on(self) -> Container:
        """The machine, which is on."""
        assert self.container is not None, "the power is off"
        return self.container

    def pid(self, unit: str) -> int:
        """The main process of a service, as this machine numbers it; 0: none."""
        return self.on.pid(unit)

    def status_of(self, unit: str) -> dict[str, str]:
        """What the kernel says of the main process of a service: proc(5), status."""
        lines = Path(f"/proc/{self.pid(unit)}/status").read_text(encoding="utf-8").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def inside(self, *command: str) -> str:
        """What a command says as root in the container. ContainerError: it failed."""
        return self.on.run(*command).stdout

    def write(self, path: str, text: str) -> None:
        """A file in the container, and the folders above it."""
        there = self.seen(path)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        """A file in the container."""
        return self.seen(path).read_text(encoding="utf-8")

    def log(self, unit: str = RUN) -> str:
        """What a service said since the container booted."""
        return self.on.log(unit)

    def seen(self, path: str) -> Path:
        """A path of the container, from outside."""
        return self.on.root / path.lstrip("/")

    def health(self) -> dict[str, object]:
        """`kiosk status`, asked by root; it may serve nobody."""
        answer = json.loads(self.on.run("kiosk", "status", "--json", check=False).stdout)
        assert isinstance(answer, dict)
        return answer

    def verify(self) -> str:
        """What `kiosk journal verify` says in there, with the sealed key. Fails if it is not whole."""
        key = f"LoadCredentialEncrypted=statement.jwk:{SEALED}/kiosk.statement.jwk"
        user = ("-p", "User=kiosk", "-p", "Group=kiosk-line")
        once = ("systemd-run", "--quiet", "--pipe", "--wait")
        return self.inside(*once, *user, "-p", key, PROGRAM, "journal", "verify")
