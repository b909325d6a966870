"""A provider that is paid, behind the ledger: it charges, fails, and loses answers."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bg_orchestration.ledger.calls import Adapter, Answer, Call, Response, TransportFault
from bg_orchestration.ledger.ledger import Ledger, Reservation
from bg_orchestration_tests.ledger.scripted_provider import ScriptedAdapter
from bg_orchestration_tests.simulation.scheduler import Scheduler

ADAPTER = ScriptedAdapter("http://provider.invalid/v1", per_second=5.0, at_once=3)


@dataclass
class Provider:
    """The provider's own log.

    Attributes:
        faults: the share of requests that go wrong.
        charges: the question of each request that was charged, with key and attempt of its row
            in the ledger.
    """

    scheduler: Scheduler
    may_die: Callable[[], None] = field(init=False)
    faults: float = 0.0
    charges: list[tuple[str, str, int]] = field(default_factory=list)
    reservations: dict[str, Reservation] = field(default_factory=dict)

    def ledger(self) -> Callable[..., Ledger]:
        """Return the ledger's class, which tells the provider what it reserves."""
        provider = self

        class SimulatedLedger(Ledger):
            def reserve(self, call: Call) -> Answer | Reservation:
                reserved = super().reserve(call)
                if isinstance(reserved, Reservation):
                    provider.reservations[provider.task_name] = reserved
                return reserved

        return SimulatedLedger

    @property
    def task_name(self) -> str:
        """The task that has its turn."""
        assert self.scheduler.current is not None
        return self.scheduler.current.name

    def send(self, _adapter: Adapter, call: Call) -> Response | TransportFault:
        """Answer a request as an HTTP client would."""
        chance = self.scheduler.chance
        reservation = self.reservations[self.task_name]
        self.scheduler.pause(chance.random() * 2)
        fault = chance.choice(range(6)) if chance.random() < self.faults else None
        if fault == 0:
            return TransportFault("unsent", "no connection")
        if fault == 1:
            return TransportFault("unclear", "the connection broke")
        if fault == 2:
            return Response(503, {}, b"{}")
        if fault == 3:
            return Response(429, {"retry-after": "3"}, b"{}")
        assert reservation.key is not None
        self.charges.append((call.path, reservation.key, reservation.attempt))
        self.scheduler.note(f"charged {self.task_name}")
        # Charged, and not booked.
        self.may_die()
        self.scheduler.pause(chance.random() * 5)
        if fault == 4:
            return TransportFault("unclear", "the answer was damaged")
        return Response(200, {}, b'{"found": true}')

    def close(self) -> None:
        """As an HTTP client's."""
