"""Ten invented companies, read as somebody who sells to them would."""

from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration_tests.domain.people import group_of, titles_in

SECURITY = SellerProfile(id="security", category="security", deal_size_usd=120_000)
HR = SellerProfile(id="hr", category="hr", deal_size_usd=30_000)
DEVTOOLS = SellerProfile(id="devtools", category="devtools", deal_size_usd=40_000)


def test_a_craftsman_alone() -> None:
    group = group_of(["Inhaber"])
    assert titles_in(group, "decision") == ["Inhaber"]
    assert (len(group.members), group.size_range, group.gaps) == (1, (1, 1), ())


def test_a_startup_of_twelve() -> None:
    group = group_of(
        ["Founder & CEO", "Co-Founder & CTO", "Account Executive", "Account Executive",
         "Software Engineer", "Software Engineer", "Product Designer", "Office Manager",
         "Marketing Manager", "Senior Software Engineer", "Data Scientist", "Working Student"]
    )  # fmt: skip
    assert titles_in(group, "decision") == ["Founder & CEO"]
    assert titles_in(group, "champion") == ["Marketing Manager"]
    assert len(group.members) <= 4
    assert group.gaps == ()


def test_a_german_machine_builder_of_180() -> None:
    group = group_of(
        ["Geschäftsführender Gesellschafter", "Kaufmännischer Leiter", "Vertriebsleiter",
         "Gebietsverkaufsleiter Nord", "Vertriebsmitarbeiter Innendienst", "Marketingleiterin",
         "Einkaufsleiter", "Konstrukteur", "Produktionsleiter", "Personalreferentin", "IT-Leiter",
         "Assistenz der Geschäftsleitung", "Auszubildende Industriekauffrau", "Buchhalterin"],
        180,
    )  # fmt: skip
    assert "Vertriebsleiter" in titles_in(group, "decision")
    assert set(titles_in(group, "introducer")) == {
        "Geschäftsführender Gesellschafter", "Assistenz der Geschäftsleitung"
    }  # fmt: skip
    assert set(titles_in(group, "blocker")) == {"Einkaufsleiter", "Kaufmännischer Leiter"}
    assert "Konstrukteur" not in {member.title for member in group.members}
    assert "Personalreferentin" not in {member.title for member in group.members}
    assert 5 <= len(group.members) <= 11


def test_a_bank_of_20_000_buys_security() -> None:
    group = group_of(
        ["CEO", "CFO", "CIO", "CISO", "Deputy CISO", "VP Information Security", "VP Cyber Defense",
         "Director Security Operations", "Security Architect", "Security Engineer",
         "Senior Security Analyst", "IT Director", "VP Infrastructure", "Network Engineer",
         "General Counsel", "Data Protection Officer", "Chief Procurement Officer",
         "Vendor Manager", "VP Sales", "Marketing Director", "Branch Manager", "Teller",
         "VP Engineering", "Data Architect", "Executive Assistant to the CIO", "Controller"],
        20_000, SECURITY,
    )  # fmt: skip
    decision = titles_in(group, "decision")
    assert len(decision) == 3
    assert "CEO" not in decision
    assert set(decision) <= {
        "CISO", "Deputy CISO", "VP Information Security", "VP Cyber Defense",
        "Director Security Operations",
    }  # fmt: skip
    assert {"General Counsel", "Chief Procurement Officer"} <= set(titles_in(group, "blocker"))
    assert not {"VP Sales", "Marketing Director", "Teller"} & {m.title for m in group.members}
    assert 12 <= len(group.members) <= 18
    assert group.completeness == 1.0


def test_a_hospital_of_3_000_buys_hr_software() -> None:
    group = group_of(
        ["Chief Medical Officer", "Chief Nursing Officer", "Surgeon", "Staff Nurse", "HR Director",
         "HR Business Partner", "Recruiter", "Payroll Manager", "Compliance Officer", "Pharmacist"],
        3_000, HR,
    )  # fmt: skip
    assert titles_in(group, "decision") == ["HR Director"]
    assert set(titles_in(group, "champion")) == {
        "Payroll Manager", "HR Business Partner", "Recruiter"
    }  # fmt: skip
    assert set(titles_in(group, "blocker")) == {"Compliance Officer"}
    assert not {"Surgeon", "Chief Medical Officer"} & {m.title for m in group.members}


def test_a_software_house_of_400_buys_devtools() -> None:
    group = group_of(
        ["CEO", "CTO", "VP Engineering", "Engineering Manager", "Staff Engineer", "DevOps Engineer",
         "Head of Product", "VP Sales", "Head of Security", "Legal Counsel", "Data Engineer"],
        400, DEVTOOLS,
    )  # fmt: skip
    assert set(titles_in(group, "decision")) == {"CTO", "VP Engineering"}
    assert titles_in(group, "champion")[0] == "Engineering Manager"
    assert set(titles_in(group, "blocker")) == {"Head of Security", "Legal Counsel"}
    assert "VP Sales" not in {member.title for member in group.members}


def test_a_school_without_a_sales_team() -> None:
    group = group_of(["School Principal", "Math Teacher", "Librarian", "School Nurse"], 90)
    assert group.members == ()
    assert group.gaps[0].look_for.startswith("no decision maker known")


def test_a_french_retailer_of_700() -> None:
    group = group_of(
        ["PDG", "Directrice commerciale", "Chef des ventes", "Responsable marketing", "Acheteur",
         "Directeur juridique", "Directeur administratif et financier", "Vendeur", "Stagiaire"],
        700,
    )  # fmt: skip
    assert titles_in(group, "decision") == ["Directrice commerciale"]
    assert "Chef des ventes" in titles_in(group, "champion")
    assert set(titles_in(group, "blocker")) == {
        "Acheteur", "Directeur juridique", "Directeur administratif et financier"
    }  # fmt: skip
    assert titles_in(group, "introducer") == ["PDG"]


def test_a_spanish_agency_of_60_without_a_head_of_sales() -> None:
    group = group_of(
        ["Director general", "Directora creativa", "Ejecutivo de cuentas", "Diseñadora gráfica",
         "Responsable de marketing", "Contable"],
        60,
    )  # fmt: skip
    assert titles_in(group, "decision") == ["Director general"]
    assert any("no head of sales" in reason for reason in group.members[0].reasons)
    assert titles_in(group, "champion") == ["Responsable de marketing", "Ejecutivo de cuentas"]


def test_a_conglomerate_of_which_only_its_board_is_known() -> None:
    group = group_of(["President", "Chairman", "CFO", "COO", "General Counsel"], 150_000)
    assert titles_in(group, "decision") == []
    (gap,) = [gap for gap in group.gaps if gap.need == "decision"]
    assert gap.look_for == (
        "no decision maker known; look for a Director of Sales, VP Sales or Chief Revenue Officer"
    )
    assert "President" not in {member.title for member in group.members}
