"""The route by which tests and scripts steer the stubs and read their books."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bg_orchestration_tests.stubs.faults import KINDS, Fault
from bg_orchestration_tests.stubs.site import Site, json_body


class _Control:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def fail(self, request: Request) -> Response:
        """Plan a fault: `{kind, provider?, path?, times?, seconds?, detail?}`."""
        try:
            self._site.faults.planned.append(Fault(**await json_body(request)))
        except (TypeError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 422)
        return JSONResponse({"planned": len(self._site.faults.planned)})

    async def faults(self, request: Request) -> Response:
        """Random faults: `{probability, seed?, kinds?}`."""
        body = await json_body(request)
        unknown = set(body.get("kinds", ())) - set(KINDS)
        if unknown:
            return JSONResponse({"error": f"no faults are called {sorted(unknown)}"}, 422)
        faults = self._site.faults
        faults.probability = float(body["probability"])
        faults.seed = int(body.get("seed", faults.seed))
        faults.kinds = tuple(body.get("kinds", faults.kinds))
        return JSONResponse({"probability": faults.probability})

    async def latency(self, request: Request) -> Response:
        """Let every answer take a while: `{seconds}`."""
        self._site.latency = float((await json_body(request))["seconds"])
        return JSONResponse({"seconds": self._site.latency})

    async def limits(self, request: Request) -> Response:
        """Answer 429 to whoever asks too fast: `{on}`."""
        self._site.limited = bool((await json_body(request))["on"])
        return JSONResponse({"on": self._site.limited})

    async def advance(self, request: Request) -> Response:
        """Let the next changes happen now, or at `{at}`, an ISO time with a zone."""
        at = (await json_body(request)).get("at")
        now = datetime.fromisoformat(at).astimezone(UTC) if at else datetime.now(UTC)
        return JSONResponse([vars(change) for change in self._site.world.advance(now)])

    async def wallet(self, request: Request) -> Response:
        """Set what is left: `{provider, credits}`."""
        body = await json_body(request)
        self._site.books.left[body["provider"]] = float(body["credits"])
        return JSONResponse(self._site.books.left)

    async def ledger(self, _request: Request) -> Response:
        """What was asked and charged."""
        return JSONResponse(self._site.books.tell())

    async def world(self, _request: Request) -> Response:
        """The companies and how many people they have."""
        world = self._site.world
        return JSONResponse(
            [
                {
                    "number": company.number,
                    "name": company.name,
                    "domain": company.domain,
                    "people": len(world.at(company)),
                }
                for company in world.companies
            ]
        )


def control(site: Site) -> list[Route]:
    """`POST fail|faults|latency|limits|advance|wallet`, `GET ledger|world`, below `/control`."""
    one = _Control(site)
    posted = (one.fail, one.faults, one.latency, one.limits, one.advance, one.wallet)
    return [
        *(Route(f"/control/{act.__name__}", act, methods=["POST"]) for act in posted),
        *(Route(f"/control/{tell.__name__}", tell) for tell in (one.ledger, one.world)),
    ]
