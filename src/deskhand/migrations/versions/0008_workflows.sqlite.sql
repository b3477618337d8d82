CREATE TABLE workflows (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    inbox_id BIGINT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    turns TEXT NOT NULL,
    active_since BIGINT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    deleted_at BIGINT,
    CONSTRAINT fk_workflows_inbox_id FOREIGN KEY(inbox_id) REFERENCES inboxes (id)
);

CREATE INDEX ix_workflows_inbox_id ON workflows (inbox_id, position, id);

CREATE TABLE workflow_versions (
    workflow_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    user_id BIGINT,
    created_at BIGINT NOT NULL,
    CONSTRAINT pk_workflow_versions PRIMARY KEY (workflow_id, version),
    CONSTRAINT fk_workflow_versions_workflow_id FOREIGN KEY(workflow_id) REFERENCES workflows (id) ON DELETE CASCADE,
    CONSTRAINT fk_workflow_versions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 WITHOUT ROWID;

CREATE TABLE workflow_runs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    workflow_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    conversation_id BIGINT NOT NULL,
    type TEXT NOT NULL,
    event_id BIGINT,
    user_id BIGINT,
    triggers TEXT NOT NULL,
    depth INTEGER NOT NULL,
    parent_id BIGINT,
    state TEXT NOT NULL,
    stopped_by TEXT,
    reasons TEXT NOT NULL,
    results TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT fk_workflow_runs_workflow_id FOREIGN KEY(workflow_id) REFERENCES workflows (id),
    CONSTRAINT fk_workflow_runs_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT fk_workflow_runs_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_workflow_runs_conversation_id ON workflow_runs (conversation_id, id);

CREATE INDEX ix_workflow_runs_workflow_id ON workflow_runs (workflow_id, id);

CREATE UNIQUE INDEX uq_workflow_runs_operation ON workflow_runs (workflow_id, conversation_id, event_id);
