import pytest

from bg_orchestration.domain.model import Company
from bg_orchestration.providers.company_match import UnknownWebsiteError, domain_of, mismatch
from bg_orchestration.providers.protocols import FoundCompany


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("acme.example", "acme.example"),
        ("https://www.shop.acme.example/about", "acme.example"),
        ("acme.co.uk", "acme.co.uk"),
    ],
)
def test_it_is_asked_for_by_its_registrable_domain(website: str, domain: str) -> None:
    assert domain_of(Company(company_id="acme", name="Acme", domain=website)) == domain


@pytest.mark.parametrize(
    "website", [None, "", "linkedin.com", "github.io", "gmail.com", "sites.google.com/acme"]
)
def test_nobody_is_asked_without_a_domain_of_its_own(website: str | None) -> None:
    with pytest.raises(UnknownWebsiteError, match=r"acme.*bg import"):
        domain_of(Company(company_id="acme", name="Acme", domain=website))


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (FoundCompany("1", "Acme", "acme.example"), True),
        (FoundCompany("1", "Acme", "www.acme.example"), True),
        (FoundCompany("1", "Acme Holding", "holding.example", ("acme.example",)), True),
        (FoundCompany("1", "Acme", "acme.example.net"), False),
        (FoundCompany("1", "Acme", "notacme.example"), False),
        (FoundCompany("1", "Acme", None), False),
        (FoundCompany("1", "Acme", "linkedin.com", ("facebook.com",)), False),
    ],
)
def test_a_company_is_taken_for_ours_by_its_domains_only(found: FoundCompany, right: bool) -> None:
    fault = mismatch(found, "acme.example")
    assert (fault is None) is right
    assert fault is None or "it found a company with" in fault
