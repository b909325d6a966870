import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.settings import Settings
from bg_orchestration.webhooks.signatures import (
    Key,
    Keyring,
    RefusedError,
    SecretsError,
    match_for,
    read_claims,
)

PLAIN = "a plain secret"
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HEX = Key.read("crm", PLAIN)
STANDARD = Key.read("crm", WHSEC)
KEYRING = Keyring((HEX, STANDARD))
NOW = 1_780_000_000_000
BODY = b'{"id": "evt-1"}'


def headers_of(key: Key, body: bytes = BODY, at: int = NOW, **changed: str) -> dict[str, str]:
    return key.headers(body, at, "msg_1") | {k.replace("_", "-"): v for k, v in changed.items()}


def raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def verdict(
    headers: dict[str, str] | list[tuple[bytes, bytes]],
    body: bytes = BODY,
    now: int = NOW,
    keyring: Keyring = KEYRING,
) -> str:
    """`ok`, or the reason of the refusal."""
    lines = raw(headers) if isinstance(headers, dict) else headers
    try:
        keyring.verify(read_claims(lines, now), body)
    except RefusedError as refused:
        return refused.reason
    return "ok"


# Standard Webhooks' own tests, Svix's documentation, and GitHub's.
@pytest.mark.parametrize(
    ("secret", "message", "timestamp", "body", "signature"),
    [
        (
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        (
            "C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1649367553,
            b'{"email":"test@example.com","username":"test_user"}',
            "tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
        ),
        (
            "plJ3nmyCDGBKInavdOK15jsl",
            "msg_loFOjxBNrRLzqYUf",
            1731705121,
            b'{"event_type":"ping","data":{"success":true}}',
            "rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
        ),
    ],
)
def test_published_vectors_of_standard_webhooks(
    secret: str, message: str, timestamp: int, body: bytes, signature: str
) -> None:
    key = Key.read("crm", f"whsec_{secret}")
    headers = {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
    assert key.headers(body, timestamp * 1000, message) == headers
    at_that_time = {"now": timestamp * 1000, "keyring": Keyring((key,))}
    assert verdict(headers, body, **at_that_time) == "ok"
    assert verdict(headers, body + b" ", **at_that_time) == "mismatch"
    former = {name.replace("webhook", "svix"): value for name, value in headers.items()}
    assert verdict(former, body, **at_that_time) == "ok"
    assert verdict(former, body + b" ", **at_that_time) == "mismatch"
    shortened = {**headers, "webhook-signature": f"v1,{signature[:8]}"}
    assert verdict(shortened, body, **at_that_time) == "malformed"


def test_published_vector_of_plain_hmac() -> None:
    key = Key.read("crm", "It's a Secret to Everybody")
    expected = b"757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert key.signature(b"Hello, World!") == expected


def test_the_hex_scheme_signs_timestamp_dot_body() -> None:
    expected = hmac.new(PLAIN.encode(), f"{NOW}.".encode() + BODY, hashlib.sha256).hexdigest()
    assert headers_of(HEX) == {"x-timestamp": str(NOW), "x-signature": expected}
    assert verdict({"X-Timestamp": str(NOW), "X-SIGNATURE": expected.upper()}) == "ok"


@pytest.mark.parametrize("key", [HEX, STANDARD], ids=["hex", "standard"])
class TestBothSchemes:
    @pytest.mark.parametrize(
        ("age", "expected"),
        [
            (0, "ok"),
            (299_900, "ok"),
            (300_000, "ok"),
            (300_100, "stale"),
            (-299_900, "ok"),
            (-300_000, "ok"),
            (-300_100, "ahead"),
        ],
    )
    def test_five_minutes_either_way_inclusive(self, key: Key, age: int, expected: str) -> None:
        assert verdict(headers_of(key), now=NOW + age) == expected

    def test_each_header_is_needed(self, key: Key) -> None:
        for name in headers_of(key):
            left = {k: v for k, v in headers_of(key).items() if k != name}
            assert verdict(left) == "missing"
        assert verdict({}) == "missing"

    def test_a_header_may_stand_once(self, key: Key) -> None:
        for line in raw(headers_of(key)):
            assert verdict([*raw(headers_of(key)), line]) == "repeated_header"

    @pytest.mark.parametrize(
        "timestamp",
        ["", " ", "0", "-1", "+1780000000", "01780000000", "1780000000.9", "1.78e9", "17_80000000",
         "0x6a18", "\uff11\uff17\uff18\uff10", "²", "NaN", "Infinity", "1" + "0" * 30, "yesterday",
         "1780000000 ", "1780000000\t"],
    )  # fmt: skip
    def test_timestamps_are_plain_integers(self, key: Key, timestamp: str) -> None:
        name = next(name for name in headers_of(key) if name.endswith("timestamp"))
        lines = [
            (header.encode(), timestamp.encode() if header == name else value.encode())
            for header, value in headers_of(key).items()
        ]
        assert verdict(lines) == "malformed"

    def test_the_timestamp_is_signed(self, key: Key) -> None:
        name = next(name for name in headers_of(key) if name.endswith("timestamp"))
        later = headers_of(key, at=NOW + 1000)[name]
        assert verdict({**headers_of(key), name: later}) == "mismatch"

    def test_the_other_unit_is_told_apart(self, key: Key) -> None:
        name = next(name for name in headers_of(key) if name.endswith("timestamp"))
        other = str(NOW // 1000 if key.scheme == "hex" else NOW)
        assert verdict({**headers_of(key), name: other}) == "wrong_unit"

    def test_raw_bytes_count(self, key: Key) -> None:
        headers = headers_of(key, b'{"a": "\xf0\x9f\x8e\x89", "b": 1}')
        assert verdict(headers, b'{"a": "\xf0\x9f\x8e\x89", "b": 1}') == "ok"
        for other in (
            b'{"a":"\xf0\x9f\x8e\x89","b":1}',
            b'{"b": 1, "a": "\xf0\x9f\x8e\x89"}',
            b'{"a": "\\ud83c\\udf89", "b": 1}',
            b'{"a": "\xf0\x9f\x8e\x89", "b": 1}\n',
            b'{"a": "\xf0\x9f\x8e\x89", "b": 1}\r\n',
        ):
            assert verdict(headers, other) == "mismatch"

    def test_any_body_and_time_that_was_signed_verifies(self, key: Key) -> None:
        @given(st.binary(max_size=200), st.integers(-300_000, 300_000))
        def check(body: bytes, skew: int) -> None:
            # The standard scheme's timestamp is cut to seconds, to the past.
            now = NOW - skew - 999 if skew > 0 else NOW - skew
            at = min(max(NOW, now - 300_000), now + 300_000)
            assert verdict(key.headers(body, at, "msg_1"), body, now=at) == "ok"

        check()

    def test_one_bit_anywhere_in_the_body_matters(self, key: Key) -> None:
        @given(st.binary(min_size=1, max_size=64), st.data())
        def check(body: bytes, data: st.DataObject) -> None:
            place = data.draw(st.integers(0, len(body) * 8 - 1))
            forged = bytearray(body)
            forged[place // 8] ^= 1 << place % 8
            assert verdict(key.headers(body, NOW, "msg_1"), bytes(forged)) == "mismatch"

        check()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [b"x-timestamp", b"x-signature", b"webhook-id", b"webhook-timestamp",
                 b"webhook-signature", b"other"]
            ),
            st.binary(max_size=80) | st.sampled_from([b"1780000000", b"1780000000000"]),
        )
    ),
    st.binary(max_size=20),
)  # fmt: skip
def test_no_header_raises_anything_but_a_refusal(
    lines: list[tuple[bytes, bytes]], body: bytes
) -> None:
    assert verdict(lines, body) != "ok"


