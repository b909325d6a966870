"""Generator of the sample: `python -m bg_orchestration.providers.sample.generate` writes its files.

The same seed makes the same bytes on every machine. The people and companies do not exist.
"""

import csv
import gzip
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

_SEED = 20_260_630
_LAST_DAY = date(2026, 6, 30)
_HERE = Path(__file__).parent

# The number of people of each rank, of a hundred below the C-suite.
_RANKS = {"vp": 1, "director": 3, "manager": 10, "senior": 21, "individual": 59, "entry": 6}
# The C-suite grows with the company: people -> chief officers, in the order of the vocabulary.
_CHIEFS = ((1000, 14), (300, 8), (100, 5), (40, 3), (20, 2))
# From this size on every function has a head; below it people share functions.
_HEADED_FROM = 100
_VP_FROM = 200
# Ranks of small companies: founders share the lead.
_FOUNDERS_BELOW = 40

COMPANY_COLUMNS = ("company_id", "name", "domain", "employee_count", "industry", "country")
PEOPLE_COLUMNS = (
    "person_id", "name", "title", "department", "started_at", "email", "phone", "country",
    "company_id",
)  # fmt: skip


def vocabulary() -> dict[str, Any]:
    """Companies, names and titles to choose from."""
    loaded = yaml.safe_load((_HERE / "vocabulary.yaml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def companies_csv(words: dict[str, Any]) -> bytes:
    """Return the companies as CSV; some have no head count."""
    rows = []
    for company in words["companies"]:
        stated = company.get("stated", company["people"])
        rows.append(
            (
                company["id"],
                company["name"],
                _domain(company),
                "" if stated == "unknown" else stated,
                company["industry"],
                company["country"],
            )
        )
    return _csv(COMPANY_COLUMNS, rows)


def people_csv(words: dict[str, Any]) -> bytes:
    """Return the people of all companies as CSV."""
    rows = [row for company in words["companies"] for row in _staff(company, words)]
    return _csv(PEOPLE_COLUMNS, rows)


def _staff(company: dict[str, Any], words: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    # Each company has its own generator: an edit of another company does not change it.
    random = Random(f"{_SEED}:{company['id']}")  # noqa: S311
    tongue = words["languages"][company["language"]]
    emails: Counter[str] = Counter()
    for number, (rank, function, title) in enumerate(_jobs(random, company, words), 1):
        home = words["languages"][company["language"]]
        if company.get("also") and random.random() < 0.2:
            home = words["languages"][random.choice(company["also"])]
        first, last = random.choice(home["first"]), random.choice(home["last"])
        department = tongue["functions"][function][0] if function in tongue["functions"] else ""
        yield (
            f"{company['id']}-{number:04}",
            f"{first} {last}",
            "" if rank == "individual" and random.random() < 0.03 else title,
            department if random.random() < 0.6 else "",
            _start(random, rank),
            _email(random, first, last, _domain(company), emails),
            _phone(random, words["phones"].get(company["country"])),
            company["country"],
            company["id"],
        )


def _jobs(
    random: Random, company: dict[str, Any], words: dict[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield rank, function and title of all people, from the top down."""
    size, tongue = company["people"], words["languages"][company["language"]]
    functions = {
        name: weight
        for name, weight in words["industries"][company["industry"]].items()
        if name in tongue["functions"]
    }
    jobs = list(_leaders(size, tongue, functions))
    if size >= _HEADED_FROM:
        jobs += [_job(random, "director", name, tongue) for name in functions]
    if size >= _FOUNDERS_BELOW:
        jobs += [("individual", "admin", title) for title in tongue["assistant"]]
    ranks = dict(_RANKS) if size >= _VP_FROM else {k: v for k, v in _RANKS.items() if k != "vp"}
    rest = size - len(jobs)
    picked = zip(
        random.choices(list(ranks), list(ranks.values()), k=rest),
        random.choices(list(functions), list(functions.values()), k=rest),
        strict=True,
    )
    order = list(_RANKS)
    jobs += [
        _job(random, rank, function, tongue)
        for rank, function in sorted(picked, key=lambda job: order.index(job[0]))
    ]
    yield from jobs


def _leaders(
    size: int, tongue: dict[str, Any], functions: dict[str, int]
) -> Iterator[tuple[str, str, str]]:
    if size < _FOUNDERS_BELOW:
        founders = min(size, 1 + size // 10)
        yield from (("owner", "executive", title) for title in tongue["owner"][:founders])
    chiefs = next((count for people, count in _CHIEFS if size >= people), 0)
    levels = [
        ("c_suite", function, title)
        for function, title in tongue["c_suite"].items()
        if function in functions or function == "executive"
    ]
    yield from levels[:chiefs]


def _job(random: Random, rank: str, function: str, tongue: dict[str, Any]) -> tuple[str, str, str]:
    _, phrase, titles = tongue["functions"][function]
    title = random.choice(titles)
    if rank != "individual":
        title = random.choice(tongue[rank]).format(of=phrase, title=title)
    return rank, function, title[:1].upper() + title[1:]


def _start(random: Random, rank: str) -> str:
    """Return the start of a job, as exact as sources are: day, month, year or nothing."""
    years = 3 if rank == "entry" else 18 if rank in {"owner", "c_suite", "vp", "director"} else 12
    day = _LAST_DAY - timedelta(days=int(random.random() ** 2 * years * 365))
    return random.choices(
        (day.isoformat(), day.isoformat()[:7], day.isoformat()[:4], ""), (55, 25, 10, 10)
    )[0]


def _email(random: Random, first: str, last: str, domain: str, emails: Counter[str]) -> str:
    local = f"{_ascii(first)}.{_ascii(last)}"
    emails[local] += 1
    number = str(emails[local]) if emails[local] > 1 else ""
    return f"{local}{number}@{domain}" if random.random() < 0.85 else ""


def _phone(random: Random, pattern: str | None) -> str:
    if pattern is None or random.random() >= 0.35:
        return ""
    highest = 99 if ":02d" in pattern else 999
    return pattern.format(random.randint(0, highest), random.randint(0, highest))


def _domain(company: dict[str, Any]) -> str:
    # RFC 2606 keeps `.example` for this: no such address ever reaches a person.
    return f"{company['id']}.example"


def _ascii(name: str) -> str:
    plain = name.replace("ß", "ss").replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    return "".join(character for character in folded if character.isalnum())


def _csv(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def main() -> None:
    """Write the sample's files beside this one."""
    words = vocabulary()
    (_HERE / "companies.csv").write_bytes(companies_csv(words))
    # Without a time stamp, so that the same people are the same file.
    (_HERE / "people.csv.gz").write_bytes(gzip.compress(people_csv(words), 9, mtime=0))


if __name__ == "__main__":
    main()
