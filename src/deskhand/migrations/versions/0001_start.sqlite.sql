-- The first schema, as it was released. Never edit: add a version.

CREATE TABLE counts (
    name TEXT NOT NULL,
    shard INTEGER NOT NULL,
    total BIGINT NOT NULL,
    CONSTRAINT pk_counts PRIMARY KEY (name, shard)
)
 WITHOUT ROWID;

CREATE TABLE events (
    id INTEGER NOT NULL,
    type TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT pk_events PRIMARY KEY (id)
);

CREATE TABLE inboxes (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    slug TEXT NOT NULL,
    email TEXT NOT NULL,
    after_reply_status TEXT NOT NULL CONSTRAINT ck_inboxes_after_reply_status CHECK (after_reply_status IN ('active', 'pending', 'closed')),
    assigns_replier BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT pk_inboxes PRIMARY KEY (id),
    CONSTRAINT uq_inboxes_slug UNIQUE (slug)
);

CREATE TABLE jobs (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    event_id BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT ck_jobs_state CHECK (state IN ('ready', 'failed')),
    due BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    lease TEXT,
    leased_until BIGINT,
    error TEXT,
    created_at BIGINT NOT NULL,
    CONSTRAINT pk_jobs PRIMARY KEY (id),
    CONSTRAINT uq_jobs_key UNIQUE ("key")
);

CREATE INDEX ix_jobs_state_due ON jobs (state, due);

CREATE TABLE organizations (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT pk_organizations PRIMARY KEY (id),
    CONSTRAINT uq_organizations_name_key UNIQUE (name_key)
);

CREATE TABLE tags (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    color TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT pk_tags PRIMARY KEY (id),
    CONSTRAINT uq_tags_name UNIQUE (name)
);

CREATE TABLE users (
    id INTEGER NOT NULL,
    type TEXT NOT NULL CONSTRAINT ck_users_type CHECK (type IN ('user', 'team')),
    state TEXT NOT NULL CONSTRAINT ck_users_state CHECK (state IN ('active', 'invited', 'disabled')),
    role TEXT NOT NULL,
    granted TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    email TEXT,
    email_key TEXT,
    timezone TEXT NOT NULL,
    job_title TEXT,
    phone TEXT,
    mention TEXT,
    initials TEXT,
    photo_url TEXT,
    alternate_emails TEXT NOT NULL,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_users_email_key UNIQUE (email_key)
);

CREATE INDEX ix_users_type_id ON users (type, id);

