"""Who keeps the system busy: providers that push events until they are stored, and a person."""

import random
import time
from contextlib import suppress
from threading import Event, Thread

import httpx

from bg_orchestration.webhooks.sending import post_event
from bg_orchestration.webhooks.signatures import Key
from bg_orchestration_tests.crash.world import COMPANIES, SOURCE, World
from bg_orchestration_tests.end_to_end import dagit
from bg_orchestration_tests.end_to_end.system import SECRET

_KEY = Key.read(SOURCE, SECRET)
PAUSE_SECONDS = 1.2
_AGAIN_SECONDS = 0.5
_TWICE = 0.1
_PERSON_SECONDS = 15


class Provider(Thread):
    """Pushes events of its own world in their order, some of them twice.

    Attributes:
        stored: ids of events that were answered 202, or 200 after an answer that was lost.
        retries: how often an event was pushed again for want of an answer.
        refused: answers that no valid event may get.
    """

    def __init__(self, name: str, seed: int, url: str, pause: float = PAUSE_SECONDS) -> None:
        super().__init__(name=name, daemon=True)
        self._world = World(name, seed)
        self._url = url
        self._pause = pause
        self._chance = random.Random(f"{seed} sending {name}")
        self._over = Event()
        self.stored: list[str] = []
        self.accepted = 0
        self.retries = 0
        self.refused: list[str] = []

    def stop(self) -> None:
        """Begin no further event; the one under way is pushed until it is stored."""
        self._over.set()

    def run(self) -> None:
        sent: list[bytes] = []
        with httpx.Client(timeout=httpx.Timeout(15, connect=2)) as client:
            for event_id, body in self._world.events():
                if self._over.wait(self._chance.uniform(0, self._pause)):
                    return
                self._push(client, event_id, body)
                sent.append(body)
                if self._chance.random() < _TWICE:
                    again = self._chance.choice(sent)
                    if post_event(client, self._url, again, _KEY, tries=1).status == 202:
                        self.refused.append(f"{event_id}: accepted a second time")

    def _push(self, client: httpx.Client, event_id: str, body: bytes) -> None:
        while True:
            answer = post_event(client, self._url, body, _KEY, tries=1)
            if answer.stored:
                self.stored.append(event_id)
                self.accepted += answer.status == 202
                return
            if answer.status not in (0, 503):
                self.refused.append(f"{event_id}: answered {answer.status} {answer.outcome}")
                return
            self.retries += 1
            time.sleep(_AGAIN_SECONDS)


class Person(Thread):
    """Presses Materialize for some company now and then; does not mind a Dagit that is away."""

    def __init__(self, seed: int, ask: dagit.Ask) -> None:
        super().__init__(name="person", daemon=True)
        self._ask = ask
        self._chance = random.Random(f"{seed} person")
        self._over = Event()

    def stop(self) -> None:
        """Press no more."""
        self._over.set()

    def run(self) -> None:
        while not self._over.wait(self._chance.uniform(0, 2 * _PERSON_SECONDS)):
            with suppress(httpx.HTTPError, ValueError, AssertionError):
                dagit.materialize(self._ask, self._chance.choice(list(COMPANIES)))
