"""The one form of an id of another tool's record."""

from typing import Final

_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def canonical_id(system: str, record_id: str) -> str:
    """Return the form of an id that the tool's own API gives.

    Salesforce's reports show ids of 15 characters, its API those of 18. The last three say which
    letters are upper case: five bits a character, the first letter lowest.
    https://help.salesforce.com/s/articleView?id=000385008

    Args:
        system: the tool and its kind of record, such as `salesforce:account`.
        record_id: the id as a file or user gives it.
    """
    short = len(record_id) == 15 and record_id.isascii() and record_id.isalnum()
    if not (short and system.startswith("salesforce:")):
        return record_id
    return record_id + "".join(
        _DIGITS[sum(each.isupper() << at for at, each in enumerate(record_id[start : start + 5]))]
        for start in (0, 5, 10)
    )