CREATE TABLE applications (
    id INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    name TEXT NOT NULL,
    redirect_url TEXT,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT pk_applications PRIMARY KEY (id),
    CONSTRAINT uq_applications_client_id UNIQUE (client_id),
    CONSTRAINT fk_applications_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE TABLE custom_fields (
    id INTEGER NOT NULL,
    inbox_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    position INTEGER NOT NULL,
    required BOOLEAN NOT NULL,
    CONSTRAINT pk_custom_fields PRIMARY KEY (id),
    CONSTRAINT fk_custom_fields_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
);

CREATE INDEX ix_custom_fields_inbox_id ON custom_fields (inbox_id);

CREATE TABLE customers (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    first_name TEXT,
    last_name TEXT,
    name_key TEXT NOT NULL,
    first_key TEXT NOT NULL,
    last_key TEXT NOT NULL,
    email TEXT,
    gender TEXT NOT NULL,
    job_title TEXT,
    location TEXT,
    organization TEXT,
    organization_key TEXT NOT NULL,
    organization_id BIGINT,
    photo_type TEXT NOT NULL,
    photo_url TEXT,
    age TEXT,
    background TEXT,
    address TEXT,
    draft BOOLEAN NOT NULL,
    conversation_count INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT fk_customers_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE SET NULL
);

CREATE INDEX ix_customers_created_at_id ON customers (created_at, id);

CREATE INDEX ix_customers_first_key_id ON customers (first_key, id);

CREATE INDEX ix_customers_last_key_id ON customers (last_key, id);

CREATE INDEX ix_customers_organization_id ON customers (organization_id);

CREATE INDEX ix_customers_updated_at_id ON customers (updated_at, id);

CREATE TABLE folders (
    id INTEGER NOT NULL,
    inbox_id BIGINT NOT NULL,
    type TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT pk_folders PRIMARY KEY (id),
    CONSTRAINT fk_folders_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_folders_inbox_id_type_user_id ON folders (inbox_id, type, user_id);

CREATE TABLE inbox_access (
    inbox_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    CONSTRAINT pk_inbox_access PRIMARY KEY (inbox_id, user_id),
    CONSTRAINT fk_inbox_access_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE,
    CONSTRAINT fk_inbox_access_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_inbox_access_user_id ON inbox_access (user_id);

CREATE TABLE sessions (
    hash BLOB NOT NULL,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (hash),
    CONSTRAINT fk_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_sessions_user_id ON sessions (user_id);

CREATE TABLE team_members (
    team_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    CONSTRAINT pk_team_members PRIMARY KEY (team_id, user_id),
    CONSTRAINT fk_team_members_team_id FOREIGN KEY(team_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_team_members_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_team_members_user_id ON team_members (user_id);

CREATE TABLE codes (
    hash BLOB NOT NULL,
    application_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    CONSTRAINT pk_codes PRIMARY KEY (hash),
    CONSTRAINT fk_codes_application_id FOREIGN KEY(application_id) REFERENCES applications (id) ON DELETE CASCADE,
    CONSTRAINT fk_codes_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_codes_expires_at ON codes (expires_at);

CREATE TABLE conversations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    number BIGINT NOT NULL,
    inbox_id BIGINT NOT NULL,
    folder_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    customer_name TEXT NOT NULL,
    customer_email TEXT NOT NULL,
    assignee_id BIGINT,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    state TEXT NOT NULL,
    shelf TEXT GENERATED ALWAYS AS (CASE WHEN state = 'published' THEN status ELSE state END) STORED,
    subject TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    preview TEXT NOT NULL,
    thread_count INTEGER NOT NULL,
    thread_total INTEGER NOT NULL,
    created_by_user_id BIGINT,
    created_by_customer_id BIGINT,
    closed_by BIGINT,
    closed_at BIGINT,
    user_updated_at BIGINT NOT NULL,
    waiting_since BIGINT NOT NULL,
    latest_reply_from TEXT NOT NULL,
    source_type TEXT NOT NULL,
    source_via TEXT NOT NULL,
    cc TEXT NOT NULL,
    bcc TEXT NOT NULL,
    snoozed_until BIGINT,
    snoozed_by BIGINT,
    wakes_on_reply BOOLEAN NOT NULL,
    scheduled_for BIGINT,
    scheduled_by BIGINT,
    unschedules_on_reply BOOLEAN NOT NULL,
    has_attachments BOOLEAN NOT NULL,
    merged_into BIGINT,
    merged_at BIGINT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    CONSTRAINT ck_conversations_created_by_one CHECK ((created_by_user_id IS NULL) <> (created_by_customer_id IS NULL)),
    CONSTRAINT uq_conversations_number UNIQUE (number),
    CONSTRAINT fk_conversations_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id),
    CONSTRAINT fk_conversations_folder_id FOREIGN KEY(folder_id) REFERENCES folders (id),
    CONSTRAINT fk_conversations_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id),
    CONSTRAINT fk_conversations_assignee_id FOREIGN KEY(assignee_id) REFERENCES users (id),
    CONSTRAINT fk_conversations_created_by_user_id FOREIGN KEY(created_by_user_id) REFERENCES users (id),
    CONSTRAINT fk_conversations_created_by_customer_id FOREIGN KEY(created_by_customer_id) REFERENCES customers (id),
    CONSTRAINT fk_conversations_closed_by FOREIGN KEY(closed_by) REFERENCES users (id),
    CONSTRAINT fk_conversations_snoozed_by FOREIGN KEY(snoozed_by) REFERENCES users (id),
    CONSTRAINT fk_conversations_scheduled_by FOREIGN KEY(scheduled_by) REFERENCES users (id)
);

CREATE INDEX ix_conversations_assignee ON conversations (assignee_id, shelf, created_at, id);

CREATE INDEX ix_conversations_created ON conversations (inbox_id, shelf, created_at, id);

CREATE INDEX ix_conversations_customer ON conversations (customer_id, created_at);

CREATE INDEX ix_conversations_customer_email ON conversations (inbox_id, shelf, customer_email, id);

CREATE INDEX ix_conversations_customer_name ON conversations (inbox_id, shelf, customer_name, id);

CREATE INDEX ix_conversations_folder ON conversations (folder_id, shelf, created_at, id);

CREATE INDEX ix_conversations_modified ON conversations (inbox_id, shelf, modified_at, id);

CREATE INDEX ix_conversations_number ON conversations (inbox_id, shelf, number, id);

CREATE INDEX ix_conversations_subject ON conversations (inbox_id, shelf, subject_key, id);

CREATE INDEX ix_conversations_waiting ON conversations (inbox_id, shelf, waiting_since, id);

CREATE TABLE custom_field_options (
    id INTEGER NOT NULL,
    field_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    value TEXT GENERATED ALWAYS AS (CAST(id AS TEXT)) STORED,
    CONSTRAINT pk_custom_field_options PRIMARY KEY (id),
    CONSTRAINT fk_custom_field_options_field_id FOREIGN KEY(field_id) REFERENCES custom_fields (id) ON DELETE CASCADE
);

CREATE INDEX ix_custom_field_options_field_id ON custom_field_options (field_id, value);

CREATE TABLE customer_entries (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    customer_id BIGINT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_customer_entries_kind CHECK (kind IN ('email', 'phone', 'chat', 'social', 'website')),
    type TEXT,
    value TEXT NOT NULL,
    email_key TEXT,
    email_domain TEXT,
    CONSTRAINT fk_customer_entries_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE
);

CREATE INDEX ix_customer_entries_customer_id ON customer_entries (customer_id);

CREATE INDEX ix_customer_entries_email_domain ON customer_entries (email_domain);

CREATE UNIQUE INDEX uq_customer_entries_email_key ON customer_entries (email_key);

CREATE TABLE customer_inboxes (
    inbox_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    conversations INTEGER NOT NULL,
    CONSTRAINT pk_customer_inboxes PRIMARY KEY (inbox_id, customer_id),
    CONSTRAINT fk_customer_inboxes_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_customer_inboxes_customer_id ON customer_inboxes (customer_id);

CREATE TABLE grants (
    id INTEGER NOT NULL,
    application_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    code_hash BLOB,
    refresh_hash BLOB,
    access_hash BLOB NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT pk_grants PRIMARY KEY (id),
    CONSTRAINT fk_grants_application_id FOREIGN KEY(application_id) REFERENCES applications (id) ON DELETE CASCADE,
    CONSTRAINT fk_grants_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_grants_code_hash UNIQUE (code_hash),
    CONSTRAINT uq_grants_refresh_hash UNIQUE (refresh_hash),
    CONSTRAINT uq_grants_access_hash UNIQUE (access_hash)
);

CREATE INDEX ix_grants_expires_at ON grants (expires_at);

CREATE TABLE conversation_fields (
    conversation_id BIGINT NOT NULL,
    field_id BIGINT NOT NULL,
    value TEXT NOT NULL,
    value_key TEXT NOT NULL,
    CONSTRAINT pk_conversation_fields PRIMARY KEY (conversation_id, field_id),
    CONSTRAINT fk_conversation_fields_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT fk_conversation_fields_field_id FOREIGN KEY(field_id) REFERENCES custom_fields (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_conversation_fields_value ON conversation_fields (field_id, value_key, conversation_id);

CREATE TABLE conversation_tags (
    conversation_id BIGINT NOT NULL,
    tag_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_conversation_tags PRIMARY KEY (conversation_id, tag_id),
    CONSTRAINT fk_conversation_tags_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT fk_conversation_tags_tag_id FOREIGN KEY(tag_id) REFERENCES tags (id)
)
 WITHOUT ROWID;

CREATE INDEX ix_conversation_tags_tag_id ON conversation_tags (tag_id, conversation_id);

CREATE TABLE thread_addresses (
    address TEXT NOT NULL,
    conversation_id BIGINT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_thread_addresses_kind CHECK (kind IN ('to', 'cc', 'bcc')),
    domain TEXT NOT NULL,
    CONSTRAINT pk_thread_addresses PRIMARY KEY (address, conversation_id, kind),
    CONSTRAINT fk_thread_addresses_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_thread_addresses_conversation_id ON thread_addresses (conversation_id);

CREATE INDEX ix_thread_addresses_domain ON thread_addresses (domain, conversation_id);

CREATE TABLE threads (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    conversation_id BIGINT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    state TEXT NOT NULL,
    action_type TEXT NOT NULL,
    action_text TEXT,
    action_entities TEXT,
    body TEXT,
    original_body TEXT,
    source_type TEXT NOT NULL,
    source_via TEXT NOT NULL,
    customer_id BIGINT NOT NULL,
    created_by_user_id BIGINT,
    created_by_customer_id BIGINT,
    assignee_id BIGINT,
    saved_reply_id BIGINT,
    "to" TEXT NOT NULL,
    cc TEXT NOT NULL,
    bcc TEXT NOT NULL,
    after_status TEXT,
    after_assignee_id BIGINT,
    opened_at BIGINT,
    scheduled_for BIGINT,
    scheduled_by BIGINT,
    scheduled_at BIGINT,
    send_as_id BIGINT,
    unschedules_on_reply BOOLEAN NOT NULL,
    source_blob TEXT,
    imported BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT fk_threads_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT fk_threads_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id),
    CONSTRAINT fk_threads_created_by_user_id FOREIGN KEY(created_by_user_id) REFERENCES users (id),
    CONSTRAINT fk_threads_created_by_customer_id FOREIGN KEY(created_by_customer_id) REFERENCES customers (id),
    CONSTRAINT fk_threads_assignee_id FOREIGN KEY(assignee_id) REFERENCES users (id),
    CONSTRAINT fk_threads_scheduled_by FOREIGN KEY(scheduled_by) REFERENCES users (id),
    CONSTRAINT fk_threads_send_as_id FOREIGN KEY(send_as_id) REFERENCES users (id)
);

CREATE INDEX ix_threads_author ON threads (created_by_user_id, type, conversation_id);

CREATE INDEX ix_threads_conversation ON threads (conversation_id, created_at, id);

CREATE INDEX ix_threads_source_blob ON threads (source_blob) WHERE source_blob IS NOT NULL;

CREATE TABLE attachments (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    conversation_id BIGINT NOT NULL,
    thread_id BIGINT NOT NULL,
    filename TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    state TEXT NOT NULL,
    blob TEXT NOT NULL,
    web_key BLOB NOT NULL,
    CONSTRAINT fk_attachments_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT fk_attachments_thread_id FOREIGN KEY(thread_id) REFERENCES threads (id) ON DELETE CASCADE
);

CREATE INDEX ix_attachments_blob ON attachments (blob);

CREATE INDEX ix_attachments_conversation_id ON attachments (conversation_id);

CREATE INDEX ix_attachments_thread_id ON attachments (thread_id);

CREATE VIRTUAL TABLE thread_text USING fts5(words, content='', contentless_delete=1, tokenize='ascii');

CREATE VIRTUAL TABLE thread_text_words USING fts5vocab(thread_text, row);

CREATE VIRTUAL TABLE subject_text USING fts5(words, content='', contentless_delete=1, tokenize='ascii');

CREATE VIRTUAL TABLE subject_text_words USING fts5vocab(subject_text, row);

CREATE VIRTUAL TABLE customer_text USING fts5(words, content='', contentless_delete=1, tokenize='ascii');

CREATE VIRTUAL TABLE customer_text_words USING fts5vocab(customer_text, row);
