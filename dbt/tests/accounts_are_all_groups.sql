-- The mart has each group exactly once.
select count(*) as difference from {{ ref('stg_buyer_groups') }}
having count(*) <> (select count(*) from {{ ref('account_coverage') }})
