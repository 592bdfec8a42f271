-- Reconcile a bucket: repair what a process left undone between two scripts. A worker may have died
-- before it woke a job. Another program may have removed a job. A wait queue may have no lane in
-- front of it that would move it on.
--
-- ARGV   [1] [2] see state.lua   [3] tenant, or the name of a shared bucket   [4] class
--        [5] how long a lane must be overdue, ms
-- reply  {lanes repaired, 1 when the bucket has no lanes any more, wakes}
-- cost   O(overdue lanes), at most 500 that are reserved and 500 that are busy
local tenant, class, patience = ARGV[3], ARGV[4], tonumber(ARGV[5])
local bucket = open_bucket(tenant, class)
local wakes = {}
local repaired = 0

local function next_attempt(job)
  local entry = ledger_entry(job)
  return tonumber(entry and string.match(entry, '^again ([%d.]+)') or '')
end

-- Wakes the head of an overdue lane, unless it waits for its next attempt. A job that a worker
-- runs, or that is due in BullMQ, is not changed by a wake.
local function repair_lane(lane)
  cancel_reservation(bucket, lane)
  redis.call('ZREM', bucket.busy, lane)
  local job, arrival, send_at = head_of(lane)
  if not job then
    return
  end
  local head_class = kind_of(job).class
  local owner = takes_class(bucket, head_class) and bucket or open_bucket(tenant_of(lane), head_class)
  if send_at then
    -- Another program removed the head before it.
    defer_lane(owner, lane, job, arrival, send_at)
    return
  end
  mark_occupied(owner)
  local due = next_attempt(job)
  if due and due > now - patience then
    redis.call('ZADD', owner.busy, ms(math.min(due, now + CHECK_AFTER)), lane)
    return
  end
  repaired = repaired + 1
  redis.call('ZADD', owner.busy, ms(now + patience), lane)
  wake(wakes, job, 0)
end

redis.call('ZREMRANGEBYSCORE', bucket.sending, '-inf', ms(now))
for _, set in ipairs({ bucket.reserved, bucket.busy }) do
  for _, lane in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', ms(now - patience), 'LIMIT', 0, 500)) do
    repair_lane(lane)
  end
end
serve_waiting(bucket, wakes)

local lanes = redis.call('ZCARD', bucket.waiting) + redis.call('ZCARD', bucket.reserved) + redis.call('ZCARD', bucket.busy)
if lanes == 0 then
  redis.call('SREM', prefix .. 'occupied', bucket.name)
end
return { repaired, lanes == 0 and 1 or 0, wakes }
