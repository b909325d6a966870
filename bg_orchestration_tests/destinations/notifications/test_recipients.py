"""Addresses as the settings name them: what is refused, and that no value is repeated."""

import pytest

from bg_orchestration.destinations.notifications.recipients import AddressError, read_addresses
from bg_orchestration.settings import SettingsError, read_settings
from bg_orchestration_tests.destinations.notifications.conftest import Configure
from bg_orchestration_tests.destinations.notifications.receiving import OTHER_SECRET, SECRET

URL = "https://hooks.example.com/t0ken"


def test_addresses_are_read_with_their_keys(configure: Configure) -> None:
    config = configure(
        urls=f"sales={URL}?a=b,ops={URL}",
        secrets=f"sales={SECRET},ops={OTHER_SECRET}, sales={OTHER_SECRET}",
        slack_urls=f"channel={URL}",
        events="ops=refresh.dead,channel=group.changed,channel=refresh.dead",
    )
    found = read_addresses(config)
    assert {name: (one.kind, len(one.keys)) for name, one in found.items()} == {
        "sales": ("webhook", 2),
        "ops": ("webhook", 1),
        "channel": ("slack", 0),
    }
    assert found["sales"].url == f"{URL}?a=b"
    assert config.notified("group.changed") == ("channel", "sales")
    assert config.notified("refresh.dead") == ("channel", "ops", "sales")
    shown = f"{config!r} {config.model_dump(mode='json')} {found!r}"
    for secret in ("t0ken", SECRET, OTHER_SECRET, "MfKQ9"):
        assert secret not in shown


def test_without_settings_there_is_none(configure: Configure) -> None:
    assert read_addresses(configure()) == {}
    assert configure().notified("group.changed") == ()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"urls": f"sales={URL}"}, "BG_NOTIFY_URLS: sales has no key to sign with"),
        ({"urls": f"sales={URL}", "secrets": "sales=t0ken-of-mine"}, "BG_NOTIFY_SECRETS: sales: "),
        ({"urls": f"sales={URL}", "secrets": "sales=whsec_t0ken"}, "BG_NOTIFY_SECRETS: sales: "),
        ({"slack_urls": "sales=ftp://hooks.example.com/t0ken"}, "is no URL of the form https"),
        ({"slack_urls": "sales=file:///etc/t0ken"}, "is no URL of the form https"),
        ({"slack_urls": "sales=https:///t0ken"}, "is no URL of the form https"),
        ({"slack_urls": "sales=https://[::t0ken/"}, "is no URL"),
        ({"slack_urls": "sales=https://hooks.example.com:t0ken/"}, "is no URL"),
        ({"slack_urls": "sales=https://u:t0ken@hooks.example.com/"}, "a user or a password"),
        ({"slack_urls": "sales=http://hooks.example.com/t0ken"}, "BG_NOTIFY_PLAIN_HTTP"),
        ({"slack_urls": "sales=http://127.0.0.1.example.com/t0ken"}, "BG_NOTIFY_PLAIN_HTTP"),
        ({"slack_urls": f"sales={URL},sales={URL}"}, "sales stands twice"),
        ({"slack_urls": f"sales={URL}", "events": "slaes=refresh.dead"}, "is called slaes"),
        ({"slack_urls": f"sales={URL}", "secrets": f"ops={SECRET}"}, "is called ops"),
    ],
)
def test_what_cannot_be_used_is_told_without_its_value(
    configure: Configure, variables: dict[str, str], words: str
) -> None:
    with pytest.raises(AddressError, match="BG_NOTIFY") as raised:
        read_addresses(configure(**variables))
    assert words in str(raised.value)
    assert "t0ken" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["http://localhost:9/x", "http://127.0.0.1/x", "http://[::1]:8080/x"]
)
def test_this_machine_may_be_plain(configure: Configure, url: str) -> None:
    assert read_addresses(configure(slack_urls=f"here={url}"))["here"].url == url


def test_plain_http_is_possible_where_it_is_asked_for(configure: Configure) -> None:
    config = configure(slack_urls="there=http://hooks.example.com/", plain_http="true")
    assert "there" in read_addresses(config)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BG_NOTIFY_URLS", "https://hooks.example.com/t0ken"),
        ("BG_NOTIFY_SLACK_URLS", "a b=https://hooks.example.com/t0ken"),
        ("BG_NOTIFY_SECRETS", "sales="),
        ("BG_NOTIFY_EVENTS", "sales=group.t0ken"),
        ("BG_NOTIFY_PEOPLE", "t0ken"),
    ],
)
def test_what_is_misspelt_stops_every_command(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"^{variable}: ") as raised:
        read_settings()
    assert "t0ken" not in str(raised.value)