HEX_GOOD = headers_of(HEX)["x-signature"]


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ("", "malformed"),
        (" ", "malformed"),
        (HEX_GOOD[:32], "malformed"),
        (HEX_GOOD[:63], "malformed"),
        (HEX_GOOD * 2, "malformed"),
        ("f" * 4096, "malformed"),
        ("f" * 64, "mismatch"),
        (f"sha256={HEX_GOOD}", "malformed"),
        (f"{HEX_GOOD},{HEX_GOOD}", "malformed"),
        (f"{HEX_GOOD[:32]} {HEX_GOOD[32:]}", "malformed"),
        (base64.b64encode(bytes.fromhex(HEX_GOOD)).decode(), "malformed"),
        ("ü" * 64, "malformed"),
    ],
)
def test_hex_signatures(signature: str, expected: str) -> None:
    assert verdict(headers_of(HEX, x_signature=signature)) == expected


GOOD = headers_of(STANDARD)["webhook-signature"]
OTHER = "v1," + base64.b64encode(b"0" * 32).decode()


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ("", "malformed"),
        ("  ", "malformed"),
        ("v1,", "malformed"),
        ("v1", "malformed"),
        (GOOD[:11], "malformed"),
        (GOOD.rstrip("="), "malformed"),
        (GOOD.removeprefix("v1,"), "malformed"),
        (GOOD.replace("v1,", "v2,"), "malformed"),
        (GOOD.replace("v1,", "v0,"), "malformed"),
        (GOOD.replace("v1,", "v1a,"), "malformed"),
        (GOOD.replace("v1,", "V1,"), "malformed"),
        (GOOD.replace("v1,", "v1,,"), "malformed"),
        (GOOD[:-4] + "!" + GOOD[-4:], "malformed"),
        ("v1," + base64.urlsafe_b64encode(b"\xff" * 32).decode(), "malformed"),
        ("v1," + hashlib.sha256(b"").hexdigest(), "malformed"),
        (f"v1,{GOOD[3:-2]}{chr(ord(GOOD[-2]) + 1)}=", "mismatch"),
        (OTHER, "mismatch"),
        (" ".join([OTHER] * 60), "mismatch"),
        (f"{GOOD} {OTHER} {OTHER}", "ok"),
        (f"{OTHER} {GOOD} {OTHER}", "ok"),
        (f"{OTHER} {OTHER} {GOOD}", "ok"),
        (f"nonsense {GOOD}", "ok"),
        (f"v1,%% {GOOD} v1", "ok"),
        (f"{GOOD} v1,a,b", "ok"),
        (f"  {OTHER}   {GOOD} ", "ok"),
        (f"v2,{GOOD[3:]} v1a,abc {GOOD}", "ok"),
        (" ".join([OTHER] * 10_000 + [GOOD]), "ok"),
        (f"{OTHER},{GOOD}", "malformed"),
    ],
)
def test_standard_signatures(signature: str, expected: str) -> None:
    assert verdict(headers_of(STANDARD, webhook_signature=signature)) == expected


