"""Whether it is the right company, decided before a cent is spent on its people.

The dearest failure that users of such pipelines report is a company taken for another: of the same
name, or on a host that many share; and then every person of it is paid for.
"""

from bg_orchestration.domain.model import Company
from bg_orchestration.domain.web_domains import registrable_domain
from bg_orchestration.providers.protocols import FoundCompany


class UnknownWebsiteError(Exception):
    """Nobody can be asked about a company, since its web domain is not known or many share it."""


def domain_to_ask(company: Company) -> str:
    """The registrable domain under which providers are asked about a company.

    Raises:
        UnknownWebsiteError: there is none that is its own; says what a person is to do.
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


def mistaken_for(found: FoundCompany, domain: str) -> str | None:
    """Why what a provider found is not the company of this domain; `None` if it is."""
    own = {registrable_domain(one) for one in (found.domain, *found.aliases) if one}
    if domain in own:
        return None
    known = ", ".join(sorted(filter(None, own)))
    return f"it found a company with {f'the website {known}' if known else 'no website of its own'}"
