"""The identity of companies and people across files."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from bg_orchestration.domain.company_ids import company_id_of, fold_name, is_company_id
from bg_orchestration.store.companies import CompanyIdentity

_DIGEST = 20  # characters of the digest in a person's id


@dataclass(frozen=True, slots=True)
class CompanyKeys:
    """The keys of a row's company, the most trusted first.

    `provider_id` carries its source: `apollo-5f2c`. `page` is a LinkedIn slug or number.
    """

    company_id: str | None = None
    domain: str | None = None
    page: str | None = None
    provider_id: str | None = None
    name: str | None = None


class CompanyIndex:
    """The index of known companies recognizes the company of a row.

    A `company_id` in the file decides. Otherwise the domain decides, then the id of an earlier row
    with the same keys, then the folded name. A name is trusted least: it never joins two companies
    whose domains differ. Each key of a merged company means the company that stayed.
    """

    def __init__(self, known: Iterable[CompanyIdentity]) -> None:
        self._domains: dict[str, str | None] = {}
        self._by_domain: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        self._merged: dict[str, str] = {}
        merged = []
        for company in known:
            if company.merged_into is None:
                self._add(company.company_id, company.domain, company.folded_name)
            else:
                self._merged[company.company_id] = company.merged_into
                merged.append(company)
        # After all others: a company that was not merged has its domain and name first.
        for company in merged:
            if company.merged_into is not None and company.merged_into in self._domains:
                self._add_alias(company.merged_into, company.domain, company.folded_name)

    def resolve(self, keys: CompanyKeys) -> str:
        """Return the id of the company with these keys, or a new id.

        Raises:
            ValueError: they name no company, or more than one.
        """
        company_id = self._find(keys) or self._new_id(keys)
        self._add(company_id, keys.domain, fold_name(keys.name or company_id))
        return company_id

    def _find(self, keys: CompanyKeys) -> str | None:
        if keys.company_id and is_company_id(keys.company_id):
            return self._merged.get(keys.company_id, keys.company_id)
        if keys.domain and keys.domain in self._by_domain:
            return self._by_domain[keys.domain]
        for key in (keys.domain, *_key_ids(keys)):
            if key in self._merged:
                return self._merged[key]
            if key in self._domains and self._agree(key, keys.domain):
                return key
        # A name of signs alone folds to an empty text, which many names share.
        folded = fold_name(keys.name or "")
        namesakes = self._by_name.get(folded, []) if folded else []
        possible = [company_id for company_id in namesakes if self._agree(company_id, keys.domain)]
        if len(possible) > 1 and not (keys.domain or _key_ids(keys)):
            raise ValueError(
                f"{len(possible)} companies are called {keys.name!r} ({', '.join(possible[:3])}): "
                "say which one in a column company_id or domain"
            )
        return possible[0] if len(possible) == 1 else None

    def _new_id(self, keys: CompanyKeys) -> str:
        for candidate in (keys.domain, *_key_ids(keys)):
            if candidate:
                return candidate
        if not keys.name or not fold_name(keys.name):
            if keys.company_id:
                raise ValueError(
                    f"company_id {keys.company_id!r} is none: 1 to 128 letters, digits or _ : - . "
                    "without '..' or a dot at the end"
                )
            raise ValueError("no company: neither an id, a domain nor a name")
        return self._id_of_name(keys.name)

    def _id_of_name(self, name: str) -> str:
        mark = _digest(fold_name(name))[:8]
        try:
            company_id = company_id_of(name)
        except ValueError:
            return f"company-{mark}"
        # The id loses letters beyond ASCII: another company may have the same id.
        is_taken = company_id in self._domains or company_id in self._merged
        return f"{company_id[:119]}-{mark}" if is_taken else company_id

    def _agree(self, company_id: str, domain: str | None) -> bool:
        known = self._domains[company_id]
        return known is None or domain is None or known == domain

    def _add(self, company_id: str, domain: str | None, folded_name: str) -> None:
        if company_id not in self._domains:
            self._domains[company_id] = domain
            self._by_name.setdefault(folded_name, []).append(company_id)
        if domain:
            self._domains[company_id] = self._domains[company_id] or domain
            self._by_domain.setdefault(domain, company_id)

    def _add_alias(self, company_id: str, domain: str | None, folded_name: str) -> None:
        if domain:
            self._by_domain.setdefault(domain, company_id)
        namesakes = self._by_name.setdefault(folded_name, [])
        if company_id not in namesakes:
            namesakes.append(company_id)


def _key_ids(keys: CompanyKeys) -> list[str]:
    """Return the ids from a LinkedIn page and a provider's id."""
    ids = []
    for text in (f"li-{keys.page}" if keys.page else None, keys.provider_id):
        if text and is_company_id(text):
            ids.append(text)
        elif text:
            # The id loses forbidden characters; the digest keeps it distinct.
            ids.append(f"{text.split('-')[0]}-{_digest(text)[:16]}")
    return ids


def person_id_of(
    *,
    person_id: str | None,
    slug: str | None,
    provider_id: str | None,
    email: str | None,
    name: str,
    company_id: str,
) -> str:
    """Return a person's id, always the same for the same keys, the most trusted first.

    Their own id, `li-` and their LinkedIn slug, a provider's id, else a digest of their address,
    else of their name at that company: two people of one name there are one without another key.

    Raises:
        ValueError: the id is longer than the 255 characters that an event may name.
    """
    for key in (person_id, f"li-{slug}" if slug else None, provider_id):
        if key:
            if len(key) > 255:
                raise ValueError("the person's id is longer than 255 characters")
            return key
    if email:
        return f"email-{_digest(email.casefold())[:_DIGEST]}"
    return f"name-{_digest(f'{fold_name(name)}@{company_id}')[:_DIGEST]}"


def key_in_words(person_id: str) -> str:
    """Return a person's key for people: a digest says nothing."""
    kind, _, digest = person_id.partition("-")
    if len(digest) == _DIGEST and kind in ("email", "name"):
        return "this address" if kind == "email" else "this name"
    return f"id {person_id}"


def is_of_an_address(person_id: str) -> bool:
    """Return whether an id is that of an email address, which several people may share."""
    kind, _, digest = person_id.partition("-")
    return kind == "email" and len(digest) == _DIGEST


def share_a_word(left: str, right: str) -> bool:
    """Return whether two names may be of one person or company, in any order of words."""
    words = [{fold_name(word) for word in name.split()} - {""} for name in (left, right)]
    if not words[0] or not words[1] or fold_name(left) == fold_name(right):
        return True
    return bool(words[0] & words[1])


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
