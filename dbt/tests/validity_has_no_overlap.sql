-- At most one change of an aspect is valid at a time.
select group_id, person_id, aspect from {{ ref('stg_changes') }}
where is_current
group by all
having count(*) > 1
