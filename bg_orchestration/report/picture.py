"""The influence picture: place, weight and connections of each member.

A column is the part of a function in the purchase, the owners of the budget first. A row is a rank.
Decision makers stand at the top, whatever their rank. Lengths are units of the view box.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bg_orchestration.domain.judgement.job_reading import function_words
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import BuyerGroup, Function, Member, Role, Seniority

WIDTH = 1040
_LEFT = 104  # for the names of the bands
_TOP = 56  # for the names of the columns
_SEAT_HEIGHT = 98
_GAP = 14
_SEATS_ACROSS = 9
_SMALLEST, _LARGEST = 13.0, 27.0  # the radius at score 0 and 1
_APART = 128  # decision makers from each other
_ASIDE = 105  # as far as a curve must lean to clear a name
_LETTER, _SMALL_LETTER = 7.8, 5.9  # the width of one in a name and in a title

_BANDS: tuple[tuple[str, frozenset[Seniority]], ...] = (
    ("Owners", frozenset({"owner"})),
    ("Chief officers", frozenset({"c_suite"})),
    ("Vice presidents", frozenset({"vp"})),
    ("Directors", frozenset({"director"})),
    ("Managers", frozenset({"manager"})),
    ("Specialists", frozenset({"senior", "individual", "entry"})),
)
_DECIDE = "Decide"
_NAMES: dict[Function, str] = {"executive": "management", "admin": "administration"}


@dataclass(frozen=True, slots=True)
class Node:
    """A member in the picture; `x` and `y` are the middle of the sign, `r` is half its width."""

    member: Member
    x: float
    y: float
    r: float
    initials: str
    label: tuple[str, ...]
    detail: str

    @property
    def label_y(self) -> float:
        """The base line of the label's first line; decision makers have labels on top."""
        if self.member.role == "decision":
            return self.y - _LARGEST - 13 * (len(self.label) + bool(self.detail)) + 7
        return self.y + self.r + 14


@dataclass(frozen=True, slots=True)
class Line:
    """A connection to a decision maker; `near` within one function."""

    role: Role
    path: str
    near: bool
    words: str


@dataclass(frozen=True, slots=True)
class Band:
    """A row, from `start` down to `end`."""

    name: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Column:
    """A part in the purchase, with its functions here and its place."""

    name: str
    functions: str
    left: float
    width: float
    seats: int


@dataclass(frozen=True, slots=True)
class Picture:
    """All elements of the picture."""

    height: float
    bands: tuple[Band, ...]
    columns: tuple[Column, ...]
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]

    @property
    def has_decision_maker(self) -> bool:
        """Whether the picture has a decision maker."""
        return any(node.member.role == "decision" for node in self.nodes)


