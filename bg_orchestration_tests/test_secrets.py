"""Secrets from files, and their rotation: what the old and the new secret still open."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from bg_orchestration.cli import bg
from bg_orchestration.ledger.calls import Answer
from bg_orchestration.privacy.suppression import (
    Identifier,
    SuppressionKeyError,
    Suppressions,
)
from bg_orchestration.settings import (
    Settings,
    SettingsError,
    file_variable_of,
    is_secret,
    read_settings,
    settings,
    unknown_variables,
    variable_of,
)
from bg_orchestration.store.database import engine_for, reading, writing
from bg_orchestration.webhooks.signatures import Key, Keyring
from bg_orchestration_tests.ledger.scripted_provider import ScriptedProvider, provider_running
from bg_orchestration_tests.production import servers
from bg_orchestration_tests.webhooks.conftest import body, running

OLD, NEW = "crm-secret-number-1", "crm-secret-number-2"
SECRETS = [name for name in Settings.model_fields if is_secret(name)]
VALUES = {"webhook_secrets": f"crm={OLD}", "database_url": "postgresql://bg:x@db/bg"}


def value_of(name: str) -> str:
    return VALUES.get(name, "name=whsec_x" if name.startswith("notify") else "s3cret-of-a-file")


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_stand_in_a_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(f"{value_of(name)}\n")
    monkeypatch.setenv(file_variable_of(name), str(tmp_path / "secret"))
    from_file = getattr(read_settings(), name)
    monkeypatch.delenv(file_variable_of(name))
    monkeypatch.setenv(variable_of(name), value_of(name))
    assert from_file == getattr(read_settings(), name) != Settings.model_fields[name].default


def test_a_list_has_a_line_for_each_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secrets").write_text(f"crm={OLD}\ncrm={NEW}\n\n")
    monkeypatch.setenv("BG_WEBHOOK_SECRETS_FILE", str(tmp_path / "secrets"))
    assert len(Keyring.from_settings(read_settings()).keys) == 2
    assert unknown_variables() == []
    monkeypatch.setenv("BG_REFRESH_CONCURRENCY_FILE", "x")
    assert unknown_variables() == ["BG_REFRESH_CONCURRENCY_FILE"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "cannot be read: No such file"), (b"", "is empty"), (b"\xff\xfe", "not UTF-8")],
)
def test_a_file_that_holds_no_secret_is_told_with_its_variable(
    content: bytes | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("BG_PDL_KEY_FILE", str(path))
    with pytest.raises(SettingsError, match=f"BG_PDL_KEY_FILE: .*{reason}"):
        read_settings()
    monkeypatch.setenv("BG_PDL_KEY", "another")
    with pytest.raises(SettingsError, match="BG_PDL_KEY is set as well; set one of them"):
        read_settings()


def test_a_secret_of_a_file_is_masked_and_shown_as_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("k-of-a-file")
    monkeypatch.setenv("BG_PDL_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("COLUMNS", "200")
    settings.cache_clear()
    shown = CliRunner().invoke(bg, ["settings"])
    assert "k-of-a-file" not in shown.output
    [row] = [line for line in shown.output.splitlines() if "BG_PDL_KEY" in line]
    assert "*****" in row
    assert "file" in row


def test_a_webhook_secret_rotates_without_a_refused_event(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receiver gets both, the sender the new one, the receiver only the new one."""
    path = tmp_path / "secrets"
    monkeypatch.setenv("BG_WEBHOOK_SECRETS_FILE", str(path))
    old, new = Key.read("crm", OLD), Key.read("crm", NEW)
    answers = []
    for lines, senders in (
        (f"crm={OLD}", [old, new]),
        (f"crm={OLD}\ncrm={NEW}", [old, new]),
        (f"crm={NEW}", [new, old]),
    ):
        path.write_text(lines)
        with running(engine, Keyring.from_settings(read_settings())) as receiver:
            for key in senders:
                content = body(f"evt-{len(answers)}")
                answers.append(receiver.post(content, key).status_code)
    assert answers == [202, 401, 202, 202, 202, 401]


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with provider_running() as made:
        yield made


