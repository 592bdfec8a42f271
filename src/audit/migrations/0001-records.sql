-- The last record of each tenant's chain, and the link in front of its first record that is kept.
-- A process locks this row before it appends to the chain or prunes it.
CREATE TABLE audit_heads (
  tenant_id text PRIMARY KEY,
  sequence bigint NOT NULL,
  hash text NOT NULL,
  anchor_sequence bigint NOT NULL,
  anchor_hash text NOT NULL,
  recorded_at timestamptz(3) NOT NULL
);

-- The first record of a month creates its partition. The details are json and not jsonb, because
-- the hash is over their text, and jsonb would change it.
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
