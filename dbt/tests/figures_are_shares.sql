-- Completeness, confidence and scores lie between 0 and 1.
select group_id from {{ ref('stg_buyer_groups') }}
where completeness not between 0 and 1 or confidence not between 0 and 1
union all
select member_id from {{ ref('stg_members') }} where score not between 0 and 1
