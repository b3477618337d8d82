-- What an account knows of organizations beside their name, and the properties of organizations and customers.

-- Made anew, so that ids are never given twice. Dropping the old table empties what pointed at it, so that is kept aside.
CREATE TABLE organizations_made_anew (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    website TEXT,
    description TEXT,
    location TEXT,
    logo_url TEXT,
    note TEXT,
    phones TEXT NOT NULL,
    brand_color TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT uq_organizations_name_key UNIQUE (name_key)
);

INSERT INTO organizations_made_anew (id, name, name_key, phones, created_at, updated_at)
SELECT id, name, name_key, '[]', created_at, updated_at FROM organizations;

CREATE TABLE members_kept_aside (id INTEGER NOT NULL PRIMARY KEY, organization_id BIGINT NOT NULL);

INSERT INTO members_kept_aside SELECT id, organization_id FROM customers WHERE organization_id IS NOT NULL;

DROP TABLE organizations;

ALTER TABLE organizations_made_anew RENAME TO organizations;

UPDATE customers SET organization_id = (SELECT kept.organization_id FROM members_kept_aside AS kept WHERE kept.id = customers.id)
WHERE id IN (SELECT id FROM members_kept_aside);

DROP TABLE members_kept_aside;

DROP INDEX ix_customers_organization_id;

CREATE INDEX ix_customers_organization_id_created_at_id ON customers (organization_id, created_at, id);

CREATE TABLE properties (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL CONSTRAINT ck_properties_owner CHECK (owner IN ('customer', 'organization')),
    slug TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX uq_properties_owner_slug ON properties (owner, slug);

CREATE TABLE property_options (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    property_id BIGINT NOT NULL,
    "key" TEXT NOT NULL,
    label TEXT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT fk_property_options_property_id FOREIGN KEY(property_id) REFERENCES properties (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_property_options_property_id_key ON property_options (property_id, "key");

CREATE TABLE organization_domains (
    domain TEXT NOT NULL,
    organization_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_organization_domains PRIMARY KEY (domain),
    CONSTRAINT fk_organization_domains_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX ix_organization_domains_organization_id ON organization_domains (organization_id, position);

CREATE TABLE organization_activity (
    organization_id BIGINT NOT NULL,
    customer_count INTEGER NOT NULL,
    conversation_count INTEGER NOT NULL,
    last_interaction_at BIGINT NOT NULL,
    CONSTRAINT pk_organization_activity PRIMARY KEY (organization_id),
    CONSTRAINT fk_organization_activity_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX ix_organization_activity_conversation_count ON organization_activity (conversation_count, organization_id);

CREATE INDEX ix_organization_activity_customer_count ON organization_activity (customer_count, organization_id);

CREATE INDEX ix_organization_activity_last_interaction_at ON organization_activity (last_interaction_at, organization_id);

CREATE TABLE organization_values (
    organization_id BIGINT NOT NULL,
    property_id BIGINT NOT NULL,
    value TEXT NOT NULL,
    option_id BIGINT,
    CONSTRAINT pk_organization_values PRIMARY KEY (organization_id, property_id),
    CONSTRAINT fk_organization_values_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT fk_organization_values_property_id FOREIGN KEY(property_id) REFERENCES properties (id) ON DELETE CASCADE,
    CONSTRAINT fk_organization_values_option_id FOREIGN KEY(option_id) REFERENCES property_options (id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX ix_organization_values_option_id ON organization_values (option_id);

CREATE INDEX ix_organization_values_property_id ON organization_values (property_id);

CREATE TABLE customer_values (
    customer_id BIGINT NOT NULL,
    property_id BIGINT NOT NULL,
    value TEXT NOT NULL,
    option_id BIGINT,
    source TEXT NOT NULL,
    CONSTRAINT pk_customer_values PRIMARY KEY (customer_id, property_id),
    CONSTRAINT fk_customer_values_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE,
    CONSTRAINT fk_customer_values_property_id FOREIGN KEY(property_id) REFERENCES properties (id) ON DELETE CASCADE,
    CONSTRAINT fk_customer_values_option_id FOREIGN KEY(option_id) REFERENCES property_options (id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX ix_customer_values_option_id ON customer_values (option_id);

CREATE INDEX ix_customer_values_property_id ON customer_values (property_id);

INSERT INTO organization_activity (organization_id, customer_count, conversation_count, last_interaction_at)
SELECT o.id, count(c.id), coalesce(sum(c.conversation_count), 0), coalesce(
    (
        SELECT max(v.user_updated_at) FROM conversations AS v JOIN customers AS m ON m.id = v.customer_id
        WHERE m.organization_id = o.id AND v.state <> 'deleted'
    ),
    o.created_at
)
FROM organizations AS o LEFT JOIN customers AS c ON c.organization_id = o.id
GROUP BY o.id, o.created_at;

INSERT INTO counts (name, shard, total)
SELECT 'organizations', 0, count(*) FROM organizations HAVING count(*) > 0;
