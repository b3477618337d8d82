CREATE TABLE inbox_routing (
    inbox_id BIGINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    assignment_limit INTEGER NOT NULL,
    method TEXT NOT NULL,
    user_ids TEXT NOT NULL,
    last_user_id BIGINT,
    CONSTRAINT pk_inbox_routing PRIMARY KEY (inbox_id),
    CONSTRAINT ck_inbox_routing_assignment_limit CHECK (assignment_limit BETWEEN 1 AND 100),
    CONSTRAINT fk_inbox_routing_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE TABLE saved_replies (
    id INTEGER NOT NULL,
    inbox_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    text TEXT,
    preview TEXT,
    chat_text TEXT,
    chat_preview TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    CONSTRAINT pk_saved_replies PRIMARY KEY (id),
    CONSTRAINT ck_saved_replies_says_something CHECK (text IS NOT NULL OR chat_text IS NOT NULL),
    CONSTRAINT fk_saved_replies_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
);

CREATE INDEX ix_saved_replies_inbox_id ON saved_replies (inbox_id, name);

CREATE TABLE user_statuses (
    user_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    set_by BIGINT NOT NULL,
    source TEXT NOT NULL,
    text TEXT,
    emoji TEXT,
    emoji_name TEXT,
    CONSTRAINT pk_user_statuses PRIMARY KEY (user_id),
    CONSTRAINT fk_user_statuses_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_user_statuses_set_by FOREIGN KEY(set_by) REFERENCES users (id)
)
 WITHOUT ROWID;

CREATE TABLE chats (
    id TEXT NOT NULL,
    beacon_id TEXT NOT NULL,
    inbox_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    assignee_id BIGINT,
    preview TEXT NOT NULL,
    event_count INTEGER NOT NULL,
    page_url TEXT,
    page_title TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    conversation_id BIGINT,
    CONSTRAINT pk_chats PRIMARY KEY (id),
    CONSTRAINT fk_chats_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id),
    CONSTRAINT fk_chats_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE,
    CONSTRAINT fk_chats_assignee_id FOREIGN KEY(assignee_id) REFERENCES users (id),
    CONSTRAINT fk_chats_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE SET NULL
);

CREATE INDEX ix_chats_conversation_id ON chats (conversation_id);

CREATE INDEX ix_chats_customer_id ON chats (customer_id);

CREATE TABLE chat_events (
    id TEXT NOT NULL,
    chat_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    type TEXT NOT NULL,
    action TEXT NOT NULL,
    user_id BIGINT,
    body TEXT,
    created_at BIGINT NOT NULL,
    CONSTRAINT pk_chat_events PRIMARY KEY (id),
    CONSTRAINT fk_chat_events_chat_id FOREIGN KEY(chat_id) REFERENCES chats (id) ON DELETE CASCADE,
    CONSTRAINT fk_chat_events_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE UNIQUE INDEX uq_chat_events_chat_id_number ON chat_events (chat_id, number);

CREATE TABLE rating_links (
    hash BLOB NOT NULL,
    thread_id BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT pk_rating_links PRIMARY KEY (hash),
    CONSTRAINT fk_rating_links_thread_id FOREIGN KEY(thread_id) REFERENCES threads (id) ON DELETE CASCADE
);

CREATE INDEX ix_rating_links_expires_at ON rating_links (expires_at);

CREATE INDEX ix_rating_links_thread_id ON rating_links (thread_id);

CREATE TABLE ratings (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    thread_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT,
    CONSTRAINT uq_ratings_thread_id UNIQUE (thread_id),
    CONSTRAINT fk_ratings_thread_id FOREIGN KEY(thread_id) REFERENCES threads (id) ON DELETE CASCADE
);

ALTER TABLE threads ADD COLUMN rating TEXT;

ALTER TABLE threads ADD COLUMN rating_comments TEXT;

CREATE INDEX ix_conversations_id ON conversations (inbox_id, shelf, id);
