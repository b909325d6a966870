-- One row for each company and seller profile: who decides, what is missing, how to reach the group.
with roles as (
    select
        group_id,
        count(*) as members,
        count(*) filter (role = 'decision') as decision_makers,
        count(*) filter (role = 'champion') as champions,
        count(*) filter (role = 'blocker') as blockers,
        count(*) filter (reachable) as reachable_members,
        -- Of equal scores the larger id, so that each build names the same person.
        arg_max(name, (score, person_id)) filter (role = 'decision') as decision_maker,
        arg_max(title, (score, person_id)) filter (role = 'decision') as decision_maker_title,
        arg_max(name, (score, person_id)) filter (role = 'champion') as champion
    from {{ ref('stg_members') }}
    group by group_id
),

accounts as (
    select
        our_id as company_id,
        min(external_id) filter (system = 'salesforce:account') as salesforce_account_id,
        min(external_id) filter (system = 'hubspot:company') as hubspot_company_id
    from {{ ref('stg_external_ids') }}
    where kind = 'company'
    group by our_id
)

select
    groups.group_id,
    groups.company_id,
    groups.profile_id,
    groups.company_name,
    groups.domain,
    groups.owner,
    groups.followed,
    accounts.salesforce_account_id,
    accounts.hubspot_company_id,
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
    -- A group knows its needs: a company of two people needs no champion.
    case
        when coalesce(roles.decision_makers, 0) = 0 then 'no decision maker'
        when list_contains(groups.missing_needs, 'champion') then 'no champion'
        when coalesce(roles.reachable_members, 0) = 0 then 'no reachable member'
        when groups.open_gaps > 0 then 'open gaps'
        else 'covered'
    end as coverage_status,
    groups.changed_at,
    groups.refreshed_at
from {{ ref('stg_buyer_groups') }} as groups
left join roles using (group_id)
left join accounts using (company_id)
