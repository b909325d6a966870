"""Traits, the rank that counts and the second function: kinds of titles, not single ones."""

import pytest

from bg_orchestration.domain.model import Trait
from bg_orchestration.domain.titles.title_reader import read_title

TITLES: dict[Trait, list[str]] = {
    "silent": [
        "", "-", "N/A", "n/a", "none", "Open to work", "Member of staff", "Employee", "Mitarbeiter",
        "En recherche d'emploi", "En búsqueda activa", "In cerca di lavoro", "Werkzoekend",
        "Em transição de carreira", "Aspiring CFO", "Looking for CFO roles",
    ],
    "gone": [
        "Ex-CFO", "Former CEO", "CEO (former)", "CEO (until 2023)", "CFO, retired", "Retired",
        "Geschäftsführer a. D.", "Director in Elternzeit", "HR Director (on maternity leave)",
        "Ancien PDG", "Directrice en congé parental", "Jubilado", "In pensione", "Aposentado",
        "Met pensioen", "Alumni",
    ],
    "outside": [
        "Investor & Board Member", "Non-Executive Director", "Trustee", "Chair of Trustees",
        "Advisory Board Member", "Management Consultant", "Freelance Designer", "External Auditor",
        "Mitglied des Aufsichtsrats", "Beirat", "Unternehmensberaterin", "Wirtschaftsprüfer",
        "Conseiller municipal", "Commissaire aux comptes", "Concejal de Hacienda",
        "Consejera independiente", "Sindaco effettivo", "Sindaco revisore", "Raadslid",
        "Amministratore indipendente", "Libero professionista",
        "Lid Raad van Commissarissen", "Vereadora", "Conselheiro fiscal",
    ],
    "learner": [
        "Founder's Associate", "Intern, Founder's Office", "CEO Intern", "QA Student Assistant",
        "Werkstudentin Founders Office", "Auszubildender", "Stagiaire achats", "Alternante RH",
        "Stage - Assistant contrôle de gestion", "Becaria de marketing", "Apprendista HR",
        "Tirocinante", "Stagiair communicatie", "Estagiária de RH", "Jovem Aprendiz",
    ],
    "gatekeeper": [
        "Executive Assistant to the CEO", "Receptionist", "Front Desk", "Switchboard Operator",
        "Vorstandsassistentin", "Assistentin der Geschäftsführung", "Sekretärin",
        "Assistante de direction", "Standardiste", "Asistente de dirección", "Recepcionista",
        "Segretaria", "Assistente di direzione", "Directiesecretaresse", "Telefoniste",
        "Secretária executiva",
    ],
    "deputy": [
        "Deputy CISO", "Vice Principal", "Assistant Store Manager", "Associate Director of Sales",
        "Stellv. Leiterin Beschaffung", "Directeur adjoint", "Sous-directrice des achats",
        "Subdirectora de Finanzas", "Director adjunto", "Vice Direttore HR", "Vicedirettrice",
        "Plaatsvervangend hoofd ICT", "Adjunct-directeur", "Subgerente de Compras",
        "Diretor adjunto",
    ],
    "part": [
        "Head of Sales EMEA", "RVP East", "Regional Sales Director", "Country Manager Germany",
        "Director Security Compliance", "Marketing Operations Manager", "Leiter Vertrieb Süd",
        "Directeur régional des ventes", "Gerente de Ventas Zona Norte", "Direttore Vendite Italia",
        "Regiodirecteur", "Gerente Regional de Vendas",
    ],
    "process": [
        "Sales Operations Manager", "Revenue Operations Lead", "Salesforce Administrator",
        "Learning Systems Manager", "Process Owner Order-to-Cash", "CMIO", "Responsable SIRH",
        "Prozessmanagerin", "Applicatiebeheerder", "Responsable de procesos",
    ],
    "employee_representative": [
        "Works Council Chair", "Betriebsratsvorsitzende", "Personalrat", "Élu CSE",
        "Délégué syndical", "Delegado sindical", "Delegato RSU", "Voorzitter ondernemingsraad",
        "Comissão de Trabalhadores",
    ],
    "data_protection": [
        "Data Protection Officer", "Datenschutzbeauftragte", "Délégué à la protection des données",
        "Delegado de Protección de Datos", "Responsabile Protezione Dati (DPO)",
        "Functionaris gegevensbescherming", "Encarregado de Dados (DPO)",
    ],
    "public_buyer": [
        "Leiter der Vergabestelle", "Responsable de la commande publique", "Pregoeira",
        "Jefa del Servicio de Contratación", "Responsabile Ufficio Gare", "Adviseur aanbestedingen",
    ],
    "runs_company": [
        "CEO", "Founder & CTO", "President & COO", "General Manager", "Executive Director",
        "Managing Partner", "Practice Manager", "Town Manager", "Museum Director", "Mayor",
        "Geschäftsführerin", "Oberbürgermeister", "Vorstandsvorsitzender", "Gérant", "PDG",
        "Directrice générale des services", "Gerente", "Consejera delegada", "Director general",
        "Amministratrice delegata", "Titolare", "Algemeen directeur", "DGA", "Gemeentesecretaris",
        "Lid Raad van Bestuur", "Sócio-gerente", "Presidente executivo",
    ],
    "chief_of_staff": [
        "Chief of Staff", "Chief of Staff to the CEO", "Directrice de cabinet", "Jefe de gabinete",
        "Chefe de gabinete", "Capo di gabinetto",
    ],
    "prospecting": [
        "Business Development Representative", "SDR", "Head of Partnerships",
        "Responsable développement commercial", "Neukundenmanagerin", "Desarrollo de Negocio",
    ],
    "account_keeper": [
        "Key Account Manager", "Customer Success Manager", "Responsable grands comptes",
        "Relatiebeheerder", "Gerente de Cuentas", "Gerente de contas",
    ],
    "front_line": [
        "Account Executive", "Nurse", "Lehrerin", "Bank Teller", "Lkw-Fahrer", "Bottling Operator",
        "Vendeuse", "Infirmière", "Enfermera", "Cajero", "Docente", "Magazziniere", "Verkoper",
        "Verpleegkundige", "Accountmanager", "Motorista", "Atendente", "Customer Support Agent",
    ],
}  # fmt: skip

