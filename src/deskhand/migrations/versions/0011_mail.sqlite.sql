CREATE TABLE mail_hushed (
	address TEXT NOT NULL,
	until BIGINT,
	reason TEXT NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_mail_hushed PRIMARY KEY (address)
)
 WITHOUT ROWID;

CREATE TABLE mail_addresses (
	address TEXT NOT NULL,
	inbox_id BIGINT NOT NULL,
	CONSTRAINT pk_mail_addresses PRIMARY KEY (address),
	CONSTRAINT fk_mail_addresses_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_mail_addresses_inbox_id ON mail_addresses (inbox_id);

CREATE TABLE mail_connections (
	id INTEGER NOT NULL,
	inbox_id BIGINT NOT NULL,
	direction TEXT NOT NULL,
	host TEXT NOT NULL,
	port INTEGER NOT NULL,
	security TEXT NOT NULL,
	authentication TEXT NOT NULL,
	username TEXT NOT NULL,
	secrets BLOB NOT NULL,
	oauth TEXT,
	folder TEXT NOT NULL,
	state TEXT NOT NULL,
	failing_since BIGINT,
	alerted_at BIGINT,
	error TEXT,
	worked_at BIGINT,
	paused_reason TEXT,
	slow_until BIGINT,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_mail_connections PRIMARY KEY (id),
	CONSTRAINT fk_mail_connections_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_mail_connections_inbox_id_direction ON mail_connections (inbox_id, direction);

CREATE TABLE mail_cursors (
	inbox_id BIGINT NOT NULL,
	folder TEXT NOT NULL,
	uidvalidity BIGINT NOT NULL,
	last_uid BIGINT NOT NULL,
	server_count BIGINT NOT NULL,
	server_next_uid BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	CONSTRAINT pk_mail_cursors PRIMARY KEY (inbox_id, folder),
	CONSTRAINT fk_mail_cursors_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE TABLE mail_inboxes (
	inbox_id BIGINT NOT NULL,
	options TEXT NOT NULL,
	lease TEXT,
	leased_until BIGINT,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_mail_inboxes PRIMARY KEY (inbox_id),
	CONSTRAINT fk_mail_inboxes_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE TABLE mail_keys (
	id INTEGER NOT NULL,
	inbox_id BIGINT NOT NULL,
	domain TEXT NOT NULL,
	selector TEXT NOT NULL,
	secret BLOB NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_mail_keys PRIMARY KEY (id),
	CONSTRAINT uq_mail_keys_inbox_id UNIQUE (inbox_id),
	CONSTRAINT fk_mail_keys_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
);

CREATE TABLE mail_received (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	inbox_id BIGINT,
	door TEXT NOT NULL,
	envelope_from TEXT,
	recipients TEXT NOT NULL,
	peer TEXT,
	blob TEXT NOT NULL,
	size_bytes BIGINT NOT NULL,
	received_at BIGINT NOT NULL,
	state TEXT NOT NULL,
	due BIGINT NOT NULL,
	attempts INTEGER NOT NULL,
	as_is BOOLEAN,
	processed_at BIGINT,
	kind TEXT,
	rule TEXT,
	reason TEXT,
	sender TEXT,
	subject TEXT,
	message_id TEXT,
	content_hash TEXT,
	verdict TEXT,
	partial TEXT,
	conversation_id BIGINT,
	thread_id BIGINT,
	CONSTRAINT fk_mail_received_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
);

CREATE INDEX ix_mail_received_blob ON mail_received (blob);

CREATE INDEX ix_mail_received_conversation_id ON mail_received (conversation_id);

CREATE INDEX ix_mail_received_held ON mail_received (id) WHERE state = 'held';

CREATE INDEX ix_mail_received_inbox ON mail_received (inbox_id, received_at, id);

CREATE INDEX ix_mail_received_sender ON mail_received (sender, received_at);

CREATE INDEX ix_mail_received_waiting ON mail_received (inbox_id, due, id) WHERE state = 'waiting';

CREATE UNIQUE INDEX uq_mail_received_content ON mail_received (inbox_id, message_id, content_hash) WHERE state = 'done' AND kind NOT IN ('duplicate', 'dropped');

CREATE TABLE mail_ids (
	message_id TEXT NOT NULL,
	inbox_id BIGINT NOT NULL,
	conversation_id BIGINT NOT NULL,
	thread_id BIGINT,
	kind TEXT NOT NULL,
	CONSTRAINT pk_mail_ids PRIMARY KEY (message_id, inbox_id, conversation_id),
	CONSTRAINT fk_mail_ids_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE,
	CONSTRAINT fk_mail_ids_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_mail_ids_conversation_id ON mail_ids (conversation_id);

CREATE TABLE mail_outgoing (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	inbox_id BIGINT NOT NULL,
	conversation_id BIGINT,
	thread_id BIGINT,
	kind TEXT NOT NULL,
	message_id TEXT NOT NULL,
	letter TEXT NOT NULL,
	state TEXT NOT NULL,
	due BIGINT NOT NULL,
	attempts INTEGER NOT NULL,
	unknown INTEGER NOT NULL,
	lease TEXT,
	leased_until BIGINT,
	created_at BIGINT NOT NULL,
	ended_at BIGINT,
	CONSTRAINT fk_mail_outgoing_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE,
	CONSTRAINT fk_mail_outgoing_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
	CONSTRAINT fk_mail_outgoing_thread_id FOREIGN KEY(thread_id) REFERENCES threads (id) ON DELETE CASCADE,
	CONSTRAINT uq_mail_outgoing_message_id UNIQUE (message_id)
);

CREATE INDEX ix_mail_outgoing_conversation_id ON mail_outgoing (conversation_id);

CREATE INDEX ix_mail_outgoing_due ON mail_outgoing (inbox_id, due, id) WHERE state <> 'ended';

CREATE INDEX ix_mail_outgoing_inbox ON mail_outgoing (inbox_id, kind, created_at);

CREATE INDEX ix_mail_outgoing_lane ON mail_outgoing (conversation_id, id) WHERE state = 'waiting';

CREATE INDEX ix_mail_outgoing_thread_id ON mail_outgoing (thread_id);

CREATE TABLE mail_deliveries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	outgoing_id BIGINT NOT NULL,
	address TEXT NOT NULL,
	role TEXT NOT NULL,
	state TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	code TEXT,
	words TEXT,
	is_hard BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	CONSTRAINT fk_mail_deliveries_outgoing_id FOREIGN KEY(outgoing_id) REFERENCES mail_outgoing (id) ON DELETE CASCADE
);

CREATE INDEX ix_mail_deliveries_address ON mail_deliveries (address, created_at);

CREATE INDEX ix_mail_deliveries_outgoing_id ON mail_deliveries (outgoing_id);
