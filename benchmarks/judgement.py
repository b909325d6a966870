"""How fast 100,000 people of one company are scored and seated, against naive substring rules.

Both judge the same invented rows in the same process, in turn: titles of a skewed distribution over
some thousands of distinct ones, a department for half of them, a start for two thirds of the
people, in the order of ids as the database gives them. Ours reads the titles anew in every turn.
The naive loop lowers each title, looks for some sixty words in it to find rank, function and role,
adds up a score and keeps the best. Memory is the peak of a process of its own that holds the rows
and judges them once. `python -m benchmarks.judgement --people 100000`.
"""

import argparse
import csv
import gc
import itertools
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import BuyerGroup, Company, Person
from bg_orchestration.domain.titles.title_reader import read_title
from bg_orchestration.profiles import load_policy

_TITLES = Path(__file__).parents[1] / "bg_orchestration_tests" / "data" / "titles_dev.csv"
_RANKS = ("", "Senior", "Lead", "Head of", "Director of", "VP", "Junior", "Principal")
_FIELDS = (
    "Sales", "Marketing", "Software Engineering", "IT Operations", "Finance", "Human Resources",
    "Procurement", "Legal Affairs", "Customer Success", "Data Analytics", "Product", "Logistics",
    "Information Security", "Quality", "Accounting", "Business Development", "Facilities", "Design",
)  # fmt: skip
_PLACES = ("", ", EMEA", ", DACH", " - North", " (APAC)", ", Region 7", " | Hamburg", ", Americas")
_DEPARTMENTS = (None, None, None, None, "Sales", "Engineering", "Finance", "Operations", "HR")
_PROFILE = SellerProfile(id="bench", category="crm", deal_size_usd=500_000)

_SENIORITY = {
    100: ("founder", "owner", "ceo", "cto", "cfo", "coo", "cio", "cmo", "chief", "president"),
    80: ("vp", "vice president", "svp", "evp"),
    60: ("director", "head"),
    40: ("manager", "lead", "supervisor"),
    20: ("senior", "principal", "staff"),
    0: ("intern", "trainee", "junior", "assistant"),
}
_FUNCTION = {
    "sales": ("sales", "account", "revenue", "business development"),
    "marketing": ("marketing", "brand", "content", "growth"),
    "engineering": ("engineer", "developer", "software", "architect"),
    "it": ("it ", "systems", "network", "infrastructure"),
    "finance": ("finance", "accounting", "controller", "treasury"),
    "hr": ("hr", "human resources", "talent", "people", "recruit"),
    "legal": ("legal", "counsel", "compliance", "privacy"),
    "security": ("security", "risk"),
    "procurement": ("procurement", "purchasing", "sourcing", "buyer"),
}
_BLOCKING = frozenset({"finance", "legal", "security", "procurement"})


def naive(people: Sequence[Person]) -> list[tuple[int, str, str]]:
    """Score and role of everybody by words that the title contains, the best first."""
    found = []
    for person in people:
        title = person.title.lower()
        score, function = 10, "other"
        for points, words in _SENIORITY.items():
            if any(word in title for word in words):
                score = points
                break
        for name, words in _FUNCTION.items():
            if any(word in title for word in words):
                function = name
                break
        if function == "sales":
            score += 50
        role = "decision" if score >= 100 else "blocker" if function in _BLOCKING else "stakeholder"
        found.append((-score, person.person_id, role))
    return sorted(found)[:18]


def ours(people: Sequence[Person]) -> BuyerGroup:
    """The group, with every title read for the first time."""
    read_title.cache_clear()
    company = Company(company_id="bench", name="Example", employee_count=len(people))
    policy = load_policy()
    return assign(company, score_people(company, people, [_PROFILE], policy), _PROFILE, policy)


def invent(number: int, seed: int = 7) -> list[Person]:
    """People with titles as skewed as a real company's: a few stand for most."""
    chance = random.Random(seed)
    with _TITLES.open(encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    made = itertools.product(_RANKS, _FIELDS, _PLACES)
    titles += [f"{rank} {field}{place}".strip() for rank, field, place in made]
    chance.shuffle(titles)
    departments = {title: chance.choice(_DEPARTMENTS) for title in titles}
    weights = [1 / (place + 20) for place in range(len(titles))]
    return [
        Person(
            person_id=f"p{row:06}",
            name=f"Example {row}",
            title=title,
            department=departments[title],
            started_on=f"{chance.randrange(2005, 2026)}-{chance.randrange(1, 13):02}"
            if chance.random() < 2 / 3
            else None,
        )
        for row, title in enumerate(chance.choices(titles, weights, k=number))
    ]


def _seconds(judge: Callable[[Sequence[Person]], object], people: Sequence[Person]) -> float:
    gc.collect()
    began = time.process_time()
    judge(people)
    return time.process_time() - began


def _spread(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.3f} s ({min(seconds):.3f} to {max(seconds):.3f})"


def _peak_megabytes(people: int) -> int:
    command = [sys.executable, "-m", "benchmarks.judgement", "--peak", "--people", str(people)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--peak", action="store_true", help="judge once and print the peak memory")
    options = parser.parse_args()
    people = invent(options.people)
    if options.peak:
        ours(people)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return
    first = _seconds(ours, people)
    times: dict[str, list[float]] = {"naive": [], "ours": []}
    for _ in range(options.repeats):
        times["naive"].append(_seconds(naive, people))
        times["ours"].append(_seconds(ours, people))
    ratio = statistics.median(times["ours"]) / statistics.median(times["naive"])
    titles = len({person.title for person in people})
    print(f"{len(people):,} people, {titles:,} distinct titles, {options.repeats} turns, CPU time")
    print(f"naive substring rules  {_spread(times['naive'])}")
    print(f"scored and seated      {_spread(times['ours'])}; the very first turn {first:.3f} s")
    print(f"ratio                  {ratio:.2f}")
    print(f"peak memory            {_peak_megabytes(options.people)} MB, rows and Python included")


if __name__ == "__main__":
    main()
