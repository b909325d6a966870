"""The registrable domain of a web address, which identifies a company.

The Public Suffix List (publicsuffix.org) holds the names below which domains are registered:
`ltd.uk` and `com.br`, but also `pages.dev` and `github.io`, where each customer has a subdomain.
The list ships with the package `publicsuffixlist`; nothing is fetched.
"""

import re
from functools import cache

from publicsuffixlist import PublicSuffixList

# Public mailbox providers: an address there does not identify a company.
MAIL_HOSTS = frozenset({
    "aol.com", "free.fr", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
    "icloud.com", "laposte.net", "libero.it", "live.com", "mail.ru", "me.com", "msn.com",
    "orange.fr", "outlook.com", "proton.me", "protonmail.com", "qq.com", "t-online.de", "web.de",
    "yahoo.com", "yandex.ru", "ymail.com",
})  # fmt: skip
# Sites with pages of many companies that the list does not name as public suffixes.
SHARED_HOSTS = MAIL_HOSTS | frozenset({
    "crunchbase.com", "facebook.com", "github.com", "instagram.com", "linkedin.com", "linktr.ee",
    "medium.com", "sites.google.com", "substack.com", "t.me", "tumblr.com", "twitter.com",
    "weebly.com", "wordpress.com", "x.com", "xing.com", "youtube.com",
})  # fmt: skip

_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@\s]*@)?([^/:?#\s]+)", re.I)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]+)")
_LONGEST_HOST = 253  # characters, RFC 1035
_LONGEST_DOMAIN = 128  # characters of a company_id, which a domain can become


def registrable_domain(address: str) -> str | None:
    """Return the registrable domain of a URL, host or email address, in lower case.

    `https://www.acme.ltd.uk/x` gives `acme.ltd.uk`, `acme.pages.dev` gives `acme.pages.dev`.
    Names with other letters are given in their ASCII form (`xn--...`).

    Returns:
        `None` for a public suffix, an IP address, a site that many companies share, such as
        `linkedin.com`, a domain over 128 characters, and text that is no address.
    """
    match = _HOST.match(address.strip())
    if match is None:
        return None
    try:
        host = match[1].strip(".").encode("idna").decode().lower()
    except UnicodeError:
        return None
    if len(host) > _LONGEST_HOST or not _DOMAIN.fullmatch(host):
        return None
    labels = host.split(".")
    if any(".".join(labels[at:]) in SHARED_HOSTS for at in range(len(labels))):
        return None
    domain = _suffixes().privatesuffix(host)
    return domain if domain and len(domain) <= _LONGEST_DOMAIN else None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
