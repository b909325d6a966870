"""`bg assess`: from an export to a group, its reasons and its page. Everybody here is fictional."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bg_orchestration.cli import bg
from bg_orchestration.cli.assess import assess
from bg_orchestration.importing.people_file import read_people
from bg_orchestration.settings import settings

PEOPLE = """\
id,name,title,department,started_at
p1,Ada Example,Chief Information Security Officer,,2021-03
p2,Bao Example,Security Operations Manager,,2023-05
p3,Cleo Example,Senior Security Engineer,,2019
p4,Dana Example,Head of IT Infrastructure,,2020-02-01
p5,Elif Example,IT Manager,,2022
p6,Farid Example,Head of Procurement,,2018
p7,Greta Example,General Counsel,,2017
p8,Hugo Example,Vice President,Information Security,2020
p9,Ines Example,Sales Development Representative,,2024
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(assess, [str(each) for each in arguments], input=stdin)


def run_json(*arguments: object, stdin: str | bytes | None = None) -> Any:
    result = run(*arguments, "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def ids(group: Any) -> set[str]:
    return {member["person_id"] for member in group["members"]}


def test_a_group_for_programs_has_the_contract_s_keys(people: Path) -> None:
    group = run_json(people, "--profile", "security", "--company-size", 800)
    assert list(group)[:8] == [
        "company_size", "profile", "size", "completeness", "cohesion", "confidence", "missing",
        "members",
    ]  # fmt: skip
    assert (group["company_size"], group["profile"]) == (800, "security")
    assert group["size"] == len(group["members"]) > 3
    assert {type(each) for each in group["missing"]} <= {str}
    for member in group["members"]:
        assert list(member)[:7] == [
            "person_id", "title", "seniority", "function", "role", "score", "reasons"
        ]  # fmt: skip
        assert all(isinstance(reason, str) for reason in member["reasons"])
    first = group["members"][0]
    assert (first["person_id"], first["role"]) == ("p1", "decision")
    assert "p9" not in ids(group)


def test_a_title_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    path.write_text("title\nVP Sales\nNurse\n\nSales Manager\n")
    group = run_json(path, "--company-size", 300)
    roles = {member["person_id"]: member["role"] for member in group["members"]}
    assert roles["1"] == "decision"
    assert roles["3"] == "champion"
    assert "2" not in roles
    assert group["profile"] == "default"


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_exports_come_in_many_forms(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [["First Name", "Last Name", "Job Title", "Departments"], ["Zoë", "Example", "CISO", ""]]
    path = tmp_path / "export.csv"
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding=encoding)
    (member,) = run_json(path, "--profile", "security")["members"]
    assert (member["name"], member["title"]) == ("Zoë Example", "CISO")
    (piped,) = run_json("-", "--profile", "security", stdin=path.read_bytes())["members"]
    assert piped == member


def test_a_department_reads_a_bare_title(people: Path) -> None:
    explained = run_json(people, "--profile", "security", "--explain", "p8")
    assert (explained["seniority"], explained["function"]) == ("vp", "security")


def test_a_bank_s_vice_president_is_no_executive(people: Path) -> None:
    sold = ("--profile", "security", "--company-size", 2000, "--explain", "p8")
    assert run_json(people, *sold)["standing"] == "vp"
    assert run_json(people, *sold, "--industry", "Banking")["standing"] == "manager"


def test_rows_without_id_are_numbered_and_never_confused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,title\n,VP Sales\n1,Sales Manager\n,Sales Director\n")
    assert ids(run_json(path, "--company-size", 300)) == {"row-1", "1", "3"}


def test_who_stands_twice_takes_part_once(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,title\na,VP Sales\na,Nurse\nb,Sales Manager\n")
    group = run_json(path, "--company-size", 300)
    assert [member["person_id"] for member in group["members"]].count("a") == 1
    assert group["people_known"] == 2
    assert run_json(path, "--explain", "a")["title"] == "VP Sales"


def test_without_a_head_count_the_people_are_counted(people: Path) -> None:
    result = run(people, "--profile", "security", "--json")
    assert json.loads(result.stdout)["company_size"] == 9
    assert "the number of employees is unknown; judged by the people in the file as 9" in (
        result.stderr
    )
    assert "--company-size" in result.stderr
    assert not run(people, "--company-size", 9, "--json").stderr


def test_what_cannot_be_read_is_said_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "id,title,started_at\na,VP Sales,soon\nb,x,2020,too,many\nc,Sales Manager,1/2020\n"
    )
    result = run(path, "--company-size", 300, "--json")
    assert "1 start date ignored; the first: in line 2 of the file 'soon' is not a" in result.stderr
    assert "1 row left out; the first: row 2, in line 3 of the file, has 5 cells" in result.stderr
    assert ids(json.loads(result.stdout)) == {"a", "c"}


def test_an_empty_file_of_people_has_an_empty_group(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,title\n")
    group = run_json(path, "--company-size", 300)
    assert (group["size"], group["confidence"]) == (0, 0)
    assert group["missing"]
    assert run(path, "--html", tmp_path / "page.html").exit_code == 0


@pytest.mark.parametrize(
    ("text", "arguments", "code", "said"),
    [
        (
            "name,salary\nAda,3\n",
            (),
            1,
            "Rename the one that does to `title`. Columns: name, salary",
        ),
        ("", (), 1, "the file is empty"),
        (PEOPLE, ("--profile", "none.yaml"), 1, "none.yaml: cannot be read: No such file"),
        (PEOPLE, ("--company-size", "0"), 2, "x>=1"),
        (
            PEOPLE,
            ("--explain", "Nobody"),
            1,
            "No person here has the id, row number or name 'Nobody'",
        ),
        (PEOPLE, ("--html", "no/such/folder.html"), 1, "cannot be written"),
    ],
)
def test_wrong_use_says_what_to_do(
    tmp_path: Path, text: str, arguments: tuple[str, ...], code: int, said: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text)
    result = run(path, *arguments)
    assert result.exit_code == code
    assert said in result.stderr


def test_a_wrong_profile_stops_with_file_line_and_field(people: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("id: a\ncategory: crm\ndeal_size: 5\n")
    result = run(people, "--profile", tmp_path / "mine.yaml")
    assert result.exit_code == 1
    assert "mine.yaml:3: deal_size: no such field. Did you mean 'deal_size_usd'?" in result.stderr


def test_the_text_tells_roles_reasons_and_gaps(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,title\nAda Example,Sales Manager\nBao Example,Account Executive\n")
    text = " ".join(run(path, "--company-size", 800).stdout.split())
    assert "Champions" in text
    assert "Ada Example, Sales Manager" in text
    assert "Missing: no decision maker known; look for" in text
    assert "nearest: Ada Example" in text
    assert "confidence" in text


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,title\nAda \x1b]0;owned\x07Example,VP\x1b[2J Sales\n")
    text = run(path, "--company-size", 1).stdout
    assert "VP[2J Sales" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_a_member_is_explained(people: Path) -> None:
    explained = run_json(people, "--profile", "security", "--company-size", 800, "--explain", "p1")
    assert explained["role"] == "decision"
    assert explained["why"] == ["Chief officer of all security; signs any amount here"]
    weight = sum(part["weight"] for part in explained["parts"])
    total = sum(part["value"] * part["weight"] for part in explained["parts"]) / weight
    assert explained["score"] == pytest.approx(total, abs=1e-4)
    text = run(people, "--profile", "security", "--company-size", 800, "--explain", "p1").stdout
    assert text.startswith("Ada Example, Chief Information Security Officer\ndecision: ")


def test_who_has_nothing_to_do_with_it_is_told_so(people: Path) -> None:
    explained = run_json(people, "--profile", "security", "--company-size", 800, "--explain", "p9")
    assert explained["role"] is None
    assert explained["why"] == ["sales has no part in this purchase at this rank"]


def test_who_finds_no_seat_hears_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    managers = "".join(f"m{at},Person{at} Example,Sales Manager\n" for at in range(30))
    path.write_text("id,name,title\nvp,Ada Example,VP Sales\n" + managers)
    explained = run_json(path, "--company-size", 300, "--explain", "m9")
    assert explained["role"] is None
    assert "without the others they would be among the champions" in explained["why"][0]
    assert explained["why"][1] == "the rules put first: Person0 Example, Person1 Example"


def test_people_are_found_by_id_row_and_name(people: Path, tmp_path: Path) -> None:
    for wanted in ("p2", "2", "bao example"):
        assert run_json(people, "--explain", wanted)["person_id"] == "p2"
    (tmp_path / "twins.csv").write_text("id,name,title\na,Ada Example,CEO\nb,Ada Example,CFO\n")
    result = run(tmp_path / "twins.csv", "--explain", "Ada Example")
    assert result.exit_code == 1
    assert "2 people are called 'Ada Example'; name one by id: a, b" in result.stderr


def test_the_same_export_gives_the_same_answer_in_any_order(people: Path, tmp_path: Path) -> None:
    header, *rows = PEOPLE.splitlines()
    (tmp_path / "turned.csv").write_text("\n".join([header, *reversed(rows)]))
    sold = ("--profile", "security", "--company-size", 800)
    assert run_json(people, *sold) == run_json(tmp_path / "turned.csv", *sold)


def test_a_folder_called_like_an_example_does_not_hide_it(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "security").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run_json(people, "--profile", "security")["profile"] == "security"


def test_own_headers_and_policy_count(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = settings().home
    home.mkdir()
    (home / "headers.yaml").write_text("people:\n  title: [what they do]\n")
    (tmp_path / "odd.csv").write_text("what they do\nVP Sales\n")
    assert ids(run_json(tmp_path / "odd.csv", "--company-size", 300)) == {"1"}
    (tmp_path / "policy.yaml").write_text("companies: {}\n")
    monkeypatch.setenv("BG_PROFILES", str(tmp_path))
    settings.cache_clear()
    result = run(people)
    assert result.exit_code == 1
    assert "policy.yaml:1: " in result.stderr


def test_it_is_quick_and_leaves_nothing(tmp_path: Path) -> None:
    """The bound is the contract's two seconds, from the start of Python, with 1,000 people.

    Measured in processor time: this machine may have other work.
    """
    people = tmp_path / "people.csv"
    titles = ("Security Engineer", "IT Manager", "VP Sales", "Buyer", "Nurse", "Legal Counsel")
    rows = "".join(f"p{at},Person{at} Example,{titles[at % 6]} {at}\n" for at in range(1000))
    people.write_text("id,name,title\n" + rows)
    program = (
        "import atexit, sys\n"
        "heavy = lambda: {each.split('.')[0] for each in sys.modules}"
        " & {'dagster', 'sqlalchemy', 'jinja2', 'httpx', 'starlette'}\n"
        "atexit.register(lambda: print('heavy:', heavy(), file=sys.stderr))\n"
        "from bg_orchestration.cli.assess import assess\n"
        "assess()\n"
    )
    before = sorted(tmp_path.rglob("*"))
    began = _childrens_seconds()
    done = subprocess.run(
        [sys.executable, "-c", program, str(people), "--profile", "security"],
        capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert _childrens_seconds() - began < 2
    assert "heavy: set()" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def _childrens_seconds() -> float:
    """Processor time of the processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


SEVERAL = """name,title,company,domain
Ada Example,VP Sales,Acme Inc,acme.example
Ben Example,CFO,Acme,acme.example
Cy Example,VP Sales,Acme Inc,acme.test
Di Example,CEO,Beta GmbH,
El Example,CTO,Beta,
Fay Example,Sales Manager,,
"""


@pytest.mark.parametrize(
    ("company", "ids"),
    [("acme.example", "1 2 6"), ("ACME.TEST", "3 6"), ("beta", "4 5 6"), ("Beta GmbH", "4 5 6")],
)
def test_one_company_of_a_file_with_several_is_judged(
    tmp_path: Path, company: str, ids: str
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(SEVERAL)
    found = read_people(people, tmp_path / "none.yaml", company=company)
    assert [person.person_id for person in found.people] == ids.split()


def test_a_file_with_several_companies_is_refused_with_their_list(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(SEVERAL)
    for options in ([], ["--company", "gamma"]):
        result = CliRunner().invoke(bg, ["assess", str(people), *options])
        assert result.exit_code == 1
        assert "Choose one with --company: Acme Inc (2), Beta GmbH (2), Acme Inc (1)" in (
            result.output
        )
    result = CliRunner().invoke(bg, ["assess", str(people), "--company", "beta"])
    assert result.exit_code == 0
    words = " ".join(result.output.split())
    assert "number of employees unknown, judged as 3; 3 people known" in words


def test_a_new_job_is_new_as_of_the_newest_start_of_the_file(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("title,started_at\nVP Sales,2019-03\nCFO,2017-02\n")
    result = CliRunner().invoke(bg, ["assess", str(people), "--explain", "1"])
    assert "new in the job as of 2019-03, the newest start known" in " ".join(result.output.split())
