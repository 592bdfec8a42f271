-- Redrive a job that has ended, so that it may be sent once more: an operator retries a dead letter.
--
-- ARGV   [1] [2] see bucket.lua   [3] job   [4] tenant   [5] lane   [6] life of the ledger's entry, ms
-- reply  1, or 0 when the ledger says that it was delivered: that is never sent again
-- cost   O(1)
--
-- A job that halted its lane is still the head there; any other goes to the end of its lane when it is admitted.
local job, tenant, lane, life = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local ledger = ledger_key(job)
local known = ledger_entry(job)

if known and string.sub(known, 1, 4) == 'sent' then
  return 0
end
redis.call('SET', ledger, 'again', 'PX', life)
redis.call('SREM', prefix .. 'cancelled', job)
redis.call('HDEL', hash_of(job), FAILING_SINCE)
if redis.call('HDEL', prefix .. 'halted', job) == 1 and redis.call('ZRANGE', lane_key(lane), 0, 0)[1] == job then
  -- Heard of at once, or the reconciler lets the lane go on without it.
  local bucket = open_bucket(tenant, kind_of(job).class)
  redis.call('ZADD', bucket.busy, ms(now), lane)
  register(bucket)
end
return 1
