from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.changes import diff
from bg_orchestration.domain.model import ROLES, BuyerGroup, Change, ContactPoint, Group, Member


def member(person_id: str, role: str = "champion", title: str = "Buyer") -> Member:
    return Member.model_validate(
        {
            "person_id": person_id,
            "title": title,
            "seniority": "manager",
            "function": "sales",
            "role": role,
            "score": 0.5,
            "reasons": ["because"],
        }
    )


def group(members: list[Member], contacts: list[ContactPoint] | None = None) -> Group:
    judged = BuyerGroup(
        company_id="a",
        profile_id="crm",
        company_size=9,
        size_range=(1, 4),
        members=tuple(members),
    )
    return Group(group=judged, contacts=tuple(contacts or ()))


def email(person_id: str, value: str, status: str | None = None) -> ContactPoint:
    return ContactPoint(
        person_id=person_id, kind="email", value=value, source="sample", status=status
    )


members = st.builds(
    member,
    st.sampled_from(["p1", "p2", "p3", "p4"]),
    st.sampled_from(ROLES),
    st.sampled_from(["Buyer", "Director", ""]),
)
groups = st.builds(
    group,
    st.lists(members, max_size=4, unique_by=lambda each: each.person_id),
    st.lists(
        st.builds(email, st.sampled_from(["p1", "p2", "p9"]), st.sampled_from(["a@x", "b@x"])),
        max_size=4,
    ),
)


def applied(old: Group | None, changes: tuple[Change, ...]) -> dict[str, str]:
    """The role of each member after `changes`."""
    roles = {each.person_id: str(each.role) for each in old.group.members} if old else {}
    for change in changes:
        if change.kind in ("joined", "role_changed"):
            assert roles.get(change.person_id) == change.old
            roles[change.person_id] = str(change.new)
        elif change.kind == "left":
            assert roles.pop(change.person_id) == change.old
    return roles


@given(st.none() | groups, groups)
def test_the_changes_make_the_new_group_of_the_old(old: Group | None, new: Group) -> None:
    changes = diff(old, new)
    assert applied(old, changes) == {m.person_id: m.role for m in new.group.members}
    titles = {c.person_id: c.new for c in changes if c.kind == "title_changed"}
    before = {m.person_id: m.title for m in old.group.members} if old else {}
    for each in new.group.members:
        assert titles.get(each.person_id, before.get(each.person_id, each.title)) == each.title
    assert list(changes) == sorted(changes, key=lambda c: (c.person_id, c.kind))


@given(groups)
def test_nothing_changed_is_no_change(same: Group) -> None:
    assert diff(same, same) == ()
    turned = Group(group=same.group, contacts=tuple(reversed(same.contacts)))
    assert diff(same, turned) == ()


def test_a_first_group_is_all_joins() -> None:
    assert diff(None, group([member("p2"), member("p1", "decision")])) == (
        Change(person_id="p1", kind="joined", new="decision"),
        Change(person_id="p2", kind="joined", new="champion"),
    )


def test_only_a_member_who_stays_has_changed_contacts() -> None:
    old = group([member("p1"), member("p2")], [email("p1", "a@x"), email("p2", "a@x")])
    new = group([member("p1"), member("p3")], [email("p1", "b@x"), email("p3", "c@x")])
    assert diff(old, new) == (
        Change(person_id="p1", kind="contact_changed"),
        Change(person_id="p2", kind="left", old="champion"),
        Change(person_id="p3", kind="joined", new="champion"),
    )
    checked = group([member("p1"), member("p2")], [email("p1", "a@x", "valid"), email("p2", "a@x")])
    assert diff(old, checked) == (Change(person_id="p1", kind="contact_changed"),)


def test_scores_and_reasons_are_no_news() -> None:
    old = group([member("p1")])
    new = group([member("p1").model_copy(update={"score": 0.9, "reasons": ("else",)})])
    assert diff(old, new) == ()