WITHOUT: dict[Trait, list[str]] = {
    "silent": [
        "Senior Accountant | Open to work", "Staff Accountant", "Team Lead", "Mitarbeiter HR",
    ],
    "gone": ["Absence and Leave Manager", "CEO, ex-Google", "Alumni Relations Manager"],
    "outside": [
        "CEO, Founder & Investor", "Chairman & CEO", "Board Member & CFO", "HR Consultant",
        "Investor Relations Manager", "Interim CFO (freelance)", "Fractional CFO", "Sindaco",
        "External Communications Manager",
    ],
    "learner": [
        "Internal Auditor", "Trainer", "Dean of Students", "Graduate Recruiter", "Junior Buyer",
        "Internship Program Manager", "Ausbildungsleiter", "Stage Technician",
    ],
    "gatekeeper": [
        "Chief of Staff", "HR Assistant", "Front Office Manager", "Company Secretary",
        "Secrétaire Général", "Secrétaire médicale", "Generalsekretär", "Gemeentesecretaris",
    ],
    "deputy": ["Vice President Sales", "Interim CFO", "Associate Professor", "Sales Associate"],
    "part": ["Global Head of Sales", "Head of Sales", "Group CFO", "Head of Legal & Compliance"],
    "process": ["Director of Operations", "Chief Data Officer", "Data Analyst", "CFO"],
    "runs_company": [
        "Managing Director Sales", "Product Owner", "Founder's Associate", "Jefe de Ventas",
        "Gerente de Tienda", "Vice President Sales", "Assistant to the CEO", "Board Member",
    ],
    "front_line": ["Head of Customer Support", "Director of Nursing", "Call Center Manager"],
}  # fmt: skip


def _cases(titles: dict[Trait, list[str]]) -> list[tuple[Trait, str]]:
    return [(trait, title) for trait, each in titles.items() for title in each]


@pytest.mark.parametrize(("trait", "title"), _cases(TITLES))
def test_a_title_says_the_trait(trait: Trait, title: str) -> None:
    assert trait in read_title(title).traits


@pytest.mark.parametrize(("trait", "title"), _cases(WITHOUT))
def test_a_look_alike_does_not_say_the_trait(trait: Trait, title: str) -> None:
    assert trait not in read_title(title).traits


def test_a_title_that_says_nothing_stays_silent_in_any_department() -> None:
    assert "silent" in read_title("-", "Finance").traits
    assert "silent" in read_title("Employee", "Finance").traits


