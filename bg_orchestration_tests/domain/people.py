"""Invented people for the tests of judgement, made from titles alone."""

from collections.abc import Sequence

from hypothesis import strategies as st

from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import BuyerGroup, Company, Person, Role
from bg_orchestration.profiles import load_policy

TITLES = """
    CEO; Founder & CEO; Co-Founder & CTO; CFO; COO; CMO; CIO; CISO; Chief Revenue Officer; CHRO
    VP Sales; VP Marketing; VP Engineering; VP Finance; VP People; VP Customer Success
    Director of Sales; Sales Manager; Account Executive; Senior Account Executive; Sales Intern
    Head of Marketing; Marketing Manager; Content Writer; Customer Success Manager
    Engineering Manager; Software Engineer; Senior Software Engineer; Data Scientist; IT Director
    Systems Administrator; Security Engineer; Head of Information Security; General Counsel
    Legal Counsel; Compliance Officer; Procurement Manager; Buyer; Controller; Finance Director
    HR Business Partner; Head of HR; Recruiter; Executive Assistant to the CEO; Receptionist
    Operations Manager; Warehouse Supervisor; Teacher; Nurse; Truck Driver; Vertriebsleiter
    Geschäftsführer; Einkaufsleiter; Werkstudent; Chairman; Product Manager; Designer; 🎉;
""".replace("\n", ";")
TITLE_LIST = [title.strip() for title in TITLES.split(";") if title.strip()]

POLICY = load_policy()
CRM = SellerProfile(id="crm", category="crm")
PROFILES = [
    CRM,
    SellerProfile(id="security", category="security", deal_size_usd=300_000),
    SellerProfile(id="hr", category="hr", deal_size_usd=4_000),
    SellerProfile(id="finance", category="finance"),
    SellerProfile(id="procurement", category="procurement"),
    SellerProfile(id="data", category="data"),
    SellerProfile(id="devtools", category="devtools", required_roles=("decision", "blocker")),
    SellerProfile(id="marketing", category="marketing", deal_size_usd=2_000_000),
    SellerProfile(id="education", category="education"),
    SellerProfile(id="drones", category="drones", target_departments=("operations",)),
]


def people_with(titles: Sequence[str]) -> list[Person]:
    return [
        Person(person_id=f"p{number:03}", name=f"Person {number}", title=title)
        for number, title in enumerate(titles)
    ]


def group_of(
    titles: Sequence[str], employees: int | None = None, profile: SellerProfile = CRM
) -> BuyerGroup:
    company = Company(company_id="example", name="Example", employee_count=employees)
    scored = score_people(company, people_with(titles), [profile], POLICY)
    return assign(company, scored, profile, POLICY)


def titles_in(group: BuyerGroup, role: Role) -> list[str]:
    return [member.title for member in group.members if member.role == role]


companies = st.tuples(
    st.lists(st.sampled_from(TITLE_LIST), max_size=40),
    st.none() | st.sampled_from([1, 3, 30, 49, 50, 200, 999, 1_000, 4_999, 5_000, 100_000]),
    st.sampled_from(PROFILES),
)