@pytest.mark.parametrize("message", ["", "a b", "a\tb", "ü", "x" * 513])
def test_message_ids_that_are_refused(message: str) -> None:
    assert verdict(headers_of(STANDARD, webhook_id=message)) == "malformed"


def test_a_dot_shifts_the_boundary_but_never_into_another_object() -> None:
    # What was signed as id `evt`, body `T2.{...}` reads as id `evt.T1`, body `{...}` too: harmless
    # as long as nobody signs a body that is no object, which the parser refuses.
    seconds = NOW // 1000
    shifted = STANDARD.headers(f"{seconds}.".encode() + BODY, NOW, "evt")
    moved = {**shifted, "webhook-id": f"evt.{seconds}"}
    assert verdict(moved, BODY) == "ok"
    assert verdict({**moved, "webhook-id": f"evt.{seconds + 1}"}, BODY) == "mismatch"


def test_one_good_set_is_enough() -> None:
    assert verdict(headers_of(HEX) | headers_of(STANDARD, webhook_signature="v1,")) == "ok"
    assert verdict(headers_of(HEX, x_signature="zz") | headers_of(STANDARD)) == "ok"
    assert verdict(headers_of(HEX, x_signature="f" * 64) | headers_of(STANDARD)) == "ok"
    assert verdict(headers_of(HEX, at=NOW - 400_000) | headers_of(STANDARD)) == "ok"
    assert verdict(headers_of(HEX, x_signature="zz") | {"webhook-id": "a"}) == "malformed"


def test_a_key_signs_only_its_own_scheme() -> None:
    assert verdict(headers_of(Key("crm", "standard", PLAIN.encode()))) == "mismatch"
    assert verdict(headers_of(Key("crm", "hex", STANDARD.secret))) == "mismatch"
    # The whole text of a whsec_ value as the key, as other vendors do it.
    assert verdict(headers_of(Key("crm", "hex", WHSEC.encode()))) == "mismatch"
    assert verdict(headers_of(Key("crm", "standard", WHSEC.encode()))) == "mismatch"


def test_old_and_new_secrets_are_live_together() -> None:
    old, new = Key.read("crm", "old"), Key.read("crm", "new")
    for key in (old, new):
        matches = Keyring((old, new)).verify(read_claims(raw(headers_of(key)), NOW), BODY)
        assert [match.key for match in matches] == [key]
    assert verdict(headers_of(old), keyring=Keyring((new,))) == "mismatch"


def test_a_secret_signs_for_its_source_only() -> None:
    keyring = Keyring.parse("a=secret-number-one,b=secret-number-two,*=secret-number-three")
    one, _, three = keyring.keys

    def source_of(key: Key, source: str) -> str:
        return match_for(
            keyring.verify(read_claims(raw(headers_of(key)), NOW), BODY), source
        ).key.source

    assert source_of(one, "a") == "a"
    assert source_of(three, "b") == "*"
    assert source_of(three, "anybody") == "*"
    for source in ("b", "A", "", "*"):
        with pytest.raises(RefusedError, match="wrong_source"):
            source_of(one, source)


