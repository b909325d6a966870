-- A change is not valid until an instant before its own.
select change_id from {{ ref('stg_changes') }} where valid_to < valid_from
