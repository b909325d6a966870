"""Labelled companies, and what a judged group has wrong of one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import BuyerGroup, Company, Person

DATA = Path(__file__).parents[2] / "data"
Case = dict[str, Any]


def cases_in(name: str) -> list[Case]:
    """Return the cases of a file in `data`, or of any path."""
    cases: list[Case] = json.loads((DATA / name).read_text(encoding="utf-8"))["cases"]
    return cases


def group_of_case(case: Case, policy: Policy) -> BuyerGroup:
    """Return the group that is judged for a case."""
    product = case["product"]
    profile = SellerProfile(
        id="case",
        category=product["category"],
        target_departments=tuple(product["target_departments"]),
        deal_size_usd=product["deal_size"],
    )
    company = Company(
        company_id="case",
        name="Case",
        employee_count=case["company_size"],
        industry=case.get("industry"),
        country=case.get("country"),
    )
    people = [
        Person(
            person_id=row["id"],
            name=row.get("name", ""),
            title=row["title"],
            department=row.get("department"),
        )
        for row in case["people"]
    ]
    return assign(company, score_people(company, people, [profile], policy), profile, policy)


def predicates(case: Case, group: BuyerGroup) -> Iterator[tuple[str, bool]]:
    """Return each expectation of a case in words, and whether the group meets it."""
    expected = case["expected"]
    roles: dict[str, str] = {member.person_id: member.role for member in group.members}
    for each in expected.get("must_include", ()):
        person, allowed = each["person"], each["role"]
        yield f"{person} is {' or '.join(allowed)}", roles.get(person) in allowed
    for each in expected.get("at_least_one_of", ()):
        met = any(roles.get(person) in each["role"] for person in each["persons"])
        yield f"one of {each['persons']} is {' or '.join(each['role'])}", met
    for each in expected.get("only_from", ()):
        holders = {person for person, role in roles.items() if role == each["role"]}
        yield f"{each['role']} only from {each['persons']}", holders <= {*each["persons"]}
    for each in expected.get("must_not_have_role", ()):
        person = each["person"]
        yield f"{person} is not {' or '.join(each['role'])}", roles.get(person) not in each["role"]
    for person in expected.get("must_not_include", ()):
        yield f"{person} takes no part", person not in roles
    for role, limits in expected.get("role_count", {}).items():
        count = sum(held == role for held in roles.values())
        met = limits.get("min", 0) <= count <= limits.get("max", len(roles))
        yield f"{role}: {limits}", met
    if "size_max" in expected:
        yield f"at most {expected['size_max']} members", len(roles) <= expected["size_max"]


def leads_right(case: Case, group: BuyerGroup) -> bool:
    """Return whether all that a case says of decision and champion is met."""
    return all(
        met for words, met in predicates(case, group) if "decision" in words or "champion" in words
    )
