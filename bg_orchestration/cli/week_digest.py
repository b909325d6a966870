"""`bg digest`: what changed in a week, for each seller profile and account owner."""

from datetime import date, timedelta
from pathlib import Path

import click

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, print_json
from bg_orchestration.destinations.notifications.digests import queue_digest
from bg_orchestration.domain.digest import Digest, week_days
from bg_orchestration.refreshes.digest_reading import read_digest
from bg_orchestration.report.digest_words import digest_as_dict, digest_as_html, digest_as_text
from bg_orchestration.report.terminal import echo
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, reading, writing

_LAST_DAYS = "last 7 days"


def _week(
    _context: click.Context, _option: click.Parameter, value: str
) -> tuple[date, date] | None:
    """Read a week; `None` means the last seven days."""
    if value == _LAST_DAYS:
        return None
    try:
        return week_days(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}; leave it out for the {_LAST_DAYS}") from None


@click.command()
@click.option(
    "--week",
    is_flag=False,
    flag_value=_LAST_DAYS,
    default=_LAST_DAYS,
    show_default=True,
    callback=_week,
    metavar="[YYYY-Www]",
    help="An ISO week such as 2026-W09, Monday to Sunday in UTC.",
)
@click.option("--profile", help="Only this seller profile.")
@click.option("--owner", help="Only the accounts of this owner.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write one page to this file."
)
@click.option(
    "--notify",
    is_flag=True,
    help="Send it to the addresses that get messages of the type digest, once for each week.",
)
@as_json
def digest(
    week: tuple[date, date] | None,
    profile: str | None,
    owner: str | None,
    html: Path | None,
    notify: bool,
    json_: bool,
) -> None:
    """Sum up a week: who left, moved, joined or was promoted, and the gaps opened and closed.

    One section for each seller profile and owner of accounts. Owners come with the import of
    companies. First published groups are only counted. The schedule `digest_weekly` sends the
    digest of the last week on Mondays.

    \b
    bg digest --week
    bg digest --week 2026-W09 --owner "Kim Seller" --html digest.html
    bg digest --week 2026-W09 --notify
    """
    if notify:
        if week is None or profile or owner:
            raise click.UsageError("--notify sends a whole ISO week: --week 2026-W09 --notify")
        with database() as engine, writing(engine) as connection:
            addresses = queue_digest(connection, week[0])
        click.echo(_queued(addresses))
        return
    with database() as engine, reading(engine) as connection:
        first, last = week or _last_days(clock(connection).date())
        found = read_digest(connection, first, last)
    found = Digest(
        first,
        last,
        tuple(
            section
            for section in found.sections
            if profile in (None, section.profile_id) and owner in (None, section.owner)
        ),
    )
    if html is not None:
        try:
            html.write_text(digest_as_html(found), "utf-8")
        except OSError as error:
            raise click.ClickException(f"{html} cannot be written: {error.strerror}") from None
        click.echo(f"Written: {html}", err=True)
    if json_:
        print_json(digest_as_dict(found))
    elif html is None:
        echo(digest_as_text(found))


def _last_days(today: date) -> tuple[date, date]:
    return today - timedelta(days=6), today


def _queued(addresses: tuple[str, ...]) -> str:
    if addresses:
        return f"Queued for {', '.join(addresses)}. State: bg notifications"
    if not settings().notified("digest"):
        return "No address gets digests. Set BG_NOTIFY_URLS or BG_NOTIFY_SLACK_URLS."
    return "This week's digest was queued before. State: bg notifications"
