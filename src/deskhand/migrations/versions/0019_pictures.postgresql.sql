CREATE TABLE customer_pictures (
    customer_id BIGINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_customer_pictures PRIMARY KEY (customer_id),
    CONSTRAINT fk_customer_pictures_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id) ON DELETE CASCADE
);
