"""Every name that something outside this package depends on.

Dagster stores run keys under (location, repository, sensor name), partitions under the name of
their definition, and history under asset keys. A renamed value loses what is stored under it.
"""

from typing import Final

LOCATION: Final = "bg_orchestration"
PARTITIONS: Final = "companies"
ASSET_GROUP: Final = "buyer_groups"
SOURCES_GROUP: Final = "sources"
COVERAGE_GROUP: Final = "coverage"
JOB: Final = "refresh_buyer_group"
SENSOR: Final = "webhook_inbox"
SCHEDULE: Final = "refresh_stale_companies"
RETENTION_JOB: Final = "retention"
RETENTION_SCHEDULE: Final = "retention_daily"
WATCH_JOB: Final = "watch_providers"
WATCH_SCHEDULE: Final = "watch_providers_daily"
ERASURE_JOB: Final = "erase_people"
ERASURE_SENSOR: Final = "erasure_requests"
COVERAGE_JOB: Final = "measure_coverage"
COVERAGE_SCHEDULE: Final = "measure_coverage_hourly"
LINEAGE_SENSOR: Final = "openlineage"
NOTIFICATIONS_SENSOR: Final = "notifications"
# The group of the warehouse tables and the prefix of their asset keys.
WAREHOUSE: Final = "warehouse"
EXPORT_JOB: Final = "export_warehouse"
DIGEST_SCHEDULE: Final = "digest_weekly"
EXPORT_SCHEDULE: Final = "export_warehouse_hourly"
CRM_JOB: Final = "write_crm"
CRM_SCHEDULE: Final = "write_crm_hourly"
POOL: Final = "refresh_buyer_group"
# The only step of a refresh; Dagster stores its runs under this name.
REFRESH_STEP: Final = "refresh"

COMPANY: Final = "company"
PEOPLE: Final = "people"
SCORED_PEOPLE: Final = "scored_people"
BUYER_GROUP: Final = "buyer_group"
CONTACTS: Final = "contacts"
PUBLISHED_BUYER_GROUP: Final = "published_buyer_group"
# In the order of their lineage.
ASSETS: Final = (COMPANY, PEOPLE, SCORED_PEOPLE, BUYER_GROUP, CONTACTS, PUBLISHED_BUYER_GROUP)

# Upstream of them: assets that others make.
INBOX: Final = "inbox"
PEOPLE_DIRECTORY: Final = "people_directory"
PROVIDERS_PREFIX: Final = "providers"
# Downstream of them, over all companies.
COVERAGE: Final = "coverage"

TAG_COMPANY: Final = "bg/company"
TAG_REFRESH: Final = "bg/refresh_id"
TAG_REASON: Final = "bg/reason"
TAG_TRACEPARENT: Final = "bg/traceparent"

# Paths to which providers push; subscriptions hold them for months.
CORESIGNAL_PATH: Final = "/api/webhooks/coresignal"
PDL_PATH: Final = "/api/webhooks/pdl"
LUSHA_PATH: Final = "/api/webhooks/lusha"
# Types of notifications, by which receivers distinguish them.
GROUP_CHANGED: Final = "group.changed"
REFRESH_DEAD: Final = "refresh.dead"
DIGEST: Final = "digest"
MESSAGES: Final = (GROUP_CHANGED, REFRESH_DEAD, DIGEST)

# The file in a folder that `bg demo` made, and may delete.
DEMO_MARKER: Final = "made-by-bg-demo"