def influence_picture(
    group: BuyerGroup, profile: SellerProfile, labels: Mapping[str, str]
) -> Picture:
    """Place the members of `group`; `labels` has their names by id."""
    parts = _parts(group, profile)
    cells: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for part, functions in parts.items():
        for member in sorted(group.members, key=lambda each: functions.get(each.function, 0)):
            if member.function in functions:
                cells[_band(member), part].append(member)
    columns = _columns(parts, cells)
    deciding = [(each, column) for column in columns for each in cells[_DECIDE, column.name]]
    top = float(_TOP)
    bands = [Band(_DECIDE, top, top + _SEAT_HEIGHT)]
    nodes = list(_on_top(deciding, top, labels))
    for name, _ in _BANDS:
        top = bands[-1].end + _GAP
        stacked = max(
            (-(-len(cells[name, each.name]) // each.seats) for each in columns), default=0
        )
        if stacked:
            bands.append(Band(name, top, top + stacked * _SEAT_HEIGHT))
            for column in columns:
                nodes += _below(cells[name, column.name], column, top, labels)
    lines = tuple(_lines(nodes, labels))
    return Picture(bands[-1].end + _GAP, tuple(bands), tuple(columns), tuple(nodes), lines)


def _band(member: Member) -> str:
    if member.role == "decision":
        return _DECIDE
    return next(name for name, ranks in _BANDS if member.seniority in ranks)


def _parts(group: BuyerGroup, profile: SellerProfile) -> dict[str, dict[Function, int]]:
    """Return the part of each function in the purchase, and its place in that part."""
    departments = profile.departments
    functions_of: dict[str, Sequence[Function]] = {
        "owns the budget": departments.owners[:1],
        "uses it": (*departments.users, *departments.owners),
        "manages": ("executive", "admin"),
        "feels the change": departments.adjacent,
        "may object": departments.controls,
        "others": tuple(sorted({member.function for member in group.members})),
    }
    free = {member.function for member in group.members}
    parts: dict[str, dict[Function, int]] = {}
    for name, functions in functions_of.items():
        here = [each for each in dict.fromkeys(functions) if each in free]
        free -= set(here)
        if here:
            parts[name] = {each: place for place, each in enumerate(here)}
    return parts


def _columns(
    parts: Mapping[str, Mapping[Function, int]],
    cells: Mapping[tuple[str, str], Sequence[Member]],
) -> list[Column]:
    """Return one column a part, wider where more members stand."""
    most = {
        name: max((len(cells.get((band, name), ())) for band, _ in _BANDS), default=1)
        for name in parts
    }
    seats = dict.fromkeys(parts, 1)
    while sum(seats.values()) < _SEATS_ACROSS:
        tallest = max(seats, key=lambda each: -(-most[each] // seats[each]), default=None)
        if tallest is None or most[tallest] <= seats[tallest]:
            break
        seats[tallest] += 1
    seat = (WIDTH - _LEFT) / max(sum(seats.values()), 1)
    columns: list[Column] = []
    start = float(_LEFT)
    for name, functions in parts.items():
        width = seat * seats[name]
        words = ", ".join(_NAMES.get(each) or function_words(each) for each in functions)
        fitting = _shorten(words, int(width / _SMALL_LETTER))
        columns.append(Column(name, fitting, start, width, seats[name]))
        start += width
    return columns


def _on_top(
    deciding: Sequence[tuple[Member, Column]], top: float, labels: Mapping[str, str]
) -> Iterator[Node]:
    """Place decision makers side by side, each near to its column."""
    apart = min(_APART, (WIDTH - _LEFT) / max(len(deciding), 1))
    x = _LEFT - apart / 2
    for at, (member, column) in enumerate(deciding):
        last = WIDTH - apart * (len(deciding) - at - 0.5)
        x = min(max(column.left + column.width / 2, x + apart), last)
        yield _node(member, x, top + _SEAT_HEIGHT - _LARGEST - 4, apart, labels)


def _below(
    members: Sequence[Member], column: Column, top: float, labels: Mapping[str, str]
) -> Iterator[Node]:
    for at, member in enumerate(members):
        row, place = divmod(at, column.seats)
        beside = min(column.seats, len(members) - row * column.seats)
        width = column.width / beside
        x = column.left + width * (place + 0.5)
        yield _node(member, x, top + row * _SEAT_HEIGHT + _LARGEST + 4, width, labels)


def _node(member: Member, x: float, y: float, width: float, labels: Mapping[str, str]) -> Node:
    label = labels[member.person_id]
    named = label != member.title
    return Node(
        member=member,
        x=round(x, 1),
        y=round(y, 1),
        r=round(_SMALLEST + (_LARGEST - _SMALLEST) * member.score, 1),
        initials=_initials(label) if named else "",
        label=_wrap(label, int(width / _LETTER)),
        detail=_shorten(member.title, int(width / _SMALL_LETTER)) if named else "",
    )


def _lines(nodes: Sequence[Node], labels: Mapping[str, str]) -> Iterator[Line]:
    """Connect champions to decision makers of their function, else to all; introducers to all."""
    deciding = [node for node in nodes if node.member.role == "decision"]
    for node in nodes:
        if node.member.role not in ("champion", "introducer"):
            continue
        start = labels[node.member.person_id]
        close = [target for target in deciding if target.member.function == node.member.function]
        for target in close if close and node.member.role == "champion" else deciding:
            yield Line(
                role=node.member.role,
                path=_path(node, target, nodes),
                near=target in close,
                words=f"{start} can reach {labels[target.member.person_id]}",
            )


def _path(node: Node, above: Node, nodes: Sequence[Node]) -> str:
    """Return a curve up to a decision maker, around the people between."""
    start, end = node.y - node.r, above.y + above.r
    between = any(other.x == node.x and above.y < other.y < node.y for other in nodes)
    if node.x == above.x and between:
        aside = node.x + (_ASIDE if node.x + _ASIDE < WIDTH else -_ASIDE)
        return f"M{node.x:g} {start:g}C{aside:g} {start:g} {aside:g} {end:g} {above.x:g} {end:g}"
    bend = max(30.0, (start - end) / 2)
    return (
        f"M{node.x:g} {start:g}C{node.x:g} {start - bend:g} "
        f"{above.x:g} {end + bend:g} {above.x:g} {end:g}"
    )


def _initials(label: str) -> str:
    words = [word for word in label.split() if word[0].isalpha()]
    return "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper()


def _wrap(label: str, fits: int) -> tuple[str, ...]:
    """Return `label` in at most two lines of `fits` letters."""
    first = ""
    words = label.split()
    while words and len(f"{first} {words[0]}".strip()) <= fits:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return (_shorten(label, fits),)
    return (first, _shorten(" ".join(words), fits)) if words else (first,)


def _shorten(text: str, fits: int) -> str:
    return text if len(text) <= fits else text[: fits - 1].rstrip(" ,-") + "…"
