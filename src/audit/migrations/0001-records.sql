-- The end of each tenant's chain, and the place in front of its first record that is kept. Its row is locked by whoever
-- appends to the chain or prunes it.
CREATE TABLE audit_heads (
  tenant_id text PRIMARY KEY,
  sequence bigint NOT NULL,
  hash text NOT NULL,
  anchor_sequence bigint NOT NULL,
  anchor_hash text NOT NULL,
  recorded_at timestamptz(3) NOT NULL
);

-- Partitions, one a month, are made when the first record of their month comes. The details are json and not jsonb: the text
-- is hashed, and stays as it is.
CREATE TABLE audit_records (
  tenant_id text NOT NULL,
  sequence bigint NOT NULL,
  id text NOT NULL,
  source text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  action text NOT NULL,
  status text NOT NULL,
  details json NOT NULL,
  hash text NOT NULL,
  CONSTRAINT audit_records_by_id UNIQUE (tenant_id, id, occurred_at)
) PARTITION BY RANGE (occurred_at);

CREATE INDEX audit_records_by_sequence ON audit_records (tenant_id, sequence);
CREATE INDEX audit_records_by_time ON audit_records (tenant_id, occurred_at, sequence);
