"""Groups for the tests of the report. Everybody here is fictional."""

from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import Company, Person
from bg_orchestration.profiles import load_policy
from bg_orchestration.report.company_judgement import CompanyJudgement

SECURITY = SellerProfile(id="security", category="security", deal_size_usd=300_000)


def judged(
    titles: dict[str, str], employees: int | None, name: str = "Harbour Example"
) -> CompanyJudgement:
    """The judgement of people by name and title; a name has the same id in any order."""
    company = Company(company_id="harbour", name=name, employee_count=employees)
    people = [
        Person(person_id=f"p{sorted(titles).index(who)}", name=who, title=title)
        for who, title in titles.items()
    ]
    policy = load_policy()
    scored = score_people(company, people, [SECURITY], policy)
    return CompanyJudgement(
        company, SECURITY, policy, scored, assign(company, scored, SECURITY, policy)
    )
