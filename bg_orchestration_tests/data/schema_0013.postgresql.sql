CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.budget_overrides (
    company_id character varying(128) NOT NULL,
    granted_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL
);
CREATE TABLE public.buyer_group_changes (
    id bigint NOT NULL,
    company_id character varying(128) NOT NULL,
    profile_id character varying(128) NOT NULL,
    person_id text NOT NULL,
    refresh_id character varying(32) NOT NULL,
    kind character varying(16) NOT NULL,
    old text,
    new text,
    changed_at timestamp with time zone NOT NULL,
    title text,
    since character varying(10),
    CONSTRAINT ck_buyer_group_changes_kind CHECK (((kind)::text = ANY ((ARRAY['joined'::character varying, 'left'::character varying, 'role_changed'::character varying, 'title_changed'::character varying, 'contact_changed'::character varying])::text[])))
);
CREATE SEQUENCE public.buyer_group_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.buyer_group_changes_id_seq OWNED BY public.buyer_group_changes.id;
CREATE TABLE public.buyer_group_decisions (
    id bigint NOT NULL,
    company_id character varying(128) NOT NULL,
    profile_id character varying(128) NOT NULL,
    person_id text NOT NULL,
    kind character varying(16) NOT NULL,
    role character varying(16),
    decided_by text NOT NULL,
    why text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    taken_back_at timestamp with time zone,
    taken_back_by text,
    taken_back_why text,
    CONSTRAINT ck_buyer_group_decisions_dismissed_without_role CHECK ((((kind)::text = 'dismissed'::text) = (role IS NULL))),
    CONSTRAINT ck_buyer_group_decisions_kind CHECK (((kind)::text = ANY ((ARRAY['confirmed'::character varying, 'dismissed'::character varying, 'assigned'::character varying])::text[]))),
    CONSTRAINT ck_buyer_group_decisions_role CHECK (((role)::text = ANY ((ARRAY['decision'::character varying, 'champion'::character varying, 'stakeholder'::character varying, 'blocker'::character varying, 'introducer'::character varying])::text[])))
);
CREATE SEQUENCE public.buyer_group_decisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.buyer_group_decisions_id_seq OWNED BY public.buyer_group_decisions.id;
CREATE TABLE public.buyer_group_members (
    company_id character varying(128) NOT NULL,
    profile_id character varying(128) NOT NULL,
    person_id text NOT NULL,
    title text NOT NULL,
    seniority character varying(16) NOT NULL,
    function character varying(32) NOT NULL,
    role character varying(16) NOT NULL,
    score double precision NOT NULL,
    reasons text NOT NULL,
    contacts text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    started_on character varying(10),
    decided character varying(16),
    CONSTRAINT ck_buyer_group_members_role CHECK (((role)::text = ANY ((ARRAY['decision'::character varying, 'champion'::character varying, 'stakeholder'::character varying, 'blocker'::character varying, 'introducer'::character varying])::text[])))
);
CREATE TABLE public.buyer_group_refresh_logs (
    refresh_id character varying(32) NOT NULL,
    company_id character varying(128) NOT NULL,
    reason character varying(16) NOT NULL,
    state character varying(16) DEFAULT 'planned'::character varying NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    emitted_at timestamp with time zone,
    run_id character varying(64),
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    error text,
    traceparent text,
    summary text,
    cost_usd double precision DEFAULT '0'::double precision NOT NULL,
    deferred text,
    CONSTRAINT ck_buyer_group_refresh_logs_reason CHECK (((reason)::text = ANY ((ARRAY['event'::character varying, 'manual'::character varying, 'scheduled'::character varying])::text[]))),
    CONSTRAINT ck_buyer_group_refresh_logs_state CHECK (((state)::text = ANY ((ARRAY['planned'::character varying, 'running'::character varying, 'completed'::character varying, 'failed'::character varying, 'dead'::character varying])::text[])))
);
CREATE TABLE public.buyer_groups (
    company_id character varying(128) NOT NULL,
    profile_id character varying(128) NOT NULL,
    company_size integer NOT NULL,
    size_low integer NOT NULL,
    size_high integer NOT NULL,
    completeness double precision NOT NULL,
    gaps text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    people_known integer DEFAULT 0 NOT NULL,
    confidence double precision DEFAULT '0'::double precision NOT NULL,
    covered text DEFAULT '[]'::text NOT NULL,
    gatekeepers text DEFAULT '[]'::text NOT NULL
);
CREATE TABLE public.companies (
    company_id character varying(128) NOT NULL,
    name text NOT NULL,
    folded_name text NOT NULL,
    domain text,
    employee_count integer,
    industry text,
    country text,
    followed boolean DEFAULT true NOT NULL,
    source text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    refreshed_at timestamp with time zone,
    owner text
);
CREATE TABLE public.company_leases (
    company_id character varying(128) NOT NULL,
    token bigint NOT NULL,
    refresh_id character varying(32) NOT NULL,
    run_id character varying(64) NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.contact_corrections (
    id bigint NOT NULL,
    person_id text NOT NULL,
    kind character varying(8) NOT NULL,
    value text,
    wrong text,
    corrected_by text NOT NULL,
    why text NOT NULL,
    corrected_at timestamp with time zone NOT NULL,
    taken_back_at timestamp with time zone,
    taken_back_by text,
    taken_back_why text,
    CONSTRAINT ck_contact_corrections_kind CHECK (((kind)::text = ANY ((ARRAY['email'::character varying, 'phone'::character varying])::text[]))),
    CONSTRAINT ck_contact_corrections_says_something CHECK (((value IS NOT NULL) OR (wrong IS NOT NULL)))
);
CREATE SEQUENCE public.contact_corrections_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.contact_corrections_id_seq OWNED BY public.contact_corrections.id;
CREATE TABLE public.contact_points (
    id bigint NOT NULL,
    person_id text NOT NULL,
    kind character varying(8) NOT NULL,
    value text NOT NULL,
    type text,
    status text,
    source text NOT NULL,
    as_of timestamp with time zone,
    verified_at timestamp with time zone,
    do_not_contact boolean DEFAULT false NOT NULL,
    CONSTRAINT ck_contact_points_kind CHECK (((kind)::text = ANY ((ARRAY['email'::character varying, 'phone'::character varying])::text[])))
);
CREATE SEQUENCE public.contact_points_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.contact_points_id_seq OWNED BY public.contact_points.id;
CREATE TABLE public.employments (
    id bigint NOT NULL,
    person_id text NOT NULL,
    company_id character varying(128) NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    department text,
    started_on character varying(10),
    current boolean DEFAULT true NOT NULL,
    as_of timestamp with time zone,
    source text NOT NULL
);
CREATE SEQUENCE public.employments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.employments_id_seq OWNED BY public.employments.id;
CREATE TABLE public.erasure_people (
    person_id text NOT NULL,
    request bigint NOT NULL
);
CREATE TABLE public.erasure_requests (
    id bigint NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    stage character varying(16) DEFAULT 'people'::character varying NOT NULL,
    "position" text,
    wanted text,
    erased text DEFAULT '{}'::text NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT ck_erasure_requests_stage CHECK (((stage)::text = ANY ((ARRAY['people'::character varying, 'events'::character varying, 'answers'::character varying, 'values'::character varying, 'done'::character varying])::text[])))
);
CREATE SEQUENCE public.erasure_requests_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.erasure_requests_id_seq OWNED BY public.erasure_requests.id;
CREATE TABLE public.external_ids (
    id bigint NOT NULL,
    system character varying(64) NOT NULL,
    external_id text NOT NULL,
    kind character varying(8) NOT NULL,
    our_id text NOT NULL,
    source text NOT NULL,
    first_seen timestamp with time zone NOT NULL,
    last_seen timestamp with time zone NOT NULL,
    state character varying(8) DEFAULT 'mapped'::character varying NOT NULL,
    CONSTRAINT ck_external_ids_kind CHECK (((kind)::text = ANY ((ARRAY['company'::character varying, 'person'::character varying])::text[]))),
    CONSTRAINT ck_external_ids_state CHECK (((state)::text = ANY ((ARRAY['mapped'::character varying, 'conflict'::character varying])::text[])))
);
CREATE SEQUENCE public.external_ids_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.external_ids_id_seq OWNED BY public.external_ids.id;
CREATE TABLE public.notification_addresses (
    address character varying(64) NOT NULL,
    claimed_by character varying(32),
    claimed_until timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    rests_until timestamp with time zone
);
CREATE TABLE public.notification_outbox (
    id bigint NOT NULL,
    address character varying(64) NOT NULL,
    type character varying(32) NOT NULL,
    company_id character varying(128) NOT NULL,
    refresh_id character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state character varying(16) DEFAULT 'pending'::character varying NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    error text,
    CONSTRAINT ck_notification_outbox_state CHECK (((state)::text = ANY ((ARRAY['pending'::character varying, 'sent'::character varying, 'dead'::character varying, 'dropped'::character varying])::text[])))
);
CREATE SEQUENCE public.notification_outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.notification_outbox_id_seq OWNED BY public.notification_outbox.id;
CREATE TABLE public.people (
    person_id text NOT NULL,
    name text NOT NULL,
    country text,
    linkedin_url text,
    source text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.pipeline_counters (
    name character varying(64) NOT NULL,
    labels character varying(256) NOT NULL,
    value double precision NOT NULL
);
CREATE TABLE public.pipeline_operations (
    key character varying(64) NOT NULL,
    attempt integer NOT NULL,
    capability character varying(16) NOT NULL,
    provider text NOT NULL,
    endpoint text NOT NULL,
    company_id character varying(128),
    refresh_id character varying(32),
    state character varying(16) NOT NULL,
    outcome character varying(16),
    why text,
    asked_at timestamp with time zone NOT NULL,
    claimed_until timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    fresh_until timestamp with time zone,
    credits double precision NOT NULL,
    cost_usd double precision NOT NULL,
    cost_basis character varying(16) NOT NULL,
    headers text,
    answer bytea,
    CONSTRAINT ck_pipeline_operations_cost_basis CHECK (((cost_basis)::text = ANY ((ARRAY['metered'::character varying, 'listed'::character varying, 'possible'::character varying])::text[]))),
    CONSTRAINT ck_pipeline_operations_state CHECK (((state)::text = ANY ((ARRAY['started'::character varying, 'answered'::character varying, 'not_found'::character varying, 'failed'::character varying, 'ambiguous'::character varying])::text[])))
);
CREATE TABLE public.provider_circuits (
    provider character varying(32) NOT NULL,
    faults integer NOT NULL,
    openings integer NOT NULL,
    open_until timestamp with time zone,
    trying_until timestamp with time zone,
    stopped boolean NOT NULL,
    why text NOT NULL
);
CREATE TABLE public.provider_endpoints (
    provider character varying(32) NOT NULL,
    endpoint character varying(128) NOT NULL,
    next_at timestamp with time zone,
    calls bigint DEFAULT '0'::bigint NOT NULL,
    errors bigint DEFAULT '0'::bigint NOT NULL,
    ledger_hits bigint DEFAULT '0'::bigint NOT NULL
);
CREATE TABLE public.provider_records (
    provider character varying(32) NOT NULL,
    kind character varying(16) NOT NULL,
    source_id text NOT NULL,
    our_id text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    listed_at timestamp with time zone,
    listed_for character varying(64),
    told text,
    CONSTRAINT ck_provider_records_kind CHECK (((kind)::text = ANY ((ARRAY['company'::character varying, 'person'::character varying])::text[])))
);
CREATE TABLE public.provider_requests (
    request_id character varying(32) NOT NULL,
    provider character varying(32) NOT NULL,
    endpoint character varying(128) NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.provider_subscriptions (
    subscription_id character varying(32) NOT NULL,
    provider character varying(32) NOT NULL,
    company_id character varying(128),
    people integer,
    provider_id text,
    token_hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_push_at timestamp with time zone
);
CREATE TABLE public.provider_sweeps (
    company_id character varying(128) NOT NULL,
    swept_at timestamp with time zone NOT NULL
);
CREATE TABLE public.refresh_attempts (
    refresh_id character varying(32) NOT NULL,
    attempt integer NOT NULL,
    run_id character varying(64) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    error text,
    deferred boolean DEFAULT false NOT NULL
);
CREATE TABLE public.research_notes (
    company_id character varying(128) NOT NULL,
    person_id text NOT NULL,
    provider character varying(32) NOT NULL,
    researched_at timestamp with time zone NOT NULL,
    findings text NOT NULL
);
CREATE TABLE public.suppressions (
    mark character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.trace_spans (
    run_id character varying(64) NOT NULL,
    span_id character varying(16) NOT NULL,
    trace_id character varying(32) NOT NULL,
    parent_id character varying(16),
    name text NOT NULL,
    kind character varying(16) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    seconds double precision NOT NULL,
    error text,
    attributes text NOT NULL,
    links text NOT NULL
);
CREATE TABLE public.webhook_event_companies (
    event bigint NOT NULL,
    company_id character varying(128) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    refresh_id character varying(32),
    state character varying(16) DEFAULT 'pending'::character varying NOT NULL,
    CONSTRAINT ck_webhook_event_companies_state CHECK (((state)::text = ANY ((ARRAY['pending'::character varying, 'handled'::character varying, 'dead'::character varying])::text[])))
);
CREATE TABLE public.webhook_events (
    id bigint NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    company_id character varying(128) NOT NULL,
    person_id text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    body bytea,
    body_sha256 character varying(64) NOT NULL,
    scheme text NOT NULL,
    key_fingerprint text NOT NULL,
    webhook_id text,
    traceparent text,
    conflicts integer DEFAULT 0 NOT NULL,
    state character varying(16) DEFAULT 'received'::character varying NOT NULL,
    reason text,
    handled_at timestamp with time zone,
    CONSTRAINT ck_webhook_events_state CHECK (((state)::text = ANY ((ARRAY['received'::character varying, 'pending'::character varying, 'handled'::character varying, 'ignored'::character varying, 'dead'::character varying])::text[])))
);
CREATE SEQUENCE public.webhook_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.webhook_events_id_seq OWNED BY public.webhook_events.id;
ALTER TABLE ONLY public.buyer_group_changes ALTER COLUMN id SET DEFAULT nextval('public.buyer_group_changes_id_seq'::regclass);
ALTER TABLE ONLY public.buyer_group_decisions ALTER COLUMN id SET DEFAULT nextval('public.buyer_group_decisions_id_seq'::regclass);
ALTER TABLE ONLY public.contact_corrections ALTER COLUMN id SET DEFAULT nextval('public.contact_corrections_id_seq'::regclass);
ALTER TABLE ONLY public.contact_points ALTER COLUMN id SET DEFAULT nextval('public.contact_points_id_seq'::regclass);
ALTER TABLE ONLY public.employments ALTER COLUMN id SET DEFAULT nextval('public.employments_id_seq'::regclass);
ALTER TABLE ONLY public.erasure_requests ALTER COLUMN id SET DEFAULT nextval('public.erasure_requests_id_seq'::regclass);
ALTER TABLE ONLY public.external_ids ALTER COLUMN id SET DEFAULT nextval('public.external_ids_id_seq'::regclass);
ALTER TABLE ONLY public.notification_outbox ALTER COLUMN id SET DEFAULT nextval('public.notification_outbox_id_seq'::regclass);
ALTER TABLE ONLY public.webhook_events ALTER COLUMN id SET DEFAULT nextval('public.webhook_events_id_seq'::regclass);
INSERT INTO public.alembic_version (version_num) VALUES ('0013');
INSERT INTO public.buyer_group_changes (id, company_id, profile_id, person_id, refresh_id, kind, old, new, changed_at, title, since) VALUES (1, 'acme.example', 'default', 'email-0b96ec9a7416c4893497', '6613814e92304634b3a33cc5e15c2136', 'joined', NULL, 'stakeholder', '2026-11-28 21:19:30.062042+00', 'Head of IT', NULL);
INSERT INTO public.buyer_group_changes (id, company_id, profile_id, person_id, refresh_id, kind, old, new, changed_at, title, since) VALUES (2, 'acme.example', 'default', 'email-2a1322415fff1b1aceae', '6613814e92304634b3a33cc5e15c2136', 'joined', NULL, 'decision', '2026-11-28 21:19:30.062042+00', 'Chief Executive Officer', NULL);
INSERT INTO public.buyer_group_changes (id, company_id, profile_id, person_id, refresh_id, kind, old, new, changed_at, title, since) VALUES (3, 'acme.example', 'default', 'email-35753cea566e54fd0111', '6613814e92304634b3a33cc5e15c2136', 'joined', NULL, 'champion', '2026-11-28 21:19:30.062042+00', 'VP Sales', NULL);
INSERT INTO public.buyer_group_changes (id, company_id, profile_id, person_id, refresh_id, kind, old, new, changed_at, title, since) VALUES (4, 'globex.example', 'default', 'email-19db52c851d0c976cabb', '77f71384161341a1aba65dfdfe6fc583', 'joined', NULL, 'decision', '2026-11-28 21:19:30.831525+00', 'Sales Manager', NULL);
INSERT INTO public.buyer_group_members (company_id, profile_id, person_id, title, seniority, function, role, score, reasons, contacts, changed_at, started_on, decided) VALUES ('acme.example', 'default', 'email-0b96ec9a7416c4893497', 'Head of IT', 'director', 'it', 'stakeholder', 0.4978, '["Director of all IT; the product touches data and logins"]', '[{"person_id": "email-0b96ec9a7416c4893497", "kind": "email", "value": "cy@acme.example", "source": "file:people.csv", "type": "work", "status": null, "seen_on": null, "verified_on": null, "do_not_contact": false}]', '2026-11-28 21:19:30.062042+00', NULL, NULL);
INSERT INTO public.buyer_group_members (company_id, profile_id, person_id, title, seniority, function, role, score, reasons, contacts, changed_at, started_on, decided) VALUES ('acme.example', 'default', 'email-2a1322415fff1b1aceae', 'Chief Executive Officer', 'c_suite', 'executive', 'decision', 1, '["Runs the whole company; decides what a company of this size buys"]', '[{"person_id": "email-2a1322415fff1b1aceae", "kind": "email", "value": "ada@acme.example", "source": "file:people.csv", "type": "work", "status": null, "seen_on": null, "verified_on": null, "do_not_contact": false}]', '2026-11-28 21:19:30.062042+00', NULL, NULL);
INSERT INTO public.buyer_group_members (company_id, profile_id, person_id, title, seniority, function, role, score, reasons, contacts, changed_at, started_on, decided) VALUES ('acme.example', 'default', 'email-35753cea566e54fd0111', 'VP Sales', 'vp', 'sales', 'champion', 0.895, '["Vice president of all sales; works in the function that owns the budget and is heard by who decides; first to call"]', '[{"person_id": "email-35753cea566e54fd0111", "kind": "email", "value": "bo@acme.example", "source": "file:people.csv", "type": "work", "status": null, "seen_on": null, "verified_on": null, "do_not_contact": false}]', '2026-11-28 21:19:30.062042+00', NULL, NULL);
INSERT INTO public.buyer_group_members (company_id, profile_id, person_id, title, seniority, function, role, score, reasons, contacts, changed_at, started_on, decided) VALUES ('globex.example', 'default', 'email-19db52c851d0c976cabb', 'Sales Manager', 'manager', 'sales', 'decision', 0.765, '["Works alone and decides alone"]', '[{"person_id": "email-19db52c851d0c976cabb", "kind": "email", "value": "di@globex.example", "source": "file:people.csv", "type": "work", "status": null, "seen_on": null, "verified_on": null, "do_not_contact": false}]', '2026-11-28 21:19:30.831525+00', NULL, NULL);
INSERT INTO public.buyer_group_refresh_logs (refresh_id, company_id, reason, state, attempt, planned_at, due_at, emitted_at, run_id, started_at, finished_at, error, traceparent, summary, cost_usd, deferred) VALUES ('6613814e92304634b3a33cc5e15c2136', 'acme.example', 'manual', 'completed', 1, '2026-11-28 21:19:29.817426+00', '2026-11-28 21:19:29.817426+00', '2026-11-28 21:19:29.817426+00', '24df648d-c35a-494a-917e-97f5e5ff91db', '2026-11-28 21:19:29.817426+00', '2026-11-28 21:19:30.122129+00', NULL, NULL, '{"changes": 3, "confidence": 0.8294, "events": 0, "members": 3, "people": 3}', 0, NULL);
INSERT INTO public.buyer_group_refresh_logs (refresh_id, company_id, reason, state, attempt, planned_at, due_at, emitted_at, run_id, started_at, finished_at, error, traceparent, summary, cost_usd, deferred) VALUES ('77f71384161341a1aba65dfdfe6fc583', 'globex.example', 'manual', 'completed', 1, '2026-11-28 21:19:30.692591+00', '2026-11-28 21:19:30.692591+00', '2026-11-28 21:19:30.692591+00', '1e07acdc-3777-47f0-b1f2-12ff8fdc2f39', '2026-11-28 21:19:30.692591+00', '2026-11-28 21:19:30.860564+00', NULL, NULL, '{"changes": 1, "confidence": 0.8122, "events": 0, "members": 1, "people": 1}', 0, NULL);
INSERT INTO public.buyer_groups (company_id, profile_id, company_size, size_low, size_high, completeness, gaps, created_at, changed_at, people_known, confidence, covered, gatekeepers) VALUES ('acme.example', 'default', 3, 1, 3, 1, '[]', '2026-11-28 21:19:30.062042+00', '2026-11-28 21:19:30.062042+00', 3, 0.8294, '["decision", "champion"]', '[]');
INSERT INTO public.buyer_groups (company_id, profile_id, company_size, size_low, size_high, completeness, gaps, created_at, changed_at, people_known, confidence, covered, gatekeepers) VALUES ('globex.example', 'default', 1, 1, 1, 1, '[]', '2026-11-28 21:19:30.831525+00', '2026-11-28 21:19:30.831525+00', 1, 0.8122, '["decision", "champion"]', '[]');
INSERT INTO public.companies (company_id, name, folded_name, domain, employee_count, industry, country, followed, source, created_at, refreshed_at, owner) VALUES ('acme.example', 'Acme', 'acme', 'acme.example', NULL, NULL, NULL, true, 'file:people.csv', '2026-11-28 21:19:14.644659+00', '2026-11-28 21:19:30.122129+00', NULL);
INSERT INTO public.companies (company_id, name, folded_name, domain, employee_count, industry, country, followed, source, created_at, refreshed_at, owner) VALUES ('globex.example', 'Globex', 'globex', 'globex.example', NULL, NULL, NULL, true, 'file:people.csv', '2026-11-28 21:19:14.644659+00', '2026-11-28 21:19:30.860564+00', NULL);
INSERT INTO public.company_leases (company_id, token, refresh_id, run_id, expires_at) VALUES ('acme.example', 2, '6613814e92304634b3a33cc5e15c2136', '24df648d-c35a-494a-917e-97f5e5ff91db', '1970-01-01 00:00:00+00');
INSERT INTO public.company_leases (company_id, token, refresh_id, run_id, expires_at) VALUES ('globex.example', 2, '77f71384161341a1aba65dfdfe6fc583', '1e07acdc-3777-47f0-b1f2-12ff8fdc2f39', '1970-01-01 00:00:00+00');
INSERT INTO public.contact_points (id, person_id, kind, value, type, status, source, as_of, verified_at, do_not_contact) VALUES (1, 'email-2a1322415fff1b1aceae', 'email', 'ada@acme.example', 'work', NULL, 'file:people.csv', NULL, NULL, false);
INSERT INTO public.contact_points (id, person_id, kind, value, type, status, source, as_of, verified_at, do_not_contact) VALUES (2, 'email-35753cea566e54fd0111', 'email', 'bo@acme.example', 'work', NULL, 'file:people.csv', NULL, NULL, false);
INSERT INTO public.contact_points (id, person_id, kind, value, type, status, source, as_of, verified_at, do_not_contact) VALUES (3, 'email-0b96ec9a7416c4893497', 'email', 'cy@acme.example', 'work', NULL, 'file:people.csv', NULL, NULL, false);
INSERT INTO public.contact_points (id, person_id, kind, value, type, status, source, as_of, verified_at, do_not_contact) VALUES (4, 'email-19db52c851d0c976cabb', 'email', 'di@globex.example', 'work', NULL, 'file:people.csv', NULL, NULL, false);
INSERT INTO public.employments (id, person_id, company_id, title, department, started_on, current, as_of, source) VALUES (1, 'email-2a1322415fff1b1aceae', 'acme.example', 'Chief Executive Officer', NULL, NULL, true, NULL, 'file:people.csv');
INSERT INTO public.employments (id, person_id, company_id, title, department, started_on, current, as_of, source) VALUES (2, 'email-35753cea566e54fd0111', 'acme.example', 'VP Sales', NULL, NULL, true, NULL, 'file:people.csv');
INSERT INTO public.employments (id, person_id, company_id, title, department, started_on, current, as_of, source) VALUES (3, 'email-0b96ec9a7416c4893497', 'acme.example', 'Head of IT', NULL, NULL, true, NULL, 'file:people.csv');
INSERT INTO public.employments (id, person_id, company_id, title, department, started_on, current, as_of, source) VALUES (4, 'email-19db52c851d0c976cabb', 'globex.example', 'Sales Manager', NULL, NULL, true, NULL, 'file:people.csv');
INSERT INTO public.people (person_id, name, country, linkedin_url, source, created_at) VALUES ('email-19db52c851d0c976cabb', 'Di Example', NULL, NULL, 'file:people.csv', '2026-11-28 21:19:14.685684+00');
INSERT INTO public.people (person_id, name, country, linkedin_url, source, created_at) VALUES ('email-0b96ec9a7416c4893497', 'Cy Example', NULL, NULL, 'file:people.csv', '2026-11-28 21:19:14.685684+00');
INSERT INTO public.people (person_id, name, country, linkedin_url, source, created_at) VALUES ('email-35753cea566e54fd0111', 'Bo Example', NULL, NULL, 'file:people.csv', '2026-11-28 21:19:14.685684+00');
INSERT INTO public.people (person_id, name, country, linkedin_url, source, created_at) VALUES ('email-2a1322415fff1b1aceae', 'Ada Example', NULL, NULL, 'file:people.csv', '2026-11-28 21:19:14.685684+00');
INSERT INTO public.pipeline_counters (name, labels, value) VALUES ('bg_refresh_attempts_total', '{"outcome": "completed", "reason": "manual"}', 2);
INSERT INTO public.refresh_attempts (refresh_id, attempt, run_id, started_at, ended_at, error, deferred) VALUES ('6613814e92304634b3a33cc5e15c2136', 1, '24df648d-c35a-494a-917e-97f5e5ff91db', '2026-11-28 21:19:29.817426+00', '2026-11-28 21:19:30.122129+00', NULL, false);
INSERT INTO public.refresh_attempts (refresh_id, attempt, run_id, started_at, ended_at, error, deferred) VALUES ('77f71384161341a1aba65dfdfe6fc583', 1, '1e07acdc-3777-47f0-b1f2-12ff8fdc2f39', '2026-11-28 21:19:30.692591+00', '2026-11-28 21:19:30.860564+00', NULL, false);
SELECT pg_catalog.setval('public.buyer_group_changes_id_seq', 4, true);
SELECT pg_catalog.setval('public.buyer_group_decisions_id_seq', 1, false);
SELECT pg_catalog.setval('public.contact_corrections_id_seq', 1, false);
SELECT pg_catalog.setval('public.contact_points_id_seq', 4, true);
SELECT pg_catalog.setval('public.employments_id_seq', 4, true);
SELECT pg_catalog.setval('public.erasure_requests_id_seq', 1, false);
SELECT pg_catalog.setval('public.external_ids_id_seq', 1, false);
SELECT pg_catalog.setval('public.notification_outbox_id_seq', 1, false);
SELECT pg_catalog.setval('public.webhook_events_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.budget_overrides
    ADD CONSTRAINT pk_budget_overrides PRIMARY KEY (company_id);
ALTER TABLE ONLY public.buyer_group_changes
    ADD CONSTRAINT pk_buyer_group_changes PRIMARY KEY (id);
ALTER TABLE ONLY public.buyer_group_decisions
    ADD CONSTRAINT pk_buyer_group_decisions PRIMARY KEY (id);
ALTER TABLE ONLY public.buyer_group_members
    ADD CONSTRAINT pk_buyer_group_members PRIMARY KEY (company_id, profile_id, person_id);
ALTER TABLE ONLY public.buyer_group_refresh_logs
    ADD CONSTRAINT pk_buyer_group_refresh_logs PRIMARY KEY (refresh_id);
ALTER TABLE ONLY public.buyer_groups
    ADD CONSTRAINT pk_buyer_groups PRIMARY KEY (company_id, profile_id);
ALTER TABLE ONLY public.companies
    ADD CONSTRAINT pk_companies PRIMARY KEY (company_id);
ALTER TABLE ONLY public.company_leases
    ADD CONSTRAINT pk_company_leases PRIMARY KEY (company_id);
ALTER TABLE ONLY public.contact_corrections
    ADD CONSTRAINT pk_contact_corrections PRIMARY KEY (id);
ALTER TABLE ONLY public.contact_points
    ADD CONSTRAINT pk_contact_points PRIMARY KEY (id);
ALTER TABLE ONLY public.employments
    ADD CONSTRAINT pk_employments PRIMARY KEY (id);
ALTER TABLE ONLY public.erasure_people
    ADD CONSTRAINT pk_erasure_people PRIMARY KEY (person_id);
ALTER TABLE ONLY public.erasure_requests
    ADD CONSTRAINT pk_erasure_requests PRIMARY KEY (id);
ALTER TABLE ONLY public.external_ids
    ADD CONSTRAINT pk_external_ids PRIMARY KEY (id);
ALTER TABLE ONLY public.notification_addresses
    ADD CONSTRAINT pk_notification_addresses PRIMARY KEY (address);
ALTER TABLE ONLY public.notification_outbox
    ADD CONSTRAINT pk_notification_outbox PRIMARY KEY (id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT pk_people PRIMARY KEY (person_id);
ALTER TABLE ONLY public.pipeline_counters
    ADD CONSTRAINT pk_pipeline_counters PRIMARY KEY (name, labels);
ALTER TABLE ONLY public.pipeline_operations
    ADD CONSTRAINT pk_pipeline_operations PRIMARY KEY (key, attempt);
ALTER TABLE ONLY public.provider_circuits
    ADD CONSTRAINT pk_provider_circuits PRIMARY KEY (provider);
ALTER TABLE ONLY public.provider_endpoints
    ADD CONSTRAINT pk_provider_endpoints PRIMARY KEY (provider, endpoint);
ALTER TABLE ONLY public.provider_records
    ADD CONSTRAINT pk_provider_records PRIMARY KEY (provider, kind, source_id, our_id);
ALTER TABLE ONLY public.provider_requests
    ADD CONSTRAINT pk_provider_requests PRIMARY KEY (request_id);
ALTER TABLE ONLY public.provider_subscriptions
    ADD CONSTRAINT pk_provider_subscriptions PRIMARY KEY (subscription_id);
ALTER TABLE ONLY public.provider_sweeps
    ADD CONSTRAINT pk_provider_sweeps PRIMARY KEY (company_id);
ALTER TABLE ONLY public.refresh_attempts
    ADD CONSTRAINT pk_refresh_attempts PRIMARY KEY (refresh_id, attempt);
ALTER TABLE ONLY public.research_notes
    ADD CONSTRAINT pk_research_notes PRIMARY KEY (company_id, person_id);
ALTER TABLE ONLY public.suppressions
    ADD CONSTRAINT pk_suppressions PRIMARY KEY (mark);
ALTER TABLE ONLY public.trace_spans
    ADD CONSTRAINT pk_trace_spans PRIMARY KEY (run_id, span_id);
ALTER TABLE ONLY public.webhook_event_companies
    ADD CONSTRAINT pk_webhook_event_companies PRIMARY KEY (event, company_id);
ALTER TABLE ONLY public.webhook_events
    ADD CONSTRAINT pk_webhook_events PRIMARY KEY (id);
ALTER TABLE ONLY public.contact_points
    ADD CONSTRAINT uq_contact_points_person_kind_value UNIQUE (person_id, kind, value);
ALTER TABLE ONLY public.employments
    ADD CONSTRAINT uq_employments_company_person UNIQUE (company_id, person_id);
ALTER TABLE ONLY public.external_ids
    ADD CONSTRAINT uq_external_ids_claim UNIQUE (system, external_id, our_id);
ALTER TABLE ONLY public.notification_outbox
    ADD CONSTRAINT uq_notification_outbox_message UNIQUE (refresh_id, type, address);
ALTER TABLE ONLY public.provider_subscriptions
    ADD CONSTRAINT uq_provider_subscriptions_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.webhook_events
    ADD CONSTRAINT uq_webhook_events_source_event_id UNIQUE (source, event_id);
CREATE INDEX ix_buyer_group_changes_changed_at ON public.buyer_group_changes USING btree (changed_at);
CREATE INDEX ix_buyer_group_changes_company_changed ON public.buyer_group_changes USING btree (company_id, changed_at);
CREATE INDEX ix_buyer_group_changes_refresh_id ON public.buyer_group_changes USING btree (refresh_id);
CREATE INDEX ix_buyer_group_decisions_company_id ON public.buyer_group_decisions USING btree (company_id);
CREATE INDEX ix_buyer_group_decisions_person_id ON public.buyer_group_decisions USING btree (person_id);
CREATE INDEX ix_buyer_group_members_person_id ON public.buyer_group_members USING btree (person_id);
CREATE INDEX ix_buyer_group_refresh_logs_company_started ON public.buyer_group_refresh_logs USING btree (company_id, started_at);
CREATE INDEX ix_buyer_group_refresh_logs_completed ON public.buyer_group_refresh_logs USING btree (finished_at) WHERE ((state)::text = 'completed'::text);
CREATE INDEX ix_buyer_group_refresh_logs_dead ON public.buyer_group_refresh_logs USING btree (finished_at) WHERE ((state)::text = 'dead'::text);
CREATE INDEX ix_buyer_group_refresh_logs_run_id ON public.buyer_group_refresh_logs USING btree (run_id);
CREATE INDEX ix_buyer_group_refresh_logs_to_emit ON public.buyer_group_refresh_logs USING btree (reason, due_at) WHERE (((state)::text = ANY ((ARRAY['planned'::character varying, 'failed'::character varying])::text[])) AND (emitted_at IS NULL));
CREATE INDEX ix_buyer_group_refresh_logs_under_way ON public.buyer_group_refresh_logs USING btree (emitted_at) WHERE (((state)::text = ANY ((ARRAY['planned'::character varying, 'running'::character varying, 'failed'::character varying])::text[])) AND (emitted_at IS NOT NULL));
CREATE INDEX ix_companies_created_at ON public.companies USING btree (created_at) WHERE followed;
CREATE INDEX ix_companies_folded_name ON public.companies USING btree (folded_name);
CREATE INDEX ix_companies_refreshed_at ON public.companies USING btree (refreshed_at, company_id) WHERE followed;
CREATE INDEX ix_contact_corrections_in_force ON public.contact_corrections USING btree (person_id) WHERE (taken_back_at IS NULL);
CREATE INDEX ix_contact_points_lower_value ON public.contact_points USING btree (lower(value));
CREATE INDEX ix_contact_points_value ON public.contact_points USING btree (value);
CREATE INDEX ix_employments_person_id ON public.employments USING btree (person_id);
CREATE INDEX ix_erasure_requests_open ON public.erasure_requests USING btree (id) WHERE (finished_at IS NULL);
CREATE INDEX ix_external_ids_our_id ON public.external_ids USING btree (kind, our_id);
CREATE INDEX ix_notification_outbox_dead ON public.notification_outbox USING btree (id) WHERE ((state)::text = 'dead'::text);
CREATE INDEX ix_notification_outbox_ended_at ON public.notification_outbox USING btree (ended_at);
CREATE INDEX ix_notification_outbox_pending ON public.notification_outbox USING btree (address, id) WHERE ((state)::text = 'pending'::text);
CREATE INDEX ix_notification_outbox_pending_company ON public.notification_outbox USING btree (address, company_id, id) WHERE ((state)::text = 'pending'::text);
CREATE INDEX ix_people_linkedin_url ON public.people USING btree (linkedin_url);
CREATE INDEX ix_pipeline_operations_company_id ON public.pipeline_operations USING btree (company_id);
CREATE INDEX ix_pipeline_operations_refresh_id ON public.pipeline_operations USING btree (refresh_id);
CREATE INDEX ix_pipeline_operations_spending ON public.pipeline_operations USING btree (asked_at, provider, cost_usd);
CREATE INDEX ix_pipeline_operations_started ON public.pipeline_operations USING btree (claimed_until) WHERE ((state)::text = 'started'::text);
CREATE INDEX ix_provider_records_our_id ON public.provider_records USING btree (kind, our_id);
CREATE INDEX ix_provider_requests_endpoint ON public.provider_requests USING btree (provider, endpoint);
CREATE INDEX ix_refresh_attempts_started_at ON public.refresh_attempts USING btree (started_at);
CREATE INDEX ix_research_notes_person_id ON public.research_notes USING btree (person_id);
CREATE INDEX ix_trace_spans_began_at ON public.trace_spans USING btree (began_at);
CREATE INDEX ix_trace_spans_trace_id ON public.trace_spans USING btree (trace_id);
CREATE INDEX ix_webhook_event_companies_company_id ON public.webhook_event_companies USING btree (company_id, event);
CREATE INDEX ix_webhook_event_companies_handled ON public.webhook_event_companies USING btree (received_at) WHERE ((state)::text = 'handled'::text);
CREATE INDEX ix_webhook_event_companies_pending ON public.webhook_event_companies USING btree (company_id, received_at) WHERE ((state)::text = 'pending'::text);
CREATE INDEX ix_webhook_event_companies_refresh_id ON public.webhook_event_companies USING btree (refresh_id);
CREATE INDEX ix_webhook_events_body ON public.webhook_events USING btree (handled_at) WHERE (body IS NOT NULL);
CREATE INDEX ix_webhook_events_company_id ON public.webhook_events USING btree (company_id, id);
CREATE INDEX ix_webhook_events_state ON public.webhook_events USING btree (state, id);
CREATE UNIQUE INDEX uq_buyer_group_decisions_in_force ON public.buyer_group_decisions USING btree (company_id, profile_id, person_id) WHERE (taken_back_at IS NULL);
CREATE UNIQUE INDEX uq_buyer_group_refresh_logs_open ON public.buyer_group_refresh_logs USING btree (company_id) WHERE ((state)::text = ANY ((ARRAY['planned'::character varying, 'running'::character varying, 'failed'::character varying])::text[]));
CREATE UNIQUE INDEX uq_external_ids_mapped ON public.external_ids USING btree (system, external_id) WHERE ((state)::text = 'mapped'::text);
ALTER TABLE ONLY public.budget_overrides
    ADD CONSTRAINT fk_budget_overrides_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.buyer_group_changes
    ADD CONSTRAINT fk_buyer_group_changes_refresh_id FOREIGN KEY (refresh_id) REFERENCES public.buyer_group_refresh_logs(refresh_id);
ALTER TABLE ONLY public.buyer_group_decisions
    ADD CONSTRAINT fk_buyer_group_decisions_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.buyer_group_decisions
    ADD CONSTRAINT fk_buyer_group_decisions_person_id FOREIGN KEY (person_id) REFERENCES public.people(person_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.buyer_group_members
    ADD CONSTRAINT fk_buyer_group_members_person_id FOREIGN KEY (person_id) REFERENCES public.people(person_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.buyer_group_refresh_logs
    ADD CONSTRAINT fk_buyer_group_refresh_logs_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.buyer_groups
    ADD CONSTRAINT fk_buyer_groups_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.company_leases
    ADD CONSTRAINT fk_company_leases_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.contact_corrections
    ADD CONSTRAINT fk_contact_corrections_person_id FOREIGN KEY (person_id) REFERENCES public.people(person_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contact_points
    ADD CONSTRAINT fk_contact_points_person_id FOREIGN KEY (person_id) REFERENCES public.people(person_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.employments
    ADD CONSTRAINT fk_employments_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.employments
    ADD CONSTRAINT fk_employments_person_id FOREIGN KEY (person_id) REFERENCES public.people(person_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.erasure_people
    ADD CONSTRAINT fk_erasure_people_request FOREIGN KEY (request) REFERENCES public.erasure_requests(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.provider_subscriptions
    ADD CONSTRAINT fk_provider_subscriptions_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.provider_sweeps
    ADD CONSTRAINT fk_provider_sweeps_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.refresh_attempts
    ADD CONSTRAINT fk_refresh_attempts_refresh_id FOREIGN KEY (refresh_id) REFERENCES public.buyer_group_refresh_logs(refresh_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.research_notes
    ADD CONSTRAINT fk_research_notes_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.research_notes
    ADD CONSTRAINT fk_research_notes_person_id FOREIGN KEY (person_id) REFERENCES public.people(person_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.webhook_event_companies
    ADD CONSTRAINT fk_webhook_event_companies_company_id FOREIGN KEY (company_id) REFERENCES public.companies(company_id);
ALTER TABLE ONLY public.webhook_event_companies
    ADD CONSTRAINT fk_webhook_event_companies_event FOREIGN KEY (event) REFERENCES public.webhook_events(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.webhook_event_companies
    ADD CONSTRAINT fk_webhook_event_companies_refresh_id FOREIGN KEY (refresh_id) REFERENCES public.buyer_group_refresh_logs(refresh_id);