@pytest.mark.parametrize("title", TITLES["deputy"])
def test_a_deputy_counts_one_rank_lower_and_keeps_the_label(title: str) -> None:
    reading = read_title(title)
    assert (reading.seniority, reading.rank) in {
        ("c_suite", "vp"), ("vp", "director"), ("director", "manager"), ("manager", "senior")
    }  # fmt: skip


@pytest.mark.parametrize(
    "title",
    [
        "Interim CFO", "Acting CISO", "Fractional CMO", "Kommissarischer Leiter IT",
        "DRH par intérim", "Director de TI en funciones", "Waarnemend directeur", "CFO",
    ],
)  # fmt: skip
def test_an_interim_head_counts_fully(title: str) -> None:
    reading = read_title(title)
    assert reading.rank == reading.seniority
    assert "deputy" not in reading.traits


@pytest.mark.parametrize(
    ("title", "rank"),
    [
        ("Prokurist", "individual"),
        ("Coordenadora de RH", "manager"),
        ("Coordinador de Compras", "manager"),
        ("Jefa del Servicio de Contratación", "director"),
        ("RSSI", "director"),
        ("Gerente", "c_suite"),
        ("Gerente de Tienda", "manager"),
        ("Deputy Head of IT and CISO", "c_suite"),
    ],
)
def test_a_word_counts_otherwise_than_its_label(title: str, rank: str) -> None:
    assert read_title(title).rank == rank


@pytest.mark.parametrize(
    ("title", "first", "second"),
    [
        ("Supply Chain & Purchasing Manager", "operations", "procurement"),
        ("Leiter Vertrieb und Einkauf", "sales", "procurement"),
        ("Einkauf/Logistik Leiter", "procurement", "operations"),
        ("Directeur commercial et marketing", "sales", "marketing"),
        ("Director de Compras y Logística", "procurement", "operations"),
        ("Responsabile vendite e acquisti", "sales", "procurement"),
        ("Manager Inkoop en Logistiek", "procurement", "operations"),
        ("Coordenador de Compras e Logística", "procurement", "operations"),
        ("Finance, HR and Legal Director", "finance", "hr"),
        ("Finance + HR Director", "finance", "hr"),
        ("CFO & COO", "finance", "operations"),
        ("VP Sales, Head of Marketing", "sales", "marketing"),
        ("HR Tech Sales Manager", "sales", None),
        ("Sales Engineer", "sales", None),
        ("Product Manager, Security", "product", None),
        ("Director of Sales", "sales", None),
    ],
)
def test_equal_functions_are_both_kept(title: str, first: str, second: str | None) -> None:
    reading = read_title(title)
    assert (reading.function, reading.second_function) == (first, second)


@pytest.mark.parametrize(
    ("title", "function"),
    [
        ("Cybersecurity Account Executive", "sales"),
        ("Sales Director Security Products", "sales"),
        ("Security Product Marketer", "marketing"),
        ("Vertriebsmitarbeiter IT-Security", "sales"),
        ("Ingénieur commercial cybersécurité", "sales"),
        ("Director Detection and Response", "security"),
        ("Data Center Sales Specialist", "sales"),
        ("Head of Security Sales", "sales"),
        ("Head of Security Products Sales", "sales"),
        ("Head of Data Products Marketing", "marketing"),
        ("VP IT Services Sales", "sales"),
        ("Leiter Vertrieb HR-Software", "sales"),
        ("Directeur des ventes de logiciels RH", "sales"),
        ("Director de Ventas Soluciones de Seguridad", "sales"),
        # Only a product is sold: these work for the first function.
        ("Head of IT, Sales", "it"),
        ("Head of Data, Marketing", "data"),
        ("Sales Data Analyst", "data"),
        ("Marketing Data Manager", "data"),
        ("Sales IT Business Partner", "it"),
    ],
)
def test_what_a_seller_sells_is_not_the_function(title: str, function: str) -> None:
    assert read_title(title).function == function


@pytest.mark.parametrize(
    ("title", "function"),
    [
        ("Jefe de Operaciones de Soporte", "support"),
        ("Responsable de Operaciones de Ventas", "sales"),
        ("Responsable opérations commerciales", "sales"),
        ("Directrice des opérations marketing", "marketing"),
        ("Gerente de Operações de Vendas", "sales"),
        ("Hoofd Sales Operations", "sales"),
    ],
)
def test_the_operations_of_a_function_are_a_process_of_it(title: str, function: str) -> None:
    reading = read_title(title)
    assert reading.function == function
    assert "process" in reading.traits


