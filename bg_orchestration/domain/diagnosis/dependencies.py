"""Diagnose providers, budget, subscriptions and notifications."""

from collections.abc import Iterator
from typing import Final

from bg_orchestration.domain.diagnosis.facts import (
    Database,
    Facts,
    Finding,
    ProviderHealth,
    advice,
    problem,
    span,
)

# The daily job renews 14 days ahead; this close to the end a person must act.
_SUBSCRIPTION_SECONDS: Final = 3 * 86_400.0


def diagnose_dependencies(facts: Facts) -> Iterator[Finding]:
    """Yield findings on providers, budget, subscriptions and notifications."""
    for name in facts.keyless:
        yield problem(
            "provider_key_missing",
            f"{name} is to be asked, and no key for it is set here.",
            f"Set BG_{name.upper()}_KEY, or leave {name} out of BG_PROVIDER and BG_..._PROVIDERS; "
            "then start `bg up` again.",
        )
    if facts.database is None:
        return
    for provider in facts.database.providers:
        if provider.open_until is not None and provider.provider not in facts.keyless:
            yield _blocked(provider)
    yield from _budget(facts, facts.database)
    yield from _subscriptions(facts.database)
    yield from _messages(facts.database)


def _blocked(provider: ProviderHealth) -> Finding:
    name = provider.provider
    if provider.stopped:
        return problem(
            "provider_stopped",
            f"{name} answers nobody until a person acts: {provider.why}.",
            f"Mend BG_{name.upper()}_KEY or the account's credit, then `bg providers check`: it "
            "says what to do, and requests go on at once.",
        )
    return advice(
        "provider_failing",
        f"{name} failed several times in a row, the last time with: {provider.why}. It gets no "
        "request for a while, then one trial request.",
        "It gets requests again without help. `bg providers check` tries it now.",
    )


def _budget(facts: Facts, database: Database) -> Iterator[Finding]:
    waits = database.over_budget
    if not waits.refreshes:
        return
    limit, spent = facts.daily_budget_usd, database.spent_today_usd
    of = "" if limit is None else f" (${spent:.2f} of ${limit:.2f} are spent or reserved)"
    more = " and more" if waits.refreshes > len(waits.companies) else ""
    many = "1 refresh waits" if waits.refreshes == 1 else f"{waits.refreshes} refreshes wait"
    yield advice(
        "budget_spent",
        f"{many} for the next day of UTC because the day's budget is spent{of}: "
        f"{', '.join(waits.companies)}{more}.",
        f"Nothing is lost. To spend more for one company today: `bg refresh {waits.companies[0]} "
        "--over-budget`; for all of them raise BG_DAILY_BUDGET_USD. `bg operations` shows the "
        "costs.",
    )


def _subscriptions(database: Database) -> Iterator[Finding]:
    if not database.ending:
        return
    soonest = min(database.ending.values())
    say = problem if soonest < _SUBSCRIPTION_SECONDS else advice
    when = f"ends in {span(soonest)}" if soonest > 0 else f"ended {span(-soonest)} ago"
    more_count = len(database.ending) - 1
    yield say(
        "subscription_ending",
        f"A subscription to Coresignal's pushes {when} and was not renewed"
        + (f"; {more_count} more end within 14 days." if more_count else "."),
        "`bg subscriptions renew` does it now, or says why it cannot.",
    )


def _messages(database: Database) -> Iterator[Finding]:
    dead = database.outbox.dead
    if dead:
        counts = ", ".join(f"{many} to {address}" for address, many in sorted(dead.items()))
        yield problem(
            "dead_notifications",
            f"Messages were given up: {counts}.",
            "`bg notifications --state dead` shows why, `bg notifications --test "
            f"{sorted(dead)[0]}` tries the address; once it works, `bg notifications --replay`",
        )
