"""The influence picture: everybody has a place of their own inside it."""

from itertools import combinations
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import RANKS, ROLES, BuyerGroup, Function, Member, Role
from bg_orchestration.report.picture import WIDTH, Node, influence_picture

SELLER = SellerProfile(id="security", category="security")
FUNCTIONS: tuple[Function, ...] = (
    "security", "it", "engineering", "executive", "admin", "legal", "procurement", "finance", "hr"
)  # fmt: skip


def member(number: int, role: Role, function: Function = "security", **facts: object) -> Member:
    given = {"title": "Title", "seniority": "director", "score": 0.5, "reasons": ("because",)}
    return Member.model_validate(
        {"person_id": f"p{number}", "role": role, "function": function, **given, **facts}
    )


def group(*members: Member) -> BuyerGroup:
    return BuyerGroup(
        company_id="x", profile_id="x", company_size=9_000, size_range=(12, 18), members=members
    )


def labels(of: BuyerGroup) -> dict[str, str]:
    return {each.person_id: f"Person {each.person_id} Example" for each in of.members}


@st.composite
def groups(draw: st.DrawFn) -> BuyerGroup:
    return group(
        *(
            member(
                number,
                draw(st.sampled_from(ROLES)),
                draw(st.sampled_from(FUNCTIONS)),
                seniority=draw(st.sampled_from(RANKS)),
                score=draw(st.floats(0, 1)),
            )
            for number in range(draw(st.integers(0, 18)))
        )
    )


@given(groups())
def test_nobody_stands_outside_or_on_somebody_else(one: BuyerGroup) -> None:
    picture = influence_picture(one, SELLER, labels(one))
    assert sorted(node.member.person_id for node in picture.nodes) == sorted(labels(one))
    for node in picture.nodes:
        assert node.r <= node.x <= WIDTH - node.r
        assert node.r <= node.y <= picture.height - node.r
        assert 0 < node.label_y < picture.height
    for a, b in combinations(picture.nodes, 2):
        assert hypot(a.x - b.x, a.y - b.y) >= a.r + b.r


@given(groups())
def test_decision_makers_stand_above_all_others(one: BuyerGroup) -> None:
    nodes = influence_picture(one, SELLER, labels(one)).nodes
    top = [node.y for node in nodes if node.member.role == "decision"]
    below = [node.y for node in nodes if node.member.role != "decision"]
    assert not top or not below or max(top) < min(below)


def test_who_weighs_more_is_larger_and_who_ranks_higher_stands_higher() -> None:
    one = group(
        member(1, "champion", seniority="vp", score=0.9),
        member(2, "champion", seniority="manager", score=0.3),
    )
    high, low = influence_picture(one, SELLER, labels(one)).nodes
    assert high.r > low.r
    assert high.y < low.y


def test_lines_lead_to_the_decision_makers_somebody_can_reach() -> None:
    one = group(
        member(1, "decision"),
        member(2, "decision", "it"),
        member(3, "champion"),
        member(4, "champion", "engineering"),
        member(5, "introducer", "executive"),
        member(6, "blocker", "legal"),
    )
    lines = influence_picture(one, SELLER, labels(one)).lines
    assert [(line.words, line.near) for line in lines] == [
        ("Person p3 Example can reach Person p1 Example", True),
        ("Person p4 Example can reach Person p1 Example", False),
        ("Person p4 Example can reach Person p2 Example", False),
        ("Person p5 Example can reach Person p1 Example", False),
        ("Person p5 Example can reach Person p2 Example", False),
    ]


def test_long_names_are_cut_to_their_place() -> None:
    one = group(*(member(at, "champion", title="T" * 200) for at in range(18)))
    long = {each.person_id: "Maximiliana-Anastasia " * 4 for each in one.members}
    nodes: tuple[Node, ...] = influence_picture(one, SELLER, long).nodes
    assert max(len(line) for node in nodes for line in node.label) < 20
    assert max(len(node.detail) for node in nodes) < 25
