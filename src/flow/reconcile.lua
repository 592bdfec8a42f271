-- Repair what fell between two acts in one bucket: a worker that died before it woke somebody, a job that was removed
-- behind our back, a line that nobody is left to move on.
--
-- ARGV   [1] [2] see bucket.lua   [3] tenant, or the name of a shared bucket   [4] class   [5] how overdue a lane must be, ms
-- reply  {lanes repaired, 1 when nothing waits here any more, wakes}
-- cost   O(overdue lanes), at most 500 of either kind
local tenant, class, patience = ARGV[3], ARGV[4], tonumber(ARGV[5])
local bucket = open_bucket(tenant, class)
local wakes = {}
local repaired = 0

local function next_attempt(job)
  local entry = ledger_entry(job)
  return tonumber(entry and string.match(entry, '^again ([%d.]+)') or '')
end

-- Woken jobs that turn out to be running, or to wait in BullMQ, stay as they are.
local function knock(lane)
  redis.call('ZREM', bucket.slots, lane)
  redis.call('ZREM', bucket.busy, lane)
  local job = head_of(lane)
  if not job then
    return
  end
  local owner = kind_of(job).class == class and bucket or open_bucket(tenant_of(lane), kind_of(job).class)
  register(owner)
  local due = next_attempt(job)
  if due and due > now - patience then
    -- It waits for its next attempt, and is still there.
    redis.call('ZADD', owner.busy, ms(math.min(due, now + LOOK_AFTER)), lane)
    return
  end
  repaired = repaired + 1
  redis.call('ZADD', owner.busy, ms(now + patience), lane)
  wake(wakes, job, 0)
end

redis.call('ZREMRANGEBYSCORE', bucket.sending, '-inf', ms(now))
for _, set in ipairs({ bucket.slots, bucket.busy }) do
  for _, lane in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', ms(now - patience), 'LIMIT', 0, 500)) do
    knock(lane)
  end
end
refill(bucket, wakes)

local idle = redis.call('ZCARD', bucket.line) + redis.call('ZCARD', bucket.slots) + redis.call('ZCARD', bucket.busy) == 0
if idle then
  redis.call('SREM', prefix .. 'occupied', bucket.place)
end
return { repaired, idle and 1 or 0, wakes }
