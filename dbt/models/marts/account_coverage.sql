-- One row for each company and seller profile: who decides, what is missing, how to reach the group.
with roles as (
    select
        group_id,
        count(*) as members,
        count(*) filter (role = 'decision') as decision_makers,
        count(*) filter (role = 'champion') as champions,
        count(*) filter (role = 'blocker') as blockers,
        count(*) filter (reachable) as reachable_members,
        arg_max(name, score) filter (role = 'decision') as decision_maker,
        arg_max(title, score) filter (role = 'decision') as decision_maker_title,
        arg_max(name, score) filter (role = 'champion') as champion
    from {{ ref('stg_members') }}
    group by group_id
),

accounts as (
    select our_id as company_id, min(external_id) as salesforce_account_id
    from {{ ref('stg_external_ids') }}
    where system = 'salesforce:account'
    group by our_id
)

select
    groups.group_id,
    groups.company_id,
    groups.profile_id,
    groups.company_name,
    groups.domain,
    groups.owner,
    accounts.salesforce_account_id,
    groups.company_size,
    coalesce(roles.members, 0) as members,
    coalesce(roles.decision_makers, 0) as decision_makers,
    coalesce(roles.champions, 0) as champions,
    coalesce(roles.blockers, 0) as blockers,
    coalesce(roles.reachable_members, 0) as reachable_members,
    roles.decision_maker,
    roles.decision_maker_title,
    roles.champion,
    groups.completeness,
    groups.confidence,
    groups.open_gaps,
    groups.missing_needs,
    case
        when coalesce(roles.decision_makers, 0) = 0 then 'no decision maker'
        when coalesce(roles.champions, 0) = 0 then 'no champion'
        when coalesce(roles.reachable_members, 0) = 0 then 'nobody reachable'
        else 'covered'
    end as coverage_status,
    groups.changed_at,
    groups.refreshed_at
from {{ ref('stg_buyer_groups') }} as groups
left join roles using (group_id)
left join accounts using (company_id)
