"""Staff who look after the cabinet: taking back, auditing over days, testing doors, blocking, releasing.

A keeper comes with a list of menu entries and a list of acts at the wall, and works through both.
"""

from __future__ import annotations

from random import Random

from drivers.simulated.cabinet import Cabinet
from kiosk.core import audit, hub, takeback, wall
from kiosk.core.events import Key
from kiosk.core.state import State
from kiosk.core.upkeep_scenes import (
    Act,
    Audit,
    CabinetView,
    Entry,
    KioskState,
    Menu,
    Reasons,
    Service,
    Settings,
    Story,
    TakeList,
)
from sync.messages import SETTINGS
from tests.simulation.machine import Machine
from tests.simulation.staff import Badge, Habit, Staff


def offered(state: State, scene: Menu) -> tuple[Entry, ...]:
    """What the menu shows."""
    return hub.entries(state, scene.session)


class Keeper(Staff):
    """`entries`: what to choose from the menu, in turn. `opens`: how many doors before it is enough."""

    def __init__(
        self,
        rng: Random,
        machine: Machine,
        cabinet: Cabinet,
        badge: Badge,
        habit: Habit,
        *,
        entries: list[Entry],
        acts: list[tuple[int, Act]],
        opens: int,
    ) -> None:
        super().__init__(rng, machine, cabinet, badge, habit)
        self.entries = entries
        self.at_the_wall = acts
        self.opens = opens
        self.begun = False
        self.skipped = False  # a door would not open
        self.acts = {
            **self.acts,
            Menu: self._menu,
            TakeList: self._take_list,
            Audit: self._audit,
            CabinetView: self._cabinet_view,
            Story: self._story,
            Reasons: self._reasons,
            Service: self._service,
            KioskState: self._kiosk_state,
            Settings: self._settings,
        }

    def _wanted(self) -> bool:
        return bool(self.entries)

    def _here_for(self, entry: Entry) -> bool:
        """Enough doors for today ends every entry early."""
        here = bool(self.entries) and self.entries[0] is entry
        if here and self.opens <= 0:
            self._done()
            return False
        if not here:
            self.press(Key.BACK)
        return here

    def _done(self, _scene: object = None) -> None:
        if self.entries:
            self.entries.pop(0)
        self.begun = False
        self.press(Key.BACK)

    def _menu(self, scene: Menu) -> None:
        state = self.machine.state
        if self.entries and state is not None and self.entries[0] not in offered(state, scene):
            self.entries.pop(0)  # the policy has taken the settings back
        elif self.entries:
            self.press(Key.CHOOSE, self.entries[0])
        else:
            self._leave_it()

    def _kiosk_state(self, _scene: KioskState) -> None:
        if self._chance(0.5):
            self.press(Key.CALL)
        self._done()

    def _settings(self, _scene: Settings) -> None:
        name = self.rng.choice(list(SETTINGS))
        self.press(Key.CHOOSE, f"{name}:{self.rng.choice(SETTINGS[name])}")
        if self._chance(0.5):
            self._done()

    def _take_list(self, _scene: TakeList) -> None:
        state = self.machine.state
        if not self._here_for(Entry.TAKE_BACK) or state is None:
            return
        if not takeback.due(state, self.machine.now()):
            self._done()
            return
        self.opens -= 1
        if self._chance(self.habit.pauses):
            self.press(Key.START)
            self.call_away()
        elif self._chance(0.2):
            self.press(Key.ANOTHER)
        else:
            self.press(*self.rng.choice(((Key.CONFIRM, ""), (Key.CHOOSE, "0"))))

    def _audit(self, scene: Audit) -> None:
        state = self.machine.state
        if not self._here_for(Entry.AUDIT) or state is None:
            return
        self.skipped |= bool(scene.session.skip)
        if self.begun and not set(audit.left(state.memory)) - scene.session.skip:
            self._done()
            return
        self.begun = True
        self.opens -= 1
        self.press(Key.CONFIRM)

    def _cabinet_view(self, _scene: CabinetView) -> None:
        if not self._here_for(Entry.CABINET):
            return
        if self.at_the_wall:
            self.press(Key.CHOOSE, str(self.at_the_wall[0][0]))
        else:
            self._done()

    def _story(self, scene: Story) -> None:
        state = self.machine.state
        number, act = self.at_the_wall[0] if self.at_the_wall else (0, Act.CHECK)
        if state is None or scene.compartment != number:
            self.press(Key.BACK)
        elif act in wall.acts(state, scene):
            if act is Act.CHECK:
                self.at_the_wall.pop(0)
            self.press(Key.CHOOSE, act)
        else:
            self.at_the_wall.pop(0)
            self.press(Key.BACK)

    def _reasons(self, scene: Reasons) -> None:
        if (scene.compartment, scene.act) not in self.at_the_wall:
            self.press(Key.BACK)
            return
        self.at_the_wall.remove((scene.compartment, scene.act))
        self.press(Key.CHOOSE, self.rng.choice(wall.REASONS[scene.act]))

    def _service(self, scene: Service) -> None:
        if scene.session.run.running:
            if self._chance(0.05):
                self.press(Key.CANCEL)
            return
        if not self._here_for(Entry.DOORS):
            return
        self.opens -= 1
        if not self.begun:
            self.begun = True
            self.press(Key.CONFIRM)
        elif self._chance(0.3):
            self.press(Key.ANOTHER)
        elif self._chance(0.6):
            self.press(Key.CHOOSE, str(self.rng.choice(self.cabinet.compartments)))
        else:
            self._done()
