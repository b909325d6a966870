-- One row for each group and week (from Monday, UTC): what changed in the week.
select
    group_id || '/' || cast(date_trunc('week', valid_from) as date) as movement_id,
    group_id,
    company_id,
    profile_id,
    cast(date_trunc('week', valid_from) as date) as week,
    count(*) filter (kind = 'joined' and cause is distinct from 'first') as joined,
    count(*) filter (kind = 'joined' and cause = 'first') as in_first_group,
    count(*) filter (kind = 'left') as left_company,
    count(*) filter (kind = 'dropped') as dropped,
    count(*) filter (kind = 'role_changed') as role_changes,
    count(*) filter (kind = 'left' and old = 'decision') as decision_makers_left,
    count(*) filter (kind = 'left' and other_company_id is not null) as moved_to_followed,
    coalesce(sum(len(gaps_opened)), 0) as gaps_opened,
    coalesce(sum(len(gaps_closed)), 0) as gaps_closed
from {{ ref('stg_changes') }}
group by all
