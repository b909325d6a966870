BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0013');
CREATE TABLE budget_overrides (
	company_id VARCHAR(128) NOT NULL, 
	granted_at DATETIME NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_budget_overrides PRIMARY KEY (company_id), 
	CONSTRAINT fk_budget_overrides_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id)
);
CREATE TABLE buyer_group_changes (
	id INTEGER NOT NULL, 
	company_id VARCHAR(128) NOT NULL, 
	profile_id VARCHAR(128) NOT NULL, 
	person_id TEXT NOT NULL, 
	refresh_id VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	old TEXT, 
	new TEXT, 
	changed_at DATETIME NOT NULL, title TEXT, since VARCHAR(10), 
	CONSTRAINT pk_buyer_group_changes PRIMARY KEY (id), 
	CONSTRAINT ck_buyer_group_changes_kind CHECK (kind IN ('joined', 'left', 'role_changed', 'title_changed', 'contact_changed')), 
	CONSTRAINT fk_buyer_group_changes_refresh_id FOREIGN KEY(refresh_id) REFERENCES buyer_group_refresh_logs (refresh_id)
);
INSERT INTO "buyer_group_changes" VALUES(1,'acme.example','default','email-0b96ec9a7416c4893497','b9dbc63d14a844f0ab6c239e76a170d1','joined',NULL,'stakeholder','2026-11-28 21:18:11.757000','Head of IT',NULL);
INSERT INTO "buyer_group_changes" VALUES(2,'acme.example','default','email-2a1322415fff1b1aceae','b9dbc63d14a844f0ab6c239e76a170d1','joined',NULL,'decision','2026-11-28 21:18:11.757000','Chief Executive Officer',NULL);
INSERT INTO "buyer_group_changes" VALUES(3,'acme.example','default','email-35753cea566e54fd0111','b9dbc63d14a844f0ab6c239e76a170d1','joined',NULL,'champion','2026-11-28 21:18:11.757000','VP Sales',NULL);
INSERT INTO "buyer_group_changes" VALUES(4,'globex.example','default','email-19db52c851d0c976cabb','f8556437d1264524821b8033dbeec3d4','joined',NULL,'decision','2026-11-28 21:18:12.776000','Sales Manager',NULL);
CREATE TABLE buyer_group_decisions (
	id INTEGER NOT NULL, 
	company_id VARCHAR(128) NOT NULL, 
	profile_id VARCHAR(128) NOT NULL, 
	person_id TEXT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	role VARCHAR(16), 
	decided_by TEXT NOT NULL, 
	why TEXT NOT NULL, 
	decided_at DATETIME NOT NULL, 
	taken_back_at DATETIME, 
	taken_back_by TEXT, 
	taken_back_why TEXT, 
	CONSTRAINT pk_buyer_group_decisions PRIMARY KEY (id), 
	CONSTRAINT ck_buyer_group_decisions_kind CHECK (kind IN ('confirmed', 'dismissed', 'assigned')), 
	CONSTRAINT ck_buyer_group_decisions_role CHECK (role IN ('decision', 'champion', 'stakeholder', 'blocker', 'introducer')), 
	CONSTRAINT ck_buyer_group_decisions_dismissed_without_role CHECK ((kind = 'dismissed') = (role IS NULL)), 
	CONSTRAINT fk_buyer_group_decisions_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id), 
	CONSTRAINT fk_buyer_group_decisions_person_id FOREIGN KEY(person_id) REFERENCES people (person_id) ON DELETE CASCADE
);
CREATE TABLE buyer_group_members (
	company_id VARCHAR(128) NOT NULL, 
	profile_id VARCHAR(128) NOT NULL, 
	person_id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	seniority VARCHAR(16) NOT NULL, 
	function VARCHAR(32) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	score FLOAT NOT NULL, 
	reasons TEXT NOT NULL, 
	contacts TEXT NOT NULL, 
	changed_at DATETIME NOT NULL, started_on VARCHAR(10), decided VARCHAR(16), 
	CONSTRAINT pk_buyer_group_members PRIMARY KEY (company_id, profile_id, person_id), 
	CONSTRAINT ck_buyer_group_members_role CHECK (role IN ('decision', 'champion', 'stakeholder', 'blocker', 'introducer')), 
	CONSTRAINT fk_buyer_group_members_person_id FOREIGN KEY(person_id) REFERENCES people (person_id) ON DELETE CASCADE
);
INSERT INTO "buyer_group_members" VALUES('acme.example','default','email-0b96ec9a7416c4893497','Head of IT','director','it','stakeholder',0.4978,'["Director of all IT; the product touches data and logins"]','[{"person_id": "email-0b96ec9a7416c4893497", "kind": "email", "value": "cy@acme.example", "source": "file:people.csv", "type": "work", "status": null, "seen_on": null, "verified_on": null, "do_not_contact": false}]','2026-11-28 21:18:11.757000',NULL,NULL);
INSERT INTO "buyer_group_members" VALUES('acme.example','default','email-2a1322415fff1b1aceae','Chief Executive Officer','c_suite','executive','decision',1.0,'["Runs the whole company; decides what a company of this size buys"]','[{"person_id": "email-2a1322415fff1b1aceae", "kind": "email", "value": "ada@acme.example", "source": "file:people.csv", "type": "work", "status": null, "seen_on": null, "verified_on": null, "do_not_contact": false}]','2026-11-28 21:18:11.757000',NULL,NULL);
INSERT INTO "buyer_group_members" VALUES('acme.example','default','email-35753cea566e54fd0111','VP Sales','vp','sales','champion',0.895,'["Vice president of all sales; works in the function that owns the budget and is heard by who decides; first to call"]','[{"person_id": "email-35753cea566e54fd0111", "kind": "email", "value": "bo@acme.example", "source": "file:people.csv", "type": "work", "status": null, "seen_on": null, "verified_on": null, "do_not_contact": false}]','2026-11-28 21:18:11.757000',NULL,NULL);
INSERT INTO "buyer_group_members" VALUES('globex.example','default','email-19db52c851d0c976cabb','Sales Manager','manager','sales','decision',0.765,'["Works alone and decides alone"]','[{"person_id": "email-19db52c851d0c976cabb", "kind": "email", "value": "di@globex.example", "source": "file:people.csv", "type": "work", "status": null, "seen_on": null, "verified_on": null, "do_not_contact": false}]','2026-11-28 21:18:12.776000',NULL,NULL);
CREATE TABLE buyer_group_refresh_logs (
	refresh_id VARCHAR(32) NOT NULL, 
	company_id VARCHAR(128) NOT NULL, 
	reason VARCHAR(16) NOT NULL, 
	state VARCHAR(16) DEFAULT 'planned' NOT NULL, 
	attempt INTEGER DEFAULT '1' NOT NULL, 
	planned_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	emitted_at DATETIME, 
	run_id VARCHAR(64), 
	started_at DATETIME, 
	finished_at DATETIME, 
	error TEXT, 
	traceparent TEXT, 
	summary TEXT, cost_usd FLOAT DEFAULT '0' NOT NULL, "deferred" TEXT, 
	CONSTRAINT pk_buyer_group_refresh_logs PRIMARY KEY (refresh_id), 
	CONSTRAINT ck_buyer_group_refresh_logs_reason CHECK (reason IN ('event', 'manual', 'scheduled')), 
	CONSTRAINT ck_buyer_group_refresh_logs_state CHECK (state IN ('planned', 'running', 'completed', 'failed', 'dead')), 
	CONSTRAINT fk_buyer_group_refresh_logs_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id)
);
INSERT INTO "buyer_group_refresh_logs" VALUES('b9dbc63d14a844f0ab6c239e76a170d1','acme.example','manual','completed',1,'2026-11-28 21:18:11.348000','2026-11-28 21:18:11.348000','2026-11-28 21:18:11.348000','27aff675-7767-4b88-8ca7-2d6fe5d753d3','2026-11-28 21:18:11.348000','2026-11-28 21:18:11.839000',NULL,NULL,'{"changes": 3, "confidence": 0.8294, "events": 0, "members": 3, "people": 3}',0.0,NULL);
INSERT INTO "buyer_group_refresh_logs" VALUES('f8556437d1264524821b8033dbeec3d4','globex.example','manual','completed',1,'2026-11-28 21:18:12.607000','2026-11-28 21:18:12.607000','2026-11-28 21:18:12.607000','338090e4-0a04-41ae-a438-598961d2639b','2026-11-28 21:18:12.607000','2026-11-28 21:18:12.802000',NULL,NULL,'{"changes": 1, "confidence": 0.8122, "events": 0, "members": 1, "people": 1}',0.0,NULL);
CREATE TABLE buyer_groups (
	company_id VARCHAR(128) NOT NULL, 
	profile_id VARCHAR(128) NOT NULL, 
	company_size INTEGER NOT NULL, 
	size_low INTEGER NOT NULL, 
	size_high INTEGER NOT NULL, 
	completeness FLOAT NOT NULL, 
	gaps TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, people_known INTEGER DEFAULT '0' NOT NULL, confidence FLOAT DEFAULT '0' NOT NULL, covered TEXT DEFAULT '[]' NOT NULL, gatekeepers TEXT DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_buyer_groups PRIMARY KEY (company_id, profile_id), 
	CONSTRAINT fk_buyer_groups_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id)
);
INSERT INTO "buyer_groups" VALUES('acme.example','default',3,1,3,1.0,'[]','2026-11-28 21:18:11.757000','2026-11-28 21:18:11.757000',3,0.8294,'["decision", "champion"]','[]');
INSERT INTO "buyer_groups" VALUES('globex.example','default',1,1,1,1.0,'[]','2026-11-28 21:18:12.776000','2026-11-28 21:18:12.776000',1,0.8122,'["decision", "champion"]','[]');
CREATE TABLE companies (
	company_id VARCHAR(128) NOT NULL, 
	name TEXT NOT NULL, 
	folded_name TEXT NOT NULL, 
	domain TEXT, 
	employee_count INTEGER, 
	industry TEXT, 
	country TEXT, 
	followed BOOLEAN DEFAULT true NOT NULL, 
	source TEXT NOT NULL, 
	created_at DATETIME NOT NULL, refreshed_at DATETIME, owner TEXT, 
	CONSTRAINT pk_companies PRIMARY KEY (company_id)
);
INSERT INTO "companies" VALUES('acme.example','Acme','acme','acme.example',NULL,NULL,NULL,1,'file:people.csv','2026-11-28 21:17:53.362000','2026-11-28 21:18:11.839000',NULL);
INSERT INTO "companies" VALUES('globex.example','Globex','globex','globex.example',NULL,NULL,NULL,1,'file:people.csv','2026-11-28 21:17:53.362000','2026-11-28 21:18:12.802000',NULL);
CREATE TABLE company_leases (
	company_id VARCHAR(128) NOT NULL, 
	token INTEGER NOT NULL, 
	refresh_id VARCHAR(32) NOT NULL, 
	run_id VARCHAR(64) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_company_leases PRIMARY KEY (company_id), 
	CONSTRAINT fk_company_leases_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id)
);
INSERT INTO "company_leases" VALUES('acme.example',2,'b9dbc63d14a844f0ab6c239e76a170d1','27aff675-7767-4b88-8ca7-2d6fe5d753d3','1970-01-01 00:00:00.000000');
INSERT INTO "company_leases" VALUES('globex.example',2,'f8556437d1264524821b8033dbeec3d4','338090e4-0a04-41ae-a438-598961d2639b','1970-01-01 00:00:00.000000');
CREATE TABLE contact_corrections (
	id INTEGER NOT NULL, 
	person_id TEXT NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	value TEXT, 
	wrong TEXT, 
	corrected_by TEXT NOT NULL, 
	why TEXT NOT NULL, 
	corrected_at DATETIME NOT NULL, 
	taken_back_at DATETIME, 
	taken_back_by TEXT, 
	taken_back_why TEXT, 
	CONSTRAINT pk_contact_corrections PRIMARY KEY (id), 
	CONSTRAINT ck_contact_corrections_kind CHECK (kind IN ('email', 'phone')), 
	CONSTRAINT ck_contact_corrections_says_something CHECK (value IS NOT NULL OR wrong IS NOT NULL), 
	CONSTRAINT fk_contact_corrections_person_id FOREIGN KEY(person_id) REFERENCES people (person_id) ON DELETE CASCADE
);
CREATE TABLE contact_points (
	id INTEGER NOT NULL, 
	person_id TEXT NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	value TEXT NOT NULL, 
	type TEXT, 
	status TEXT, 
	source TEXT NOT NULL, 
	as_of DATETIME, verified_at DATETIME, do_not_contact BOOLEAN DEFAULT false NOT NULL, 
	CONSTRAINT pk_contact_points PRIMARY KEY (id), 
	CONSTRAINT ck_contact_points_kind CHECK (kind IN ('email', 'phone')), 
	CONSTRAINT fk_contact_points_person_id FOREIGN KEY(person_id) REFERENCES people (person_id) ON DELETE CASCADE, 
	CONSTRAINT uq_contact_points_person_kind_value UNIQUE (person_id, kind, value)
);
INSERT INTO "contact_points" VALUES(1,'email-2a1322415fff1b1aceae','email','ada@acme.example','work',NULL,'file:people.csv',NULL,NULL,0);
INSERT INTO "contact_points" VALUES(2,'email-35753cea566e54fd0111','email','bo@acme.example','work',NULL,'file:people.csv',NULL,NULL,0);
INSERT INTO "contact_points" VALUES(3,'email-0b96ec9a7416c4893497','email','cy@acme.example','work',NULL,'file:people.csv',NULL,NULL,0);
INSERT INTO "contact_points" VALUES(4,'email-19db52c851d0c976cabb','email','di@globex.example','work',NULL,'file:people.csv',NULL,NULL,0);
CREATE TABLE employments (
	id INTEGER NOT NULL, 
	person_id TEXT NOT NULL, 
	company_id VARCHAR(128) NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	department TEXT, 
	started_on VARCHAR(10), 
	current BOOLEAN DEFAULT true NOT NULL, 
	as_of DATETIME, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_employments PRIMARY KEY (id), 
	CONSTRAINT fk_employments_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id), 
	CONSTRAINT fk_employments_person_id FOREIGN KEY(person_id) REFERENCES people (person_id) ON DELETE CASCADE, 
	CONSTRAINT uq_employments_company_person UNIQUE (company_id, person_id)
);
INSERT INTO "employments" VALUES(1,'email-2a1322415fff1b1aceae','acme.example','Chief Executive Officer',NULL,NULL,1,NULL,'file:people.csv');
INSERT INTO "employments" VALUES(2,'email-35753cea566e54fd0111','acme.example','VP Sales',NULL,NULL,1,NULL,'file:people.csv');
INSERT INTO "employments" VALUES(3,'email-0b96ec9a7416c4893497','acme.example','Head of IT',NULL,NULL,1,NULL,'file:people.csv');
INSERT INTO "employments" VALUES(4,'email-19db52c851d0c976cabb','globex.example','Sales Manager',NULL,NULL,1,NULL,'file:people.csv');
CREATE TABLE erasure_people (
	person_id TEXT NOT NULL, 
	request INTEGER NOT NULL, 
	CONSTRAINT pk_erasure_people PRIMARY KEY (person_id), 
	CONSTRAINT fk_erasure_people_request FOREIGN KEY(request) REFERENCES erasure_requests (id) ON DELETE CASCADE
);
CREATE TABLE erasure_requests (
	id INTEGER NOT NULL, 
	requested_at DATETIME NOT NULL, 
	stage VARCHAR(16) DEFAULT 'people' NOT NULL, 
	position TEXT, 
	wanted TEXT, 
	erased TEXT DEFAULT '{}' NOT NULL, 
	finished_at DATETIME, 
	CONSTRAINT pk_erasure_requests PRIMARY KEY (id), 
	CONSTRAINT ck_erasure_requests_stage CHECK (stage IN ('people', 'events', 'answers', 'values', 'done'))
);
CREATE TABLE external_ids (
	id INTEGER NOT NULL, 
	system VARCHAR(64) NOT NULL, 
	external_id TEXT NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	our_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	first_seen DATETIME NOT NULL, 
	last_seen DATETIME NOT NULL, 
	state VARCHAR(8) DEFAULT 'mapped' NOT NULL, 
	CONSTRAINT pk_external_ids PRIMARY KEY (id), 
	CONSTRAINT ck_external_ids_kind CHECK (kind IN ('company', 'person')), 
	CONSTRAINT ck_external_ids_state CHECK (state IN ('mapped', 'conflict')), 
	CONSTRAINT uq_external_ids_claim UNIQUE (system, external_id, our_id)
);
CREATE TABLE notification_addresses (
	address VARCHAR(64) NOT NULL, 
	claimed_by VARCHAR(32), 
	claimed_until DATETIME, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	rests_until DATETIME, 
	CONSTRAINT pk_notification_addresses PRIMARY KEY (address)
);
CREATE TABLE notification_outbox (
	id INTEGER NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	type VARCHAR(32) NOT NULL, 
	company_id VARCHAR(128) NOT NULL, 
	refresh_id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	state VARCHAR(16) DEFAULT 'pending' NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	due_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	error TEXT, 
	CONSTRAINT pk_notification_outbox PRIMARY KEY (id), 
	CONSTRAINT ck_notification_outbox_state CHECK (state IN ('pending', 'sent', 'dead', 'dropped')), 
	CONSTRAINT uq_notification_outbox_message UNIQUE (refresh_id, type, address)
);
CREATE TABLE people (
	person_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	country TEXT, 
	linkedin_url TEXT, 
	source TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (person_id)
);
INSERT INTO "people" VALUES('email-19db52c851d0c976cabb','Di Example',NULL,NULL,'file:people.csv','2026-11-28 21:17:53.398000');
INSERT INTO "people" VALUES('email-0b96ec9a7416c4893497','Cy Example',NULL,NULL,'file:people.csv','2026-11-28 21:17:53.398000');
INSERT INTO "people" VALUES('email-35753cea566e54fd0111','Bo Example',NULL,NULL,'file:people.csv','2026-11-28 21:17:53.398000');
INSERT INTO "people" VALUES('email-2a1322415fff1b1aceae','Ada Example',NULL,NULL,'file:people.csv','2026-11-28 21:17:53.398000');
CREATE TABLE pipeline_counters (
	name VARCHAR(64) NOT NULL, 
	labels VARCHAR(256) NOT NULL, 
	value FLOAT NOT NULL, 
	CONSTRAINT pk_pipeline_counters PRIMARY KEY (name, labels)
);
INSERT INTO "pipeline_counters" VALUES('bg_refresh_attempts_total','{"outcome": "completed", "reason": "manual"}',2.0);
CREATE TABLE pipeline_operations (
	"key" VARCHAR(64) NOT NULL, 
	attempt INTEGER NOT NULL, 
	capability VARCHAR(16) NOT NULL, 
	provider TEXT NOT NULL, 
	endpoint TEXT NOT NULL, 
	company_id VARCHAR(128), 
	refresh_id VARCHAR(32), 
	state VARCHAR(16) NOT NULL, 
	outcome VARCHAR(16), 
	why TEXT, 
	asked_at DATETIME NOT NULL, 
	claimed_until DATETIME NOT NULL, 
	answered_at DATETIME, 
	fresh_until DATETIME, 
	credits FLOAT NOT NULL, 
	cost_usd FLOAT NOT NULL, 
	cost_basis VARCHAR(16) NOT NULL, 
	headers TEXT, 
	answer BLOB, 
	CONSTRAINT pk_pipeline_operations PRIMARY KEY ("key", attempt), 
	CONSTRAINT ck_pipeline_operations_state CHECK (state IN ('started', 'answered', 'not_found', 'failed', 'ambiguous')), 
	CONSTRAINT ck_pipeline_operations_cost_basis CHECK (cost_basis IN ('metered', 'listed', 'possible'))
);
CREATE TABLE provider_circuits (
	provider VARCHAR(32) NOT NULL, 
	faults INTEGER NOT NULL, 
	openings INTEGER NOT NULL, 
	open_until DATETIME, 
	trying_until DATETIME, 
	stopped BOOLEAN NOT NULL, 
	why TEXT NOT NULL, 
	CONSTRAINT pk_provider_circuits PRIMARY KEY (provider)
);
CREATE TABLE provider_endpoints (
	provider VARCHAR(32) NOT NULL, 
	endpoint VARCHAR(128) NOT NULL, 
	next_at DATETIME, 
	calls INTEGER DEFAULT '0' NOT NULL, 
	errors INTEGER DEFAULT '0' NOT NULL, 
	ledger_hits INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_provider_endpoints PRIMARY KEY (provider, endpoint)
);
CREATE TABLE provider_records (
	provider VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	source_id TEXT NOT NULL, 
	our_id TEXT NOT NULL, 
	as_of DATETIME NOT NULL, 
	read_at DATETIME, 
	listed_at DATETIME, 
	listed_for VARCHAR(64), 
	told TEXT, 
	CONSTRAINT pk_provider_records PRIMARY KEY (provider, kind, source_id, our_id), 
	CONSTRAINT ck_provider_records_kind CHECK (kind IN ('company', 'person'))
);
CREATE TABLE provider_requests (
	request_id VARCHAR(32) NOT NULL, 
	provider VARCHAR(32) NOT NULL, 
	endpoint VARCHAR(128) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_provider_requests PRIMARY KEY (request_id)
);
CREATE TABLE provider_subscriptions (
	subscription_id VARCHAR(32) NOT NULL, 
	provider VARCHAR(32) NOT NULL, 
	company_id VARCHAR(128), 
	people INTEGER, 
	provider_id TEXT, 
	token_hash VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	last_push_at DATETIME, 
	CONSTRAINT pk_provider_subscriptions PRIMARY KEY (subscription_id), 
	CONSTRAINT fk_provider_subscriptions_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id), 
	CONSTRAINT uq_provider_subscriptions_token_hash UNIQUE (token_hash)
);
CREATE TABLE provider_sweeps (
	company_id VARCHAR(128) NOT NULL, 
	swept_at DATETIME NOT NULL, 
	CONSTRAINT pk_provider_sweeps PRIMARY KEY (company_id), 
	CONSTRAINT fk_provider_sweeps_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id)
);
CREATE TABLE refresh_attempts (
	refresh_id VARCHAR(32) NOT NULL, 
	attempt INTEGER NOT NULL, 
	run_id VARCHAR(64) NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	error TEXT, "deferred" BOOLEAN DEFAULT false NOT NULL, 
	CONSTRAINT pk_refresh_attempts PRIMARY KEY (refresh_id, attempt), 
	CONSTRAINT fk_refresh_attempts_refresh_id FOREIGN KEY(refresh_id) REFERENCES buyer_group_refresh_logs (refresh_id) ON DELETE CASCADE
);
INSERT INTO "refresh_attempts" VALUES('b9dbc63d14a844f0ab6c239e76a170d1',1,'27aff675-7767-4b88-8ca7-2d6fe5d753d3','2026-11-28 21:18:11.348000','2026-11-28 21:18:11.839000',NULL,0);
INSERT INTO "refresh_attempts" VALUES('f8556437d1264524821b8033dbeec3d4',1,'338090e4-0a04-41ae-a438-598961d2639b','2026-11-28 21:18:12.607000','2026-11-28 21:18:12.802000',NULL,0);
CREATE TABLE research_notes (
	company_id VARCHAR(128) NOT NULL, 
	person_id TEXT NOT NULL, 
	provider VARCHAR(32) NOT NULL, 
	researched_at DATETIME NOT NULL, 
	findings TEXT NOT NULL, 
	CONSTRAINT pk_research_notes PRIMARY KEY (company_id, person_id), 
	CONSTRAINT fk_research_notes_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id), 
	CONSTRAINT fk_research_notes_person_id FOREIGN KEY(person_id) REFERENCES people (person_id) ON DELETE CASCADE
);
CREATE TABLE suppressions (
	mark VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_suppressions PRIMARY KEY (mark)
);
CREATE TABLE trace_spans (
	run_id VARCHAR(64) NOT NULL, 
	span_id VARCHAR(16) NOT NULL, 
	trace_id VARCHAR(32) NOT NULL, 
	parent_id VARCHAR(16), 
	name TEXT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	began_at DATETIME NOT NULL, 
	seconds FLOAT NOT NULL, 
	error TEXT, 
	attributes TEXT NOT NULL, 
	links TEXT NOT NULL, 
	CONSTRAINT pk_trace_spans PRIMARY KEY (run_id, span_id)
);
CREATE TABLE webhook_event_companies (
	event INTEGER NOT NULL, 
	company_id VARCHAR(128) NOT NULL, 
	received_at DATETIME NOT NULL, 
	refresh_id VARCHAR(32), 
	state VARCHAR(16) DEFAULT 'pending' NOT NULL, 
	CONSTRAINT pk_webhook_event_companies PRIMARY KEY (event, company_id), 
	CONSTRAINT ck_webhook_event_companies_state CHECK (state IN ('pending', 'handled', 'dead')), 
	CONSTRAINT fk_webhook_event_companies_company_id FOREIGN KEY(company_id) REFERENCES companies (company_id), 
	CONSTRAINT fk_webhook_event_companies_event FOREIGN KEY(event) REFERENCES webhook_events (id) ON DELETE CASCADE, 
	CONSTRAINT fk_webhook_event_companies_refresh_id FOREIGN KEY(refresh_id) REFERENCES buyer_group_refresh_logs (refresh_id)
);
CREATE TABLE webhook_events (
	id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	type TEXT NOT NULL, 
	company_id VARCHAR(128) NOT NULL, 
	person_id TEXT NOT NULL, 
	happened_at DATETIME NOT NULL, 
	received_at DATETIME NOT NULL, 
	body BLOB, 
	body_sha256 VARCHAR(64) NOT NULL, 
	scheme TEXT NOT NULL, 
	key_fingerprint TEXT NOT NULL, 
	webhook_id TEXT, 
	traceparent TEXT, 
	conflicts INTEGER DEFAULT '0' NOT NULL, 
	state VARCHAR(16) DEFAULT 'received' NOT NULL, 
	reason TEXT, 
	handled_at DATETIME, 
	CONSTRAINT pk_webhook_events PRIMARY KEY (id), 
	CONSTRAINT ck_webhook_events_state CHECK (state IN ('received', 'pending', 'handled', 'ignored', 'dead')), 
	CONSTRAINT uq_webhook_events_source_event_id UNIQUE (source, event_id)
);
CREATE INDEX ix_companies_folded_name ON companies (folded_name);
CREATE INDEX ix_buyer_group_members_person_id ON buyer_group_members (person_id);
CREATE INDEX ix_buyer_group_refresh_logs_company_started ON buyer_group_refresh_logs (company_id, started_at);
CREATE INDEX ix_buyer_group_refresh_logs_run_id ON buyer_group_refresh_logs (run_id);
CREATE INDEX ix_buyer_group_refresh_logs_to_emit ON buyer_group_refresh_logs (reason, due_at) WHERE state IN ('planned', 'failed') AND emitted_at IS NULL;
CREATE INDEX ix_buyer_group_refresh_logs_under_way ON buyer_group_refresh_logs (emitted_at) WHERE state IN ('planned', 'running', 'failed') AND emitted_at IS NOT NULL;
CREATE UNIQUE INDEX uq_buyer_group_refresh_logs_open ON buyer_group_refresh_logs (company_id) WHERE state IN ('planned', 'running', 'failed');
CREATE INDEX ix_employments_person_id ON employments (person_id);
CREATE INDEX ix_buyer_group_changes_changed_at ON buyer_group_changes (changed_at);
CREATE INDEX ix_buyer_group_changes_company_changed ON buyer_group_changes (company_id, changed_at);
CREATE INDEX ix_refresh_attempts_started_at ON refresh_attempts (started_at);
CREATE INDEX ix_webhook_event_companies_pending ON webhook_event_companies (company_id, received_at) WHERE state = 'pending';
CREATE INDEX ix_webhook_event_companies_refresh_id ON webhook_event_companies (refresh_id);
CREATE INDEX ix_buyer_group_decisions_company_id ON buyer_group_decisions (company_id);
CREATE INDEX ix_buyer_group_decisions_person_id ON buyer_group_decisions (person_id);
CREATE UNIQUE INDEX uq_buyer_group_decisions_in_force ON buyer_group_decisions (company_id, profile_id, person_id) WHERE taken_back_at IS NULL;
CREATE INDEX ix_pipeline_operations_spending ON pipeline_operations (asked_at, provider, cost_usd);
CREATE INDEX ix_pipeline_operations_started ON pipeline_operations (claimed_until) WHERE state = 'started';
CREATE INDEX ix_pipeline_operations_refresh_id ON pipeline_operations (refresh_id);
CREATE INDEX ix_pipeline_operations_company_id ON pipeline_operations (company_id);
CREATE INDEX ix_provider_requests_endpoint ON provider_requests (provider, endpoint);
CREATE INDEX ix_provider_records_our_id ON provider_records (kind, our_id);
CREATE INDEX ix_contact_corrections_in_force ON contact_corrections (person_id) WHERE taken_back_at IS NULL;
CREATE INDEX ix_research_notes_person_id ON research_notes (person_id);
CREATE INDEX ix_people_linkedin_url ON people (linkedin_url);
CREATE INDEX ix_contact_points_value ON contact_points (value);
CREATE INDEX ix_trace_spans_trace_id ON trace_spans (trace_id);
CREATE INDEX ix_trace_spans_began_at ON trace_spans (began_at);
CREATE INDEX ix_buyer_group_refresh_logs_dead ON buyer_group_refresh_logs (finished_at) WHERE state = 'dead';
CREATE INDEX ix_notification_outbox_pending ON notification_outbox (address, id) WHERE state = 'pending';
CREATE INDEX ix_notification_outbox_pending_company ON notification_outbox (address, company_id, id) WHERE state = 'pending';
CREATE INDEX ix_notification_outbox_dead ON notification_outbox (id) WHERE state = 'dead';
CREATE INDEX ix_notification_outbox_ended_at ON notification_outbox (ended_at);
CREATE INDEX ix_buyer_group_refresh_logs_completed ON buyer_group_refresh_logs (finished_at) WHERE state = 'completed';
CREATE INDEX ix_erasure_requests_open ON erasure_requests (id) WHERE finished_at IS NULL;
CREATE INDEX ix_contact_points_lower_value ON contact_points (lower(value));
CREATE INDEX ix_companies_refreshed_at ON companies (refreshed_at, company_id) WHERE followed;
CREATE INDEX ix_companies_created_at ON companies (created_at) WHERE followed;
CREATE INDEX ix_webhook_events_state ON webhook_events (state, id);
CREATE INDEX ix_webhook_events_company_id ON webhook_events (company_id, id);
CREATE INDEX ix_webhook_events_body ON webhook_events (handled_at) WHERE body IS NOT NULL;
CREATE INDEX ix_webhook_event_companies_company_id ON webhook_event_companies (company_id, event);
CREATE INDEX ix_webhook_event_companies_handled ON webhook_event_companies (received_at) WHERE state = 'handled';
CREATE INDEX ix_buyer_group_changes_refresh_id ON buyer_group_changes (refresh_id);
CREATE UNIQUE INDEX uq_external_ids_mapped ON external_ids (system, external_id) WHERE state = 'mapped';
CREATE INDEX ix_external_ids_our_id ON external_ids (kind, our_id);
COMMIT;
