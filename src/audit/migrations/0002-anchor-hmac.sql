-- The HMAC of the anchor, with AUDIT_KEYS. Anchors that were there before have none.
ALTER TABLE audit_heads ADD COLUMN anchor_hmac text;