def test_a_new_key_of_a_provider_repeats_no_paid_call(
    engine: Engine, provider: ScriptedProvider, ask_with_key: Callable[[str], Answer]
) -> None:
    first = ask_with_key("the-old-key")
    again = ask_with_key("the-new-key")
    assert provider.asked == 1
    assert again.body == first.body


@pytest.fixture
def ask_with_key(
    engine: Engine, provider: ScriptedProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Answer]:
    """A paid call as a process of its own would make it, its key in the file."""
    from bg_orchestration.ledger.client import provider_client
    from bg_orchestration.ledger.ledger import Purpose
    from bg_orchestration_tests.ledger.scripted_provider import ScriptedAdapter, call

    monkeypatch.setenv("BG_ZEROBOUNCE_KEY_FILE", str(tmp_path / "key"))

    def ask(key: str) -> Answer:
        (tmp_path / "key").write_text(f"{key}\n")
        config = read_settings()
        adapter = ScriptedAdapter(provider.url, key=config.key_of("zerobounce"))
        assert adapter.key == key
        with provider_client(engine, [adapter], config, Purpose()) as request:
            return request(call())

    return ask


@pytest.mark.skipif(bool(servers.missing("pgbouncer")), reason=servers.missing("pgbouncer"))
def test_the_password_of_the_database_rotates_without_a_restart(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.pgbouncer(tmp_path, postgres_server) as bouncer:

        def url(password: str) -> str:
            return f"postgresql://{servers.USER}:{password}@127.0.0.1:{bouncer.port}/postgres"

        path = tmp_path / "url"
        path.write_text(url(servers.PASSWORD))
        monkeypatch.setenv("BG_DATABASE_URL_FILE", str(path))
        engine = engine_for(read_settings().url)
        assert answers(engine)
        # The new password holds from now on; the process still has the old one.
        servers.write_users(tmp_path, "the-second-password")
        path.write_text(url("the-second-password"))
        bouncer.kill()
        bouncer.start()
        assert answers(engine)
        engine.dispose()


def answers(engine: Engine) -> bool:
    with writing(engine) as connection:
        return bool(connection.execute(text("SELECT 1")).scalar())


ANN, BOB = Identifier("email", "ann@acme.example"), Identifier("email", "bob@acme.example")


def listed(engine: Engine, key: bytes, *more: bytes) -> set[Identifier]:
    with reading(engine) as connection:
        return Suppressions(key, more).listed(connection, [ANN, BOB])


def test_the_key_of_the_suppression_list_rotates_and_no_person_comes_back(engine: Engine) -> None:
    with writing(engine) as connection:
        assert Suppressions(b"first").suppress(connection, [ANN]) == 1
    # Every process learns to read with the new key, then writes with it.
    assert listed(engine, b"first", b"second") == {ANN}
    with writing(engine) as connection:
        assert Suppressions(b"second", [b"first"]).suppress(connection, [BOB]) == 1
        assert len(Suppressions(b"second", [b"first"]).exported(connection)) == 2
    assert listed(engine, b"second", b"first") == {ANN, BOB}
    assert listed(engine, b"first", b"second") == {ANN, BOB}


def test_a_former_key_that_is_left_out_is_told(engine: Engine) -> None:
    with writing(engine) as connection:
        Suppressions(b"first").suppress(connection, [ANN])
        Suppressions(b"second", [b"first"]).suppress(connection, [BOB])
        Suppressions(b"third", [b"second", b"first"]).suppress(connection, [BOB])
    for keys in ([b"third"], [b"third", b"first"], [b"second"]):
        with pytest.raises(SuppressionKeyError, match="BG_MORE_SUPPRESSION_KEYS"):
            listed(engine, *keys)
    with pytest.raises(SuppressionKeyError, match="is not the key"):
        listed(engine, b"fourth")
    assert listed(engine, b"third", b"second", b"first") == {ANN, BOB}


def test_the_further_keys_are_read_from_the_settings(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as connection:
        Suppressions(b"first").suppress(connection, [ANN])
    monkeypatch.setenv("BG_SUPPRESSION_KEY", "second")
    monkeypatch.setenv("BG_MORE_SUPPRESSION_KEYS", "zeroth, first")
    with reading(engine) as connection:
        assert Suppressions.configured(read_settings()).listed(connection, [ANN]) == {ANN}
