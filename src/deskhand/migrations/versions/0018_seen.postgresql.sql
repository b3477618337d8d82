CREATE TABLE seen (
    user_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    thread_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_seen PRIMARY KEY (user_id, conversation_id),
    CONSTRAINT fk_seen_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_seen_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);

CREATE INDEX ix_seen_conversation_id ON seen (conversation_id);

CREATE INDEX ix_seen_at ON seen (user_id, at);
