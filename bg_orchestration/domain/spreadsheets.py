"""Cells of CSV files that a spreadsheet opens as text, never as a formula."""

import re

# https://owasp.org/www-community/attacks/CSV_Injection: these begin a formula, in their wide forms
# as well, also behind blanks and invisible characters; a tab or line end moves into the next cell.
_FORMULA = re.compile(
    r"[\t\r\n]|[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
    r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
)


def as_spreadsheet_text(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet would run as a formula.

    For every CSV that is written; JSON and Parquet hold values as they are.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell
