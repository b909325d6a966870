"""Registrable domains: one company never becomes another because their addresses look alike."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bg_orchestration.domain.company_ids import is_company_id
from bg_orchestration.domain.web_domains import registrable_domain

# Suffixes of every sort: of a country's second level, of hosts that rent names, plain ones.
SUFFIXES = (
    "com", "de", "example", "co.uk", "ltd.uk", "plc.uk", "com.br", "or.jp", "gob.mx", "k12.ca.us",
    "pages.dev", "github.io", "netlify.app", "vercel.app", "blogspot.com", "myshopify.com",
    "wixsite.com", "web.app", "herokuapp.com", "co.za", "com.au", "xn--p1ai",
)  # fmt: skip
LABELS = st.from_regex(r"[a-z][a-z0-9]{3,12}", fullmatch=True).filter(lambda label: label != "city")


@pytest.mark.parametrize(
    ("address", "domain"),
    [("https://www.Example.com/about?x=1", "example.com"), ("shop.example.co.uk", "example.co.uk"),
     ("http://user@example.com:8080", "example.com"), ("northwind.example", "northwind.example"),
     ("ada@mail.acme.ltd.uk", "acme.ltd.uk"), ("beta.ltd.uk", "beta.ltd.uk"), ("ltd.uk", None),
     ("acme.pages.dev", "acme.pages.dev"), ("preview.acme.pages.dev", "acme.pages.dev"),
     ("pages.dev", None), ("acme.github.io", "acme.github.io"), ("github.io", None),
     ("acme.wixsite.com", "acme.wixsite.com"), ("acme.police.uk", "acme.police.uk"),
     ("müller.example", "xn--mller-kva.example"), ("ПРИМЕР.рф", "xn--e1afmkfd.xn--p1ai"),
     ("linkedin.com/company/acme", None), ("acme.wordpress.com", None), ("gmail.com", None),
     ("sites.google.com/acme", None), ("google.com", "google.com"), ("acme", None), ("", None),
     ("10.0.0.1", None), ("[::1]:80", None), ("..", None), ("example.com.", "example.com")],
)  # fmt: skip
def test_a_domain_is_registrable_and_of_one_company(address: str, domain: str | None) -> None:
    assert registrable_domain(address) == domain


@given(LABELS, LABELS, st.sampled_from(SUFFIXES), st.lists(LABELS, max_size=2))
def test_two_names_below_a_suffix_are_two_companies_with_all_their_hosts(
    one: str, other: str, suffix: str, hosts: list[str]
) -> None:
    address = ".".join([*hosts, one, suffix])
    assert registrable_domain(f"https://{address}/team") == f"{one}.{suffix}"
    assert (registrable_domain(f"{other}.{suffix}") == f"{one}.{suffix}") is (one == other)
    assert registrable_domain(suffix) is None


@given(st.text() | st.from_regex(r"[a-z0-9.-]{1,300}", fullmatch=True))
@example("a." * 126 + "com")
@example(f"{'a' * 63}.{'b' * 63}.com")
def test_a_domain_can_be_a_company_id_and_is_its_own(address: str) -> None:
    domain = registrable_domain(address)
    assert domain is None or (is_company_id(domain) and registrable_domain(domain) == domain)


def test_nothing_is_fetched() -> None:
    code = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from bg_orchestration.domain.web_domains import registrable_domain\n"
        "print(registrable_domain('www.acme.ltd.uk'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "acme.ltd.uk"
