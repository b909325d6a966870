"""PostgreSQL as in production: behind PgBouncer, over TLS, after a failover, with time-outs."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bg_orchestration.ops.kept_connections import kept_engine
from bg_orchestration.store import database
from bg_orchestration.store.database import (
    engine_for,
    is_outage,
    reading,
    reading_within,
    upgrade_schema,
    writing,
)
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration_tests.production import servers
from bg_orchestration_tests.production.servers import PASSWORD, USER, Server
from bg_orchestration_tests.webhooks.conftest import body, running

needs_pgbouncer = pytest.mark.skipif(
    bool(servers.missing("pgbouncer")), reason=servers.missing("pgbouncer")
)


@pytest.fixture
def bouncer(postgres_server: str, tmp_path: Path) -> Iterator[Server]:
    """PgBouncer with a single session, so that each statement may find another client's traces."""
    (tmp_path / "bouncer").mkdir()
    with servers.pgbouncer(tmp_path / "bouncer", postgres_server, pool_size=1) as server:
        yield server


def through(bouncer: Server, url: str, **query: str) -> Engine:
    """The engine of the database of `url`, through PgBouncer."""
    direct = make_url(url)
    return engine_for(
        direct.set(
            username=USER, password=PASSWORD, host="127.0.0.1", port=bouncer.port, query=query
        ).render_as_string(hide_password=False)
    )


def limits(engine: Engine) -> tuple[str, str, str]:
    with writing(engine) as connection:
        return (
            connection.execute(text("SHOW statement_timeout")).scalar_one(),
            connection.execute(text("SHOW lock_timeout")).scalar_one(),
            connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one(),
        )


@needs_pgbouncer
def test_time_outs_hold_in_each_transaction_and_stay_in_none(
    bouncer: Server, postgres_url: str
) -> None:
    engine = through(bouncer, postgres_url)
    assert limits(engine) == ("30s", "20s", "1min") == limits(engine_for(postgres_url))
    stranger = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    with stranger.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "0"
    stranger.dispose()
    with pytest.raises(OperationalError), reading_within(engine, 0.1) as connection:
        connection.execute(text("SELECT pg_sleep(5)"))
    engine.dispose()


@needs_pgbouncer
def test_time_outs_of_the_role_are_left_alone(bouncer: Server, postgres_url: str) -> None:
    direct = engine_for(postgres_url)
    name = make_url(postgres_url).database
    with writing(direct) as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET statement_timeout = '7s'"))
    engine = through(bouncer, postgres_url)
    assert limits(engine)[0] == "7s"
    engine.dispose()


@needs_pgbouncer
def test_tables_locks_snapshots_and_dagsters_statements_work_through_it(
    bouncer: Server, postgres_url: str
) -> None:
    engine = through(bouncer, postgres_url)
    upgrade_schema(engine)
    with writing(engine) as connection:
        assert acquire_lock(connection, Lock.ADMISSION)
    with reading(engine) as connection:
        level = connection.execute(text("SHOW transaction_isolation")).scalar_one()
    assert level == "repeatable read"
    with running(engine) as receiver:
        assert [receiver.post(body("evt-1")).status_code for _ in range(2)] == [202, 200]
    engine.dispose()
    dagster = kept_engine(
        engine.url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False), 5000
    )
    with dagster.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM webhook_events")).scalar_one() == 1
    dagster.dispose()


@needs_pgbouncer
def test_tls_is_asked_for_in_the_url(postgres_server: str, tmp_path: Path) -> None:
    folder = tmp_path / "bouncer"
    folder.mkdir()
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", folder / "key.pem", "-out", folder / "cert.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    tls = {
        "client_tls_sslmode": "require",
        "client_tls_key_file": str(folder / "key.pem"),
        "client_tls_cert_file": str(folder / "cert.pem"),
    }
    with servers.pgbouncer(folder, postgres_server, **tls) as bouncer:
        root = str(folder / "cert.pem")
        verified = through(bouncer, postgres_server, sslmode="verify-full", sslrootcert=root)
        assert limits(verified)[0] == "30s"
        (tmp_path / "other.pem").write_text("")
        for query in (
            {"sslmode": "disable"},
            {"sslmode": "verify-full", "sslrootcert": str(tmp_path / "other.pem")},
        ):
            refused = through(bouncer, postgres_server, **query)
            with pytest.raises(SQLAlchemyError) as error:
                limits(refused)
            assert is_outage(error.value)
        verified.dispose()


def test_a_lock_that_is_not_granted_is_an_outage(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database._LIMITS, "lock_timeout", "100ms")
    engine = engine_for(postgres_url)
    with writing(engine) as holder:
        acquire_lock(holder, Lock.ADMISSION)
        with pytest.raises(OperationalError) as error, writing(engine) as waiting:
            acquire_lock(waiting, Lock.ADMISSION)
    assert is_outage(error.value)


def test_a_read_only_server_is_answered_503_and_left(postgres_url: str) -> None:
    """After a failover the connections lead to a standby until they are opened anew."""
    engine = engine_for(postgres_url)
    upgrade_schema(engine)
    admin = create_engine(
        make_url(postgres_url).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT"
    )
    name = make_url(postgres_url).database

    def turn(mode: str) -> None:
        with admin.connect() as connection:
            connection.execute(text("SET default_transaction_read_only = off"))
            connection.execute(
                text(f"ALTER DATABASE {name} SET default_transaction_read_only = {mode}")
            )

    with running(engine) as receiver:
        assert receiver.post(body("evt-1")).status_code == 202
        turn("on")
        engine.dispose()
        refused = receiver.post(body("evt-2"))
        assert refused.status_code == 503
        assert refused.headers["retry-after"].isdigit()
        # The primary is another server now: the connection to the old one is not used again.
        turn("off")
        assert receiver.post(body("evt-2")).status_code == 202
        assert receiver.stored() == ["evt-1", "evt-2"]
    admin.dispose()
