"""The rehearsal in short: the whole waterfall on providers that fail often, in this process."""

import pytest
from sqlalchemy import Engine

from bg_orchestration.store.database import reading
from bg_orchestration.store.schema.tables import pipeline_operations
from bg_orchestration_tests.assets.asked import follow, with_setting
from bg_orchestration_tests.assets.conftest import Run
from bg_orchestration_tests.rehearsal.figures import Figures, figures, published
from bg_orchestration_tests.store.rows import rows
from bg_orchestration_tests.stubs.faults import Faults
from bg_orchestration_tests.stubs.server import Stubs

_ATTEMPTS = 5
_COMPANIES = 3


def test_every_company_is_published_and_nothing_unbooked_is_paid_twice(
    asked: Engine, run: Run, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(
        monkeypatch,
        COMPANY_PROVIDERS="coresignal,pdl",
        PEOPLE_PROVIDERS="coresignal,pdl",
        CONTACT_PROVIDERS="pdl,lusha",
        ZEROBOUNCE_KEY=stubs.key,
        DAILY_BUDGET_USD="none",
        REFRESHES_PER_MINUTE="1000",
    )
    # Without this the first to fail five times in a row would be left alone for half a minute.
    monkeypatch.setattr("bg_orchestration.domain.throttle.FAULTS", 1_000_000)
    ids = [f"co-{number}" for number in range(_COMPANIES)]
    for company_id, company in zip(ids, stubs.site.world.companies, strict=False):
        follow(asked, company_id, company.domain)
    stubs.site.faults = Faults(probability=0.3, seed=7)
    for _ in range(_ATTEMPTS):
        with reading(asked) as connection:
            left = set(ids) - published(connection, ids)
        for company_id in sorted(left):
            run(company_id)
    with reading(asked) as connection:
        found = figures(connection, stubs.site.books, ids)
    assert found.good, str(found)
    assert found.ambiguous > 0
    assert found.paid > found.distinct, "without a second payment the bound would prove little"
    assert len(rows(asked, pipeline_operations)) > found.distinct


@pytest.mark.parametrize(
    ("found", "good"),
    [
        (Figures(2, 2, 10, 8, 2), True),
        (Figures(2, 2, 11, 8, 2), False),
        (Figures(2, 1, 8, 8, 0), False),
    ],
)
def test_a_rehearsal_fails_on_a_missing_company_or_an_unbooked_payment(
    found: Figures, good: bool
) -> None:
    assert found.good is good
    assert str(found) == (
        f"companies 2, published {found.published}, paid {found.paid}, "
        f"distinct questions 8, ambiguous {found.ambiguous}"
    )
