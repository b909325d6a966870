"""`python -m bg_orchestration_tests.stubs`: all stubs in a process of their own, until Ctrl-C."""

import socket

import click

from bg_orchestration_tests.stubs.faults import Faults
from bg_orchestration_tests.stubs.server import server
from bg_orchestration_tests.stubs.site import KEY, Site
from bg_orchestration_tests.stubs.world import World


@click.command()
@click.option("--port", default=0, help="Port to listen on; 0 takes any.")
@click.option("--seed", default=7, help="What the world and the faults are made from.")
@click.option("--faults", default=0.0, help="Share of requests that go wrong.")
@click.option("--companies", default=6, help="How many companies there are.")
@click.option("--latency", default=0.0, help="Seconds that every answer takes.")
@click.option("--limits", is_flag=True, help="Answer 429 to whoever asks too fast.")
def main(port: int, seed: int, faults: float, companies: int, latency: float, limits: bool) -> None:
    """Serve the stubs; prints their address and key in one line."""
    site = Site(
        World(seed, companies), faults=Faults(faults, seed), latency=latency, limited=limits
    )
    listener = socket.create_server(("127.0.0.1", port))
    click.echo(f"http://127.0.0.1:{listener.getsockname()[1]} {KEY}")
    server(site).run(sockets=[listener])


if __name__ == "__main__":
    main()
