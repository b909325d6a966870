"""The meaning of a file's columns, by the headers of export tools."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml

Kind = Literal["people", "companies"]
KINDS: tuple[Kind, ...] = ("people", "companies")

# Fields of people only. An `id` or a LinkedIn link alone may be a company's.
_PERSONAL = (
    {"first_name", "last_name", "title", "department", "email", "started_at", "do_not_call"},
    {"name", "company"},
    {"person_id", "company_id"},
)

_ID_FIELD: dict[Kind, str] = {"people": "person_id", "companies": "company_id"}
_OF_COMPANIES = {"domain", "employee_count", "industry", "company_linkedin_url"}
# The scope of a file whose column `id` holds no ids.
NO_IDS = "none"
_NAMING_COMPANIES = {"company_id", "company", "domain", "company_linkedin_url"}


# The object that a column belongs to, as Pipedrive and the interfaces of CRMs write it.
_PREFIX = re.compile(
    r"(?:(?:person|contacts?|lead|prospect|candidate|attendee|employee|kontakt|ansprechpartner|"
    r"persona|personne|persoon|pessoa)(?:\s(?=[a-z])|(?-i:(?<=[a-z])(?=[A-Z])))|"
    r"(?:person|contacts?|lead|prospect|candidate|attendee|employee|kontakt|ansprechpartner|persona|"
    r"personne|persoon|pessoa|record|properties|attributes|fields|profile|user|member|node|data)"
    r"\s*(?:[-:./>]+(?:\d+[./])?|_(?=[a-z]))\s*)", re.I
)  # fmt: skip
_COMPANY_PREFIX = re.compile(
    r"(?:account|company|organi[sz]ation|firma|unternehmen|société|azienda|empresa|bedrijf)"
    r"\s*[-:./>]+\s*", re.I
)  # fmt: skip
# A remark behind the name: `E-Mail (geschäftlich)`, `Name [Required]`, `Telefon *`, `phone.value`.
_QUALIFIER = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|[*:]|\.value)$")
# Words that choose among facts of one kind, and those that mean a second or private one.
_CHOICE = frozenset({
    "work", "business", "professional", "primary", "main", "current", "official", "recommended",
    "starred", "verified", "corporate", "legal", "preferred", "geschäftlich", "geschäftliche",
    "dienstlich", "dienstliche", "beruflich", "berufliche", "aktuell", "aktuelle", "primär",
    "primäre", "pro", "professionnel", "professionnelle", "principal", "principale", "actuel",
    "actuelle", "usuel", "laboral", "profesional", "trabajo", "actual", "corporativo", "aziendale",
    "primario",
    "primaria", "attuale", "lavorativo", "lavorativa", "lavoro", "professionale", "zakelijk",
    "zakelijke", "primair", "primaire", "huidig", "huidige", "werk", "comercial", "atual",
    "profissional", "trabalho", "de", "la", "of",
})  # fmt: skip
_SECOND = frozenset({
    "secondary", "other", "alternate", "alternative", "additional", "personal", "private", "home",
    "sekundär", "sekundäre", "privat", "weitere", "secondaire", "personnel", "personnelle", "perso",
    "secundario", "secundaria", "secondario", "secondaria", "personale", "privato", "secundair",
    "secundaire", "privé", "secundário", "secundária", "pessoal",
})  # fmt: skip
_ADDRESS = re.compile(
    "mail|phone|mobil|telef|^tel|posta|correo|courri|correio|messagerie|adresse?elec"
)


class FileError(Exception):
    """The file cannot be read as companies or people; the message says what to do."""


def fold_header(header: str) -> str:
    """Return the comparable form: letters without accents and digits of `Person Linkedin Url`."""
    folded = unicodedata.normalize("NFKD", header).casefold()
    return "".join(character for character in folded if character.isalnum())


@dataclass(frozen=True, slots=True)
class Aliases:
    """The folded headers of each field, by kind of file, preferred first."""

    fields: dict[Kind, dict[str, list[str]]]
    tools: list[tuple[str, dict[str, list[str]]]]
    unused: frozenset[str]

    def known_headers(self) -> frozenset[str]:
        """Return every folded header of a field."""
        lists = [names for fields in self.fields.values() for names in fields.values()]
        return self.unused.union(*lists, (tool for tool, _ in self.tools))

    def headers_of(self, fields: Iterable[str]) -> frozenset[str]:
        """Return the folded headers of some fields in files of people."""
        return frozenset(name for field in fields for name in self.fields["people"].get(field, ()))


def load_aliases(own: Path | None = None) -> Aliases:
    """Return the shipped aliases, after those of the file `own` if it exists.

    Raises:
        FileError: `own` is not a file of this form.
    """
    shipped = yaml.safe_load((files(__package__) / "headers.yaml").read_text("utf-8"))
    tables = [shipped]
    if own is not None and own.is_file():
        tables.insert(0, _read_own(own))
    fields: dict[Kind, dict[str, list[str]]] = {
        kind: _join([table.get(part) or {} for part in ("shared", kind) for table in tables])
        for kind in KINDS
    }
    tools = [
        (
            fold_header(tool["recognized_by"]),
            _join([{field: tool[field] for field in tool if field != "recognized_by"}]),
        )
        for table in tables
        for tool in table.get("tools") or []
    ]
    unused = {fold_header(name) for table in tables for name in table.get("unused") or []}
    return Aliases(fields, tools, frozenset(unused))


def field_names() -> list[str]:
    """Return our fields, for `--map`."""
    fields = load_aliases().fields
    return sorted({name for kind in KINDS for name in fields[kind] if "@" not in name})


@dataclass(frozen=True, slots=True)
class Columns:
    """The meaning of one file's columns.

    Attributes:
        kind: whether the rows are people or companies.
        header: the file's headers as written.
        fields: positions of each field's columns, the preferred first.
        unmatched: headers without a field.
        repeated: repeated headers; the first filled cell of each row counts.
    """

    kind: Kind
    header: tuple[str, ...]
    fields: dict[str, tuple[int, ...]]
    unmatched: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def is_guess(self) -> bool:
        """Whether the columns show little that only companies have, and others are unknown."""
        return bool(self.unmatched) and not _OF_COMPANIES & self.fields.keys()

    @property
    def ids(self) -> Literal["ours", "unqualified"] | None:
        """Whose ids the rows have: ours, those of an unknown tool, or none but a known tool's."""
        field = _ID_FIELD[self.kind]
        if field not in self.fields:
            return None
        header = self.header[self.fields[field][0]]
        return "ours" if fold_header(header) == fold_header(field) else "unqualified"

    def scoped(self, tool: str | None) -> "Columns":
        """Return the columns with the ids as those of a tool; of `none` the rows have no ids."""
        if tool is None:
            return self
        if tool == NO_IDS:
            kept = {name: at for name, at in self.fields.items() if name != _ID_FIELD[self.kind]}
            return replace(self, fields=kept)
        ids = _ID_FIELD.values()
        return replace(
            self,
            fields={
                f"{name}@{tool}" if name in ids else name: at for name, at in self.fields.items()
            },
        )

    def names(self) -> dict[str, list[str]]:
        """Return our fields with the headers of their columns."""
        return {field: [self.header[at] for at in places] for field, places in self.fields.items()}