def test_the_same_secret_may_serve_two_sources() -> None:
    keyring = Keyring.parse("a=a-shared-secret-1,b=a-shared-secret-1")
    matches = keyring.verify(read_claims(raw(headers_of(keyring.keys[0])), NOW), BODY)
    assert match_for(matches, "b").key.source == "b"


class TestKeyring:
    def test_reads_sources_schemes_and_rotation(self) -> None:
        keyring = Keyring.parse(f" crm=a=b=-and-13-more , crm={WHSEC}\n, *=another-secret-c ,")
        assert [(key.source, key.scheme, key.secret) for key in keyring.keys] == [
            ("crm", "hex", b"a=b=-and-13-more"),
            ("crm", "standard", base64.b64decode(WHSEC.removeprefix("whsec_"))),
            ("*", "hex", b"another-secret-c"),
        ]
        assert keyring.sources == {"crm", "*"}

    @pytest.mark.parametrize("length", [16, 17, 18, 24, 32])
    def test_padding_may_be_left_out(self, length: int) -> None:
        encoded = base64.b64encode(bytes(length)).decode()
        padded, bare = (
            Key.read("a", f"whsec_{encoded}"),
            Key.read("a", f"whsec_{encoded}".rstrip("=")),
        )
        assert padded == bare
        assert padded.secret == bytes(length)

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("", "empty"),
            (" \n", "empty"),
            (",,", "empty"),
            ("crm=", "entry 1: the secret is empty"),
            ("crm=  ", "entry 1: the secret is empty"),
            ("s3cr3t", "entry 1: the secret is empty"),
            ("=s3cr3t", "entry 1 names no source"),
            ("a=a-secret-that-is-long,crm=whsec_", "entry 2: a whsec_ key"),
            ("crm=whsec_s3cr3t!", "not base64"),
            ("crm=whsec_s3cr3", "not base64"),
            ("crm=whsec_czNjcjN0", "at least 16 bytes"),
            ("crm='s3cr3t'", "quotes"),
            ('crm="s3cr3t"', "quotes"),
            ("crm=s3cr3t\nhr=other", "line break"),
            ("crm=s3cr3t-15-bytes", "15 bytes and can be guessed"),
            ("supabase=v1,whsec_s3cr3t==", "v1 is a signature's version, no secret: commas"),
            ("crm=v1 whsec_czNjcjN0czNjcjN0czNjcjN0", "other text before its key"),
            ("crm=v1=0123456789abcdef0123", "other text before its key"),
            ("crm=WHSEC_czNjcjN0czNjcjN0czNjcjN0", "other text before its key"),
            ("crm=<your-secret-of-32-chars>", "a placeholder"),
            ("crm=${CRM_WEBHOOK_SECRET}", "a placeholder"),
            ("crm=s3cr3t-of-16-bytes;hr=another", "commas separate entries, not semicolons"),
            ("crm=v1a", "version, no secret"),
            ("whsec_s3cr3t==", "a secret in the place of its source: commas separate"),
        ],
    )
    def test_refuses_what_cannot_be_a_secret(self, text: str, hint: str) -> None:
        with pytest.raises(SecretsError, match=hint) as caught:
            Keyring.parse(text)
        assert "BG_WEBHOOK_SECRETS" in str(caught.value)
        assert "s3cr3" not in str(caught.value)

    def test_webhook_secret_is_for_any_source(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WEBHOOK_SECRET", "with,comma=and equals\n")
        keys = Keyring.from_settings(Settings()).keys
        assert keys == (Key("*", "hex", b"with,comma=and equals"),)
        monkeypatch.setenv("BG_WEBHOOK_SECRETS", "crm=secret-number-one")
        assert [key.source for key in Keyring.from_settings(Settings()).keys] == ["crm", "*"]

    def test_names_the_variable_at_fault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(SecretsError, match=r"BG_WEBHOOK_SECRETS=.* or WEBHOOK_SECRET"):
            Keyring.from_settings(Settings())
        monkeypatch.setenv("WEBHOOK_SECRET", " ")
        with pytest.raises(SecretsError, match=r"^WEBHOOK_SECRET: the secret is empty"):
            Keyring.from_settings(Settings())

    def test_never_shows_a_secret(self) -> None:
        key = Key.read("crm", "s3cr3t")
        assert "s3cr3t" not in repr(Keyring((key,)))
        assert len(key.fingerprint) == 8
        assert key.fingerprint != Key.read("crm", "s3cr3u").fingerprint
