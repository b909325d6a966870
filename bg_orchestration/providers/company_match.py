"""Checks that a provider found the right company, before its people cost anything.

Users of such pipelines report one failure as the most expensive: the provider returns another
company, of the same name or on a shared host, and charges all its people.
"""

from bg_orchestration.domain.model import Company
from bg_orchestration.domain.web_domains import registrable_domain
from bg_orchestration.providers.protocols import FoundCompany


class UnknownWebsiteError(Exception):
    """The company has no web domain of its own, so no provider can be called for it."""


def domain_of(company: Company) -> str:
    """Return the registrable domain that identifies a company at providers.

    Raises:
        UnknownWebsiteError: it has none of its own; says what a person must do.
    """
    mend = (
        "Say which it is: a file with the columns company_id and domain, read with "
        "`bg import --kind companies FILE`."
    )
    if not company.domain:
        raise UnknownWebsiteError(
            f"{company.company_id} has no web domain, and a name alone finds the wrong companies. "
            f"{mend}"
        )
    domain = registrable_domain(company.domain)
    if domain is None:
        raise UnknownWebsiteError(
            f"The web domain of {company.company_id} is one that many companies share, or none. "
            f"{mend}"
        )
    return domain


def mismatch(found: FoundCompany, domain: str) -> str | None:
    """Return why a found company is not the company of this domain; `None` if it is."""
    websites = filter(None, (found.domain, *found.aliases))
    own_domains = {registrable_domain(website) for website in websites}
    if domain in own_domains:
        return None
    domains = ", ".join(sorted(filter(None, own_domains)))
    website = f"the website {domains}" if domains else "no website of its own"
    return f"it found a company with {website}"
