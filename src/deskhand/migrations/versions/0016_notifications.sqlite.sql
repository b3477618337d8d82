CREATE TABLE user_links (
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    hash BLOB NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT pk_user_links PRIMARY KEY (user_id, kind),
    CONSTRAINT fk_user_links_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_user_links_hash UNIQUE (hash)
)
 WITHOUT ROWID;

CREATE TABLE notification_settings (
    user_id BIGINT NOT NULL,
    in_browser TEXT NOT NULL,
    by_mail TEXT NOT NULL,
    CONSTRAINT pk_notification_settings PRIMARY KEY (user_id),
    CONSTRAINT fk_notification_settings_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE TABLE conversation_viewers (
    conversation_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    writes BOOLEAN NOT NULL,
    until BIGINT NOT NULL,
    CONSTRAINT pk_conversation_viewers PRIMARY KEY (conversation_id, user_id),
    CONSTRAINT fk_conversation_viewers_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT fk_conversation_viewers_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_conversation_viewers_until ON conversation_viewers (until);

CREATE TABLE notifications (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL,
    occasion TEXT NOT NULL,
    conversation_id BIGINT NOT NULL,
    thread_id BIGINT,
    by_user_id BIGINT,
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    CONSTRAINT fk_notifications_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_notifications_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT fk_notifications_by_user_id FOREIGN KEY(by_user_id) REFERENCES users (id)
);

CREATE INDEX ix_notifications_conversation_id ON notifications (conversation_id);

CREATE INDEX ix_notifications_created_at ON notifications (created_at);

CREATE INDEX ix_notifications_unread ON notifications (user_id, conversation_id) WHERE read_at IS NULL;

CREATE INDEX ix_notifications_user_id ON notifications (user_id, id);

CREATE TABLE audit_entries (
    id INTEGER NOT NULL,
    type TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT NOT NULL,
    user_id BIGINT,
    address TEXT NOT NULL,
    at BIGINT NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT pk_audit_entries PRIMARY KEY (id)
);

CREATE INDEX ix_audit_entries_type ON audit_entries (type, id);

CREATE INDEX ix_audit_entries_user_id ON audit_entries (user_id, id);
