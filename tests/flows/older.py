"""A walk on an older copy of the card: own rows come back, and what the core makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kiosk.core import codes
from kiosk.core.effects import AnswerRows, Effect, KeepManifest, TakeIn
from kiosk.core.events import ManifestOpened
from kiosk.core.restored import Verdict, Weighed
from sync.messages import Head, Manifest, Role, Statement
from tests.flows.walk import Walk


class Older(Walk):
    """`told` answers whoever offered rows; `kept` are manifests that were stored once more."""

    def __init__(self, role: Role, loaded: Mapping[str, tuple[int, ...]]) -> None:
        self.told: list[AnswerRows] = []
        self.kept: list[KeepManifest] = []
        super().__init__(loaded)
        self.central.add_staff("7", str(role))
        self.publish()

    def weigh(self, verdict: Verdict, common: int, *came: Statement) -> None:
        """Own rows after row `common` came back, and this was found: they lie aside."""
        self.aside = list(came)
        here, there = Head(len(self.journal), "here"), Head(common + len(came), "there")
        self.give(Weighed(1, verdict, bool(came), there.seq, common, here, there))

    def hold_again(self, manifest: Manifest, digest: str) -> None:
        """The very manifest in force comes once more."""
        self.manifests[digest] = manifest
        made = codes.made_ahead(manifest)
        self.give(ManifestOpened(manifest, digest, "sealed", None, made, offer=1))

    def _carry_out(self, effects: Iterable[Effect]) -> None:
        carried = tuple(effects)
        super()._carry_out(carried)
        if any(isinstance(effect, TakeIn) for effect in carried):
            self.boot()

    def _else(self, effect: Effect) -> None:
        match effect:
            case AnswerRows():
                self.told.append(effect)
            case KeepManifest():
                self.kept.append(effect)
            case TakeIn(statements):
                self.journal[self.aside[0].seq - 1 :] = [*self.aside, *statements]
                self.aside, self.folded = [], None
            case _:
                super()._else(effect)
