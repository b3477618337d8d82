CREATE TABLE followers (
    conversation_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    since BIGINT NOT NULL,
    CONSTRAINT pk_followers PRIMARY KEY (conversation_id, user_id),
    CONSTRAINT fk_followers_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT fk_followers_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_followers_user_id ON followers (user_id, conversation_id);

CREATE TABLE saved_views (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    "query" TEXT NOT NULL,
    sort_field TEXT NOT NULL,
    ascending BOOLEAN NOT NULL,
    audience TEXT NOT NULL,
    team_id BIGINT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    CONSTRAINT ck_saved_views_team CHECK ((audience = 'team') = (team_id IS NOT NULL)),
    CONSTRAINT fk_saved_views_user_id FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT fk_saved_views_team_id FOREIGN KEY(team_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_saved_views_audience ON saved_views (audience, team_id);

CREATE INDEX ix_saved_views_user_id ON saved_views (user_id);

CREATE TABLE saved_view_places (
    user_id BIGINT NOT NULL,
    view_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_saved_view_places PRIMARY KEY (user_id, view_id),
    CONSTRAINT fk_saved_view_places_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_saved_view_places_view_id FOREIGN KEY(view_id) REFERENCES saved_views (id) ON DELETE CASCADE
)
 WITHOUT ROWID;

CREATE INDEX ix_saved_view_places_view_id ON saved_view_places (view_id);

CREATE TABLE writings (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    conversation_id BIGINT,
    inbox_id BIGINT,
    body TEXT NOT NULL,
    subject TEXT NOT NULL,
    "to" TEXT NOT NULL,
    cc TEXT NOT NULL,
    bcc TEXT NOT NULL,
    after_status TEXT,
    assignee_id BIGINT,
    based_on BIGINT,
    version BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    CONSTRAINT ck_writings_inbox CHECK ((kind = 'conversation') = (inbox_id IS NOT NULL)),
    CONSTRAINT ck_writings_conversation CHECK ((kind = 'conversation') = (conversation_id IS NULL)),
    CONSTRAINT fk_writings_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_writings_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT fk_writings_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id) ON DELETE CASCADE
);

CREATE INDEX ix_writings_saved_at ON writings (saved_at);

CREATE INDEX ix_writings_user_id ON writings (user_id, saved_at, id);

CREATE UNIQUE INDEX uq_writings_conversation_id ON writings (conversation_id, user_id, kind);

CREATE UNIQUE INDEX uq_writings_inbox_id ON writings (inbox_id, user_id);

CREATE TABLE writing_files (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    writing_id BIGINT NOT NULL,
    filename TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    blob TEXT NOT NULL,
    CONSTRAINT fk_writing_files_writing_id FOREIGN KEY(writing_id) REFERENCES writings (id) ON DELETE CASCADE
);

CREATE INDEX ix_writing_files_blob ON writing_files (blob);

CREATE INDEX ix_writing_files_writing_id ON writing_files (writing_id);
