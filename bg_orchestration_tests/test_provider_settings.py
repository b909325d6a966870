"""Who is asked, with what, and what is said when it cannot be."""

from datetime import timedelta

import pytest

from bg_orchestration.settings import SettingsError, read_settings


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def test_nobody_is_asked_by_default() -> None:
    config = read_settings()
    assert config.providers_in_use == ()
    assert config.daily_budget_usd == 10.0
    assert config.fresh_for("contact") == timedelta(days=90)


@pytest.mark.parametrize("name", ["coresignal", "pdl", "apollo", "lusha"])
def test_a_ready_made_set_needs_one_key(setting: pytest.MonkeyPatch, name: str) -> None:
    setting.setenv("BG_PROVIDER", name)
    config = read_settings()
    assert config.providers_in_use == (name,)
    with pytest.raises(SettingsError, match=f"BG_{name.upper()}_KEY: not set"):
        config.key_of(name)  # type: ignore[arg-type]
    setting.setenv(f"BG_{name.upper()}_KEY", " k-1 ")
    assert read_settings().key_of(name) == "k-1"  # type: ignore[arg-type]


def test_a_list_outranks_the_set_and_keeps_its_order(setting: pytest.MonkeyPatch) -> None:
    setting.setenv("BG_PROVIDER", "coresignal")
    setting.setenv("BG_PEOPLE_PROVIDERS", "pdl, Coresignal")
    setting.setenv("BG_CONTACT_PROVIDERS", "lusha,apollo")
    setting.setenv("BG_ZEROBOUNCE_KEY", "k")
    config = read_settings()
    assert config.providers_for("company") == ("coresignal",)
    assert config.providers_for("people") == ("pdl", "coresignal")
    assert config.providers_for("verification") == ("zerobounce",)
    assert config.providers_in_use == ("coresignal", "pdl", "lusha", "apollo", "zerobounce")


def test_the_level_decides_who_is_asked_at_all(setting: pytest.MonkeyPatch) -> None:
    setting.setenv("BG_CONTACT_PROVIDERS", "lusha")
    setting.setenv("BG_ENRICHMENT", "identify")
    assert read_settings().providers_in_use == ()
    setting.setenv("BG_ENRICHMENT", "deep_research")
    assert read_settings().providers_in_use == ("lusha", "research")


def test_no_limit_is_written_as_none(setting: pytest.MonkeyPatch) -> None:
    setting.setenv("BG_DAILY_BUDGET_USD", "none")
    setting.setenv("BG_PDL_DAILY_USD", "0")
    config = read_settings()
    assert config.daily_budget_usd is None
    assert config.daily_cap("pdl") == 0
    assert config.daily_cap("apollo") is None


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("BG_PEOPLE_PROVIDERS", "pdl,clearbit", "BG_PEOPLE_PROVIDERS: .*'lusha'"),
        ("BG_PEOPLE_PROVIDERS", "pdl,pdl", "BG_PEOPLE_PROVIDERS: names a provider twice"),
        ("BG_PDL_URL", "api.example.com", "BG_PDL_URL: a URL that begins with https"),
        ("BG_DAILY_BUDGET_USD", "-1", "BG_DAILY_BUDGET_USD: .*greater than or equal to 0"),
        ("BG_DAILY_BUDGET_USD", "nan", "BG_DAILY_BUDGET_USD: .*finite"),
        ("BG_FRESH_MISSES", "soon", "BG_FRESH_MISSES: a duration such as"),
    ],
)
def test_wrong_values_are_named(
    setting: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    setting.setenv(variable, value)
    with pytest.raises(SettingsError, match=said):
        read_settings()


def test_keys_are_never_shown(setting: pytest.MonkeyPatch) -> None:
    setting.setenv("BG_PDL_KEY", "very-secret-key")
    assert "very-secret-key" not in repr(read_settings())
    assert "very-secret-key" not in read_settings().model_dump_json()