@pytest.mark.parametrize(
    ("title", "function"),
    [
        ("CRO (Chief Risk Officer)", "finance"),
        ("CPO, Chief People Officer", "hr"),
        ("CIO (Chief Investment Officer)", "finance"),
        ("CMO (Chief Medical Officer)", "healthcare"),
        ("Chief Procurement Officer (CPO)", "procurement"),
        ("CRO / Chief Revenue Officer", "sales"),
        ("CRO", "sales"),
    ],
)
def test_what_is_spelled_out_beats_an_abbreviation(title: str, function: str) -> None:
    assert read_title(title).function == function


def test_a_department_decides_for_an_ambiguous_abbreviation() -> None:
    assert read_title("CPO", "Human Resources").function == "hr"
    assert read_title("CFO", "Human Resources").function == "finance"


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        ("PRES", "c_suite"), ("PRES/TREAS", "c_suite"), ("MD", "c_suite"), ("GM", "director"),
        ("Mng. Director", "c_suite"), ("Gen. Mgr.", "director"), ("Fin. Dir.", "director"),
        ("EXEC VP", "vp"), ("Exec. Dir.", "director"), ("Resp. Acquisti", "manager"),
        ("Recruiting a CFO", "individual"), ("Future CEO", "individual"),
        ("Advisory Board Member", "individual"), ("Office Manager to CEO", "manager"),
        ("Sales Manager reporting to VP Sales", "manager"), ("Cardiologist, MD", "individual"),
    ],
)  # fmt: skip
def test_offices_are_read_where_somebody_holds_them(title: str, seniority: str) -> None:
    assert read_title(title).seniority == seniority


HEADS = [
    "Head of Finance", "Leiter Einkauf", "Directeur des achats", "Director de Compras",
    "Direttore Acquisti", "Hoofd Inkoop", "Diretor de Compras", "Deputy CFO", "RVP East",
    "Supply Chain & Purchasing Manager", "Vice Direttore HR", "Betriebsratsvorsitzender",
]  # fmt: skip


@pytest.mark.parametrize("title", HEADS)
@pytest.mark.parametrize(
    "noise",
    [
        "{} (we're hiring!)", "{} | We're hiring 🚀", "{} (she/her)", "{} (m/w/d)", "  {}  ", "{}.",
        "🎉 {}", "{} (Remote)", "{} [H/F]", "{} ✅", "{} — 🌍",
    ],
)  # fmt: skip
def test_noise_changes_nothing(title: str, noise: str) -> None:
    assert read_title(noise.format(title)) == read_title(title)


@pytest.mark.parametrize("title", HEADS)
def test_case_and_accents_change_nothing(title: str) -> None:
    assert read_title(title.upper()) == read_title(title.lower()) == read_title(title)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Directrice des achats", "Directeur des achats"),
        ("Directeur/Directrice des achats", "Directeur des achats"),
        ("Directeur(trice) des achats", "Directeur des achats"),
        ("Responsable des achats H/F", "Responsable des achats"),
        ("Leiterin Einkauf", "Leiter Einkauf"),
        ("Leiter:in Einkauf", "Leiter Einkauf"),
        ("Leiter*in Einkauf", "Leiter Einkauf"),
        ("LeiterIn Einkauf", "Leiter Einkauf"),
        ("Leiter/-in Einkauf", "Leiter Einkauf"),
        ("Directora de Compras", "Director de Compras"),
        ("Director/a de Compras", "Director de Compras"),
        ("Director(a) de Compras", "Director de Compras"),
        ("Técnic@ de Compras", "Técnico de Compras"),
        ("Direttrice Acquisti", "Direttore Acquisti"),
        ("Addetto/a Acquisti", "Addetto Acquisti"),
        ("Directrice Inkoop", "Directeur Inkoop"),
        ("Diretor(a) de Compras", "Diretor de Compras"),
        ("Diretora de Compras", "Diretor de Compras"),
        ("Secrétaire générale", "Secrétaire général"),
        ("Secretaire General", "Secrétaire général"),
    ],
)
def test_forms_of_gender_and_missing_accents_change_nothing(written: str, plain: str) -> None:
    assert read_title(written) == read_title(plain)
