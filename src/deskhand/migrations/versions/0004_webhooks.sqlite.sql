CREATE TABLE webhooks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	url TEXT NOT NULL, 
	events TEXT NOT NULL, 
	secret BLOB NOT NULL, 
	notification BOOLEAN NOT NULL, 
	payload_version TEXT NOT NULL, 
	label TEXT, 
	inbox_ids TEXT NOT NULL, 
	state TEXT NOT NULL, 
	api_origin TEXT NOT NULL, 
	web_origin TEXT NOT NULL, 
	application_id BIGINT, 
	user_id BIGINT, 
	discarded INTEGER NOT NULL, 
	failing_since BIGINT, 
	disabled_reason TEXT, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT fk_webhooks_application_id FOREIGN KEY(application_id) REFERENCES applications (id) ON DELETE CASCADE, 
	CONSTRAINT fk_webhooks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_webhooks_application_id ON webhooks (application_id);

CREATE TABLE webhook_deliveries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	uid TEXT NOT NULL, 
	webhook_id BIGINT NOT NULL, 
	event_id BIGINT NOT NULL, 
	event TEXT NOT NULL, 
	lane TEXT NOT NULL, 
	conversation_id BIGINT, 
	payload BLOB NOT NULL, 
	state TEXT NOT NULL, 
	due BIGINT NOT NULL, 
	attempts INTEGER NOT NULL, 
	lease TEXT, 
	leased_until BIGINT, 
	settled_at BIGINT, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT uq_webhook_deliveries_uid UNIQUE (uid), 
	CONSTRAINT fk_webhook_deliveries_webhook_id FOREIGN KEY(webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE
);

CREATE INDEX ix_webhook_deliveries_conversation ON webhook_deliveries (conversation_id, created_at, id);

CREATE INDEX ix_webhook_deliveries_created ON webhook_deliveries (created_at, id);

CREATE INDEX ix_webhook_deliveries_due ON webhook_deliveries (webhook_id, due, id) WHERE state = 'waiting';

CREATE INDEX ix_webhook_deliveries_event ON webhook_deliveries (event, created_at, id);

CREATE INDEX ix_webhook_deliveries_lane ON webhook_deliveries (webhook_id, lane, id) WHERE state = 'waiting';

CREATE INDEX ix_webhook_deliveries_state ON webhook_deliveries (state, created_at, id);

CREATE INDEX ix_webhook_deliveries_webhook ON webhook_deliveries (webhook_id, created_at, id);

CREATE UNIQUE INDEX uq_webhook_deliveries_fact ON webhook_deliveries (webhook_id, event_id, event);

CREATE TABLE webhook_attempts (
	id INTEGER NOT NULL, 
	delivery_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	milliseconds INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	sent_headers TEXT NOT NULL, 
	status INTEGER, 
	error TEXT, 
	headers TEXT NOT NULL, 
	body BLOB NOT NULL, 
	is_cut BOOLEAN NOT NULL, 
	CONSTRAINT pk_webhook_attempts PRIMARY KEY (id), 
	CONSTRAINT fk_webhook_attempts_delivery_id FOREIGN KEY(delivery_id) REFERENCES webhook_deliveries (id) ON DELETE CASCADE
);

CREATE INDEX ix_webhook_attempts_delivery_id ON webhook_attempts (delivery_id);
