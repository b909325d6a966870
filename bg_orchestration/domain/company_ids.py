"""The format of a `company_id`, which is also a Dagster partition key.

Dagster does not check keys: a comma breaks backfills in its pages, `..` and a dot at the end break
ranges on its command line. So every entry of a company calls `is_company_id`.
"""

import re
import unicodedata
from hashlib import sha256

_GRAMMAR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_:-]|\.(?!\.|\Z)){0,127}")


def is_company_id(text: str) -> bool:
    """Whether `text` is 1 to 128 letters, digits, `_ : - .`, without `..` or a dot at the end."""
    return _GRAMMAR.fullmatch(text) is not None


def company_id_of(name: str) -> str:
    """Make a `company_id` from a domain or name: `Example GmbH` gives `example-gmbh`.

    Raises:
        ValueError: `name` has no character that an id may have.
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    # Separators between words become one dash; only a single dot between words stays a dot.
    made = re.sub(r"\.*[^a-z0-9.][^a-z0-9]*", "-", ascii_name)
    made = re.sub(r"\.{2,}", "", made).strip("-.")[:128].rstrip("-.")
    if not is_company_id(made):
        raise ValueError(f"no company id can be made from {name!r}")
    return made


# Devices of Windows, which may not be the name of a file there.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)")


def report_file_of(company_id: str) -> str:
    """Return the file of a company's page below the folder of `bg report`: `companies/acme.html`.

    Two ids never share a file, also where file names ignore case. An id with capitals, a colon or
    the name of a device gets a hash.
    """
    name = company_id.lower().replace(":", "-")
    if name != company_id or _DEVICE.match(name):
        name += "~" + sha256(company_id.encode()).hexdigest()[:12]
    return f"companies/{name}.html"


# Legal forms, which some sources leave out.
_LEGAL_FORMS = frozenset(
    {
        *("ab", "ag", "as", "asa", "bv", "co", "company", "corp", "corporation", "gmbh", "inc"),
        *("incorporated", "kg", "limited", "llc", "llp", "ltd", "ltda", "nv", "oy", "oyj", "plc"),
        *("pty", "sa", "sarl", "sas", "se", "sl", "spa", "srl", "sro", "ug"),
    }
)


def fold_name(name: str) -> str:
    """Return the comparable form of `name`: no case, accents, punctuation, spaces, legal form.

    `Example, Inc.`, `EXAMPLE` and `Exämple S.p.A.` are all `example`.
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold().replace(".", "")
    words = [
        "".join(c for c in word if c.isalnum()) for word in re.split(r"[\s,&+/()-]+", decomposed)
    ]
    words = [word for word in words if word]
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return "".join(words)
