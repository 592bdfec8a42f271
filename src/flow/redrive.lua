-- Redrive a dead letter: an operator has it sent once more. A job that halted its lane is still the
-- head there. Any other job goes to the end of its lane when it is admitted.
--
-- ARGV   [1] [2] see bucket.lua   [3] job   [4] tenant   [5] lane   [6] life of a ledger entry, ms
-- reply  1; 0 when the ledger says that the job was delivered: it is never sent again
-- cost   O(1)
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
  -- The lane is overdue at once: if the caller dies now, the reconciler finds the lane.
  local bucket = open_bucket(tenant, kind_of(job).class)
  redis.call('ZADD', bucket.busy, ms(now), lane)
  mark_occupied(bucket)
end
return 1
