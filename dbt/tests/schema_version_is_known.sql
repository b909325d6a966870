-- The export has the schema version that these models read.
select schema_version
from read_json('{{ env_var("BG_WAREHOUSE", "../.bg/warehouse") }}/current.json')
where schema_version <> {{ var('schema_version') }}
