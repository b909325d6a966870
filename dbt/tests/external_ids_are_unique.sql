-- An id of another tool means at most one of ours.
select system, external_id from {{ ref('stg_external_ids') }}
group by all
having count(*) > 1