def match_columns(
    header: Sequence[str],
    aliases: Aliases,
    kind: Kind | None = None,
    settled: Mapping[str, str] | None = None,
) -> Columns:
    """Find the columns of our fields among the headers of a file.

    Args:
        header: the headers as written.
        aliases: which header means what.
        kind: the user's choice; by default found by the columns.
        settled: headers that the user has assigned to fields.

    Raises:
        FileError: a settled header is not in the file.
    """
    position: dict[str, list[int]] = {}
    repeated = []
    seen: set[str] = set()
    known = aliases.known_headers()
    of_companies = aliases.headers_of(_NAMING_COMPANIES)
    for at, name in enumerate(header):
        folded = _known_form(name, known, of_companies)
        if folded in position and fold_header(name) in seen:
            repeated.append(name)
        seen.add(fold_header(name))
        if folded:
            position.setdefault(folded, []).append(at)
    chosen = {
        field: _settle(field, name, header, position) for field, name in (settled or {}).items()
    }
    fields = {each: _find(position, aliases, each, chosen) for each in KINDS}
    if kind is None:
        kind = "people" if _is_personal(fields["people"], chosen) else "companies"
    used = {at for found in fields[kind].values() for at in found}
    unmatched = [
        header[places[0]]
        for folded, places in position.items()
        if places[0] not in used and folded not in aliases.unused
    ]
    return Columns(kind, tuple(header), fields[kind], tuple(unmatched), tuple(repeated))


def _known_form(header: str, known: frozenset[str], of_companies: frozenset[str]) -> str:
    """Return the folded header, or its known part: `Person - Name`, `Email 2`, `email.0.value`."""
    folded = fold_header(header)
    if folded in known:
        return folded
    company = fold_header(_COMPANY_PREFIX.sub("", header, count=1))
    if company in of_companies:
        return company
    plain = _QUALIFIER.sub("", header.rstrip()).rstrip()
    bare = _PREFIX.sub("", plain, count=1)
    for part in (_PREFIX.sub("", header, count=1), plain, bare):
        if short := _known_part(part, known):
            return short
    words = re.findall(r"[^\W_]+", bare)
    chosen = [word for word in words if word.casefold() not in _CHOICE]
    # `Primary contact` is often a mark, no name.
    if (
        0 < len(chosen) < len(words)
        and [*map(str.casefold, chosen)] != ["contact"]
        and (short := _known_part(" ".join(chosen), known))
    ):
        return short
    first = [word for word in chosen if word.casefold() not in _SECOND]
    short = _known_part(" ".join(first), known) if 0 < len(first) < len(chosen) else None
    if short and _ADDRESS.search(short):
        return "otheremails" if re.search("mail|corr|cour|post|elec", short) else "otherphone"
    return folded


