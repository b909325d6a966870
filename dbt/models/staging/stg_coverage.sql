select
    company_id || '/' || coalesce(profile_id, '') as coverage_id,
    company_id,
    profile_id,
    profile_id is not null as has_group,
    refreshed_at,
    members,
    decision,
    champion,
    stakeholder,
    blocker,
    introducer,
    reachable,
    completeness,
    confidence,
    open_gaps
from {{ source('buyer_groups_export', 'coverage') }}
