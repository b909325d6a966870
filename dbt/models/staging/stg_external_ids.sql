select
    system,
    split_part(system, ':', 1) as tool,
    external_id,
    kind,
    our_id,
    source,
    first_seen,
    last_seen
from {{ source('buyer_groups_export', 'external_ids') }}