def _known_part(part: str, known: frozenset[str]) -> str | None:
    """Return the folded part of a header if it is known, else `None`."""
    short = fold_header(part)
    # German without umlauts: `Vollstaendiger Name`.
    for form in (short, re.sub("([aou])e", r"\1", short)):
        if form in known:
            return form
    unnumbered = "".join(character for character in short if not character.isdigit())
    # Several addresses and numbers of one person; other numbered columns are other facts.
    return unnumbered if unnumbered in known and _ADDRESS.search(unnumbered) else None


def check_columns(columns: Columns, company_id: str | None, complete: bool) -> None:
    """Refuse a file without columns for person or company.

    Raises:
        FileError: says which columns are missing, and how to name them.
    """
    there = _enumeration(columns.header)
    names_company = {name.partition("@")[0] for name in columns.fields} & _NAMING_COMPANIES
    if columns.kind == "companies":
        if complete:
            raise FileError("holds companies: --complete is for a complete list of people")
        if not names_company:
            raise FileError(
                "no column is known to name a company. Say which one does, as in "
                f'--map company="...". Columns: {there}'
            )
        return
    if not {"name", "first_name", "last_name"} & columns.fields.keys():
        raise FileError(
            f'no column holds names. Say which one does, as in --map name="...". Columns: {there}'
        )
    if company_id is None and not names_company:
        raise FileError(
            'no column names the company. Say which one does, as in --map company="...", or name '
            f"the company of all rows with --company ID. Columns: {there}"
        )
    if company_id is not None and names_company:
        taken = ", ".join(
            columns.names()[name][0] for name in sorted(names_company & columns.fields.keys())
        )
        raise FileError(f"names companies itself ({taken}): leave out --company")


def _find(
    position: Mapping[str, list[int]],
    aliases: Aliases,
    kind: Kind,
    chosen: Mapping[str, tuple[int, ...]],
) -> dict[str, tuple[int, ...]]:
    tables = [table for tool, table in aliases.tools if tool in position]
    taken = {at for places in chosen.values() for at in places}
    fields = dict(chosen)
    for table in (*tables, aliases.fields[kind]):
        for field, names in table.items():
            if field in chosen:
                continue
            found = [at for name in names for at in position.get(name, ())]
            free = tuple(at for at in dict.fromkeys(found) if at not in taken)
            if free:
                fields[field] = fields.get(field, ()) + free
                taken.update(free)
    return fields


def _is_personal(fields: Iterable[str], chosen: Iterable[str]) -> bool:
    found = {*fields, *chosen}
    return bool(_PERSONAL[0] & found) or any(both <= found for both in _PERSONAL[1:])


def _settle(
    field: str, name: str, header: Sequence[str], position: Mapping[str, list[int]]
) -> tuple[int, ...]:
    places = position.get(fold_header(name))
    if places is None:
        raise FileError(
            f"no column is called {name!r} (for {field}); there are: {_enumeration(header)}"
        )
    return tuple(places)


def _enumeration(names: Sequence[str]) -> str:
    printable = (
        "".join(character if character.isprintable() else " " for character in name)[:80]
        for name in names[:40]
    )
    shown = ", ".join(name for name in printable if name.strip())
    return shown + (f" and {len(names) - 40} more" if len(names) > 40 else "")


def _join(tables: Sequence[Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    joined: dict[str, list[str]] = {}
    for table in tables:
        for field, names in table.items():
            listed = [names] if isinstance(names, str) else names
            folded = [fold_header(str(name)) for name in listed]
            joined[field] = list(dict.fromkeys([*joined.get(field, []), *folded]))
    return joined


def _read_own(path: Path) -> dict[str, Any]:
    try:
        table = yaml.safe_load(path.read_text("utf-8"))
        _join([table.get(part) or {} for part in ("shared", *KINDS)])
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise FileError(
            f"{path}: is not a table of headers ({type(error).__name__}). Form: a section people:, "
            "companies: or shared:, below it lines like  title: [Berufsbezeichnung, Rolle]"
        ) from None
    assert isinstance(table, dict)
    return table
