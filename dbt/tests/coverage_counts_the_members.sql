-- The figures of the coverage are the sums of the members.
select coverage.coverage_id
from {{ ref('stg_coverage') }} as coverage
join {{ ref('account_coverage') }} as accounts
    on accounts.company_id = coverage.company_id and accounts.profile_id = coverage.profile_id
where
    coverage.members <> accounts.members
    or coverage.decision <> accounts.decision_makers
    or coverage.open_gaps <> accounts.open_gaps
