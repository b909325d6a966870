-- The valid membership changes and the members agree in person and role.
with valid as (
    select group_id, person_id, new as role from {{ ref('stg_changes') }}
    where aspect = 'membership' and is_current and kind not in ('left', 'dropped')
)

select group_id, person_id from {{ ref('stg_members') }} as members
full join valid using (group_id, person_id)
where members.role is distinct from valid.role
