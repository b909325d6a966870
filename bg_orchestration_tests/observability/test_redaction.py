"""Nothing personal or secret in a log line, whatever is logged; fuzzed."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from bg_orchestration.observability import logs
from bg_orchestration.observability.redaction import REDACTED, redact, redacted_text
from bg_orchestration.settings import SettingsError

NAMES = st.sampled_from(["Ann Lee", "Zoë O'Brien", "Łukasz Wiśniewski-Żak", "van der Berg, Piet"])
TITLES = st.sampled_from(["Zar of Everything", "Leiterin Vertrieb & Öl", 'Head of "Growth"'])
PHONES = st.sampled_from(
    ["+44 20 7946 0435", "+49 (30) 2312-5678", "(030) 23125 678", "0171 2345678", "555-010-4477",
     "+1-202-555-0143", "0044 20 7946 0435", "+33 1 99 00 12 34"]
)  # fmt: skip
LOCAL = st.text("abcdefghijklmnopqrstuvwxyzäé0123456789._+-'", min_size=1, max_size=12)
EMAILS = st.builds("{}@{}.example".format, LOCAL, st.text("abcdefz-", min_size=1, max_size=8))
KEYS = st.sampled_from(["name", "oldTitle", "new_title", "email", "personEmail", "phone", "Phone",
                        "x-signature", "webhook-signature", "api_key", "APIKEY", "password",
                        "secret", "authorization", "full_name", "body"])  # fmt: skip
SECRETS = st.one_of(
    st.binary(min_size=32, max_size=32).map(bytes.hex),
    st.text("abcdefghijXYZ0123456789+/", min_size=24, max_size=44).map(lambda one: f"whsec_{one}"),
    st.text("abcdefghijXYZ0123456789+/", min_size=24, max_size=44).map(lambda one: f"v1,{one}="),
    st.text("abcdefghijXYZ0123456789", min_size=24, max_size=44).map(lambda one: f"Bearer {one}"),
    st.text("abcdefghij", min_size=8, max_size=12).map(
        lambda one: f"postgresql://bg:{one}@db.internal/bg"
    ),
)


@contextmanager
def lines() -> Iterator[list[dict[str, Any]]]:
    """What is logged within, as the receiver writes it when stderr is no terminal."""
    stream = io.StringIO()
    handler = logs._handler(stream)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = [handler]
    root.setLevel("DEBUG")
    logs._configure_structlog(cache=False)
    found: list[dict[str, Any]] = []
    try:
        yield found
    finally:
        structlog.reset_defaults()
        root.handlers[:] = before
        root.setLevel(level)
        found += [json.loads(line) for line in stream.getvalue().splitlines()]


def told(found: list[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in found)


@given(key=KEYS, value=st.one_of(NAMES, TITLES, PHONES, EMAILS, SECRETS), depth=st.integers(0, 3))
def test_a_field_is_known_by_its_name_at_any_depth(key: str, value: str, depth: int) -> None:
    fields: Any = {key: value, "count": 3}
    for _ in range(depth):
        fields = {"inner": [fields]}
    kept = str(redact(None, "info", dict(fields)))
    assert value not in kept
    assert "3" in kept


@given(
    secret=st.one_of(PHONES, EMAILS, SECRETS),
    before=st.sampled_from(["", "asked ", "could not send to <", "to:", "(", '{"to": "']),
    after=st.sampled_from(["", " again", ">", ",", ")", '"}', ". Next", "\n"]),
)
def test_what_looks_personal_or_secret_goes_from_any_text(
    secret: str, before: str, after: str
) -> None:
    kept = redacted_text(f"{before}{secret}{after}")
    bare = secret.partition(" ")[2] if secret.startswith("Bearer") else secret
    assert bare not in kept
    if "://" in secret:
        assert secret.split(":")[2].partition("@")[0] not in kept


@given(key=KEYS, value=st.one_of(NAMES, TITLES))
@hypothesis(suppress_health_check=[HealthCheck.too_slow])
def test_fields_are_known_within_texts_too(key: str, value: str) -> None:
    for text in (
        f"Person({key}={value!r}, id='p-1')",
        json.dumps({"id": "p-1", key: value}, ensure_ascii=False),
        f"{{{key!r}: {value!r}}}",
        f"bad row: {key}={json.dumps(value, ensure_ascii=False)}; skipped",
    ):
        kept = redacted_text(text)
        for word in value.replace("'", " ").replace('"', " ").split():
            assert len(word) < 3 or word not in kept, kept


@given(name=NAMES, title=TITLES, email=EMAILS, phone=PHONES, secret=SECRETS, ours=st.booleans())
@hypothesis(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_line_of_ours_or_of_others_tells(
    name: str, title: str, email: str, phone: str, secret: str, ours: bool
) -> None:
    with lines() as found:
        log: Any = (
            structlog.stdlib.get_logger("bg_orchestration.test")
            if ours
            else (logging.getLogger("thirdparty"))
        )
        log.warning("event %s of %s at %s", {"name": name, "newTitle": title}, email, phone)
        log.info("GET https://api.example.com/people?email=%s&phone=%s", email, phone)
        log.info("sent %s", secret)
        try:
            try:
                raise KeyError(name)
            except KeyError as inner:
                raise ValueError(f"{name}, {title}: {email} {phone}") from inner
        except ValueError:
            log.exception("failed")
        if ours:
            log.info("event", person={"name": name, "contacts": [email, phone]}, title=title)
            log.bind(email=email).error("again", body=secret.encode(), rows=[{"phone": phone}])
    text = told(found)
    secret = secret.removeprefix("Bearer ")
    for value in (name, json.dumps(name)[1:-1], title, email, phone, secret):
        assert value not in text
    assert "ValueError" in text
    assert "test_no_line_of_ours" in text  # The place in the code stays.
    assert len(found) == (6 if ours else 4)


@pytest.mark.parametrize(
    "plain",
    [
        "2026-03-01T10:00:00.123456+00:00",
        "2026-03-01 10:00:00",
        "run 3f2a8c1e-2157-4679-9583-67164be54a7b of tesselloft-cloudworks took 0.123456 s",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "refresh 0d187272663c445eb197144fb0d635dd:1",
        "127.0.0.1:8080 and [::1]:8080",
        "person tesselloft-cloudworks-0417",
        "3 of 12 people, 1234567890 bytes, 0.0042",
        "demo:hex:77bf07cf",
        "type person.role_change",
    ],
)
def test_ids_times_and_counts_stay(plain: str) -> None:
    assert redacted_text(plain) == plain


def test_fields_of_ours_stay() -> None:
    line = {
        "event": "event_accepted", "source": "crm", "event_id": "evt-1", "type": "person.promotion",
        "trace_id": "0af7651916cd43dd8448eb211c80319c", "keys": ["crm:hex:77bf07cf"], "port": 80,
        "fields": ["person.email"], "fingerprint": "77bf07cf", "url": "http://127.0.0.1:80/api",
    }  # fmt: skip
    assert redact(None, "info", dict(line)) == line


def test_what_our_own_exceptions_say_stays() -> None:
    with lines() as found:
        try:
            raise SettingsError("BG_STALE_AFTER: a duration such as 90s")
        except SettingsError:
            logging.getLogger("x").exception("wrong")
        try:
            raise FileNotFoundError(2, "No such file", "/srv/bg")
        except OSError:
            logging.getLogger("x").exception("wrong")
    assert "BG_STALE_AFTER: a duration such as 90s" in found[0]["exception"]
    assert "/srv/bg" in found[1]["exception"]


def test_bytes_are_counted_and_objects_are_read_like_texts() -> None:
    class Held:
        def __repr__(self) -> str:
            return "Held(name='Ann Lee', size=3)"

    kept = redact(None, "info", {"raw": b"Ann", "held": Held(), "none": None})
    assert kept == {"raw": "<3 bytes>", "held": f"Held(name={REDACTED}, size=3)", "none": None}
