-- Accept a batch of jobs. Each new job gets the next sequence number of its lane. A job that is the
-- head of its lane reserves a moment, or its lane joins the wait queue.
--
-- The script runs in one transaction with BullMQ's insertion of the jobs, and in front of it.
-- BullMQ inserts all of them with a delay far beyond their turn; afterwards the producer wakes
-- `wakes`.
--
-- ARGV   [1] [2] see bucket.lua   [3] kind code of all jobs of the batch
--        then six per job: id, tenant, lane, 1 if urgent or 0, 1 or 0, moment at which it expires, ms, or ''
--        the fifth is 1 for a further part of the entry that the job before belongs to: a part is
--        accepted when the first part is
-- reply  {sequences, wakes}; a sequence of 0 is a duplicate, and -1 is a duplicate that BullMQ does not
--        have and must not get
-- cost   O(jobs × log lane), about eight commands each, and one for those that expire, O(log jobs that expire)
local kind_code = ARGV[3]
local kind = KINDS[kind_code]
local count = (#ARGV - 3) / 6
local buckets, sequences, wakes, seen = {}, {}, {}, {}

-- The earlier of two moments; each may be nil.
local function earlier(one, other)
  return one and other and math.min(one, other) or one or other
end

for index = 1, count do
  local at = index * 6 - 2
  local id, tenant, lane, urgent, is_part = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4] == '1'
  local job = kind_code .. (urgent == '1' and '!' or '-') .. id
  local key_in_queue = prefix .. kind.queue .. ':' .. id
  local is_known = seen[id] or redis.call('EXISTS', key_in_queue, ledger_key(job)) > 0
  if is_part then
    is_known = sequences[index - 1] < 1
  end
  if is_known then
    local in_queue = seen[id] or redis.call('EXISTS', key_in_queue) == 1
    sequences[index] = in_queue and 0 or -1
  else
    seen[id] = true
    local sequence = next_sequence(lane)
    sequences[index] = sequence
    local key = lane_key(lane)
    local bucket = buckets[tenant] or open_bucket(tenant, kind.class)
    buckets[tenant] = bucket
    expect_expiry(job, earlier(tonumber(ARGV[at + 5]), bucket.max_age and now + bucket.max_age))
    local was_there = redis.call('ZADD', key, sequence, job) == 0
    if redis.call('ZCARD', key) == 1 then
      if was_there then
        -- Another program removed the job, and the producer enqueues it before the reconciler came.
        remove_lane(bucket, lane)
      end
      local moment = reserve_or_wait(bucket, lane, job, math.floor(now))
      if moment then
        wake(wakes, job, moment - now)
      end
    end
  end
end

for _, bucket in pairs(buckets) do
  mark_occupied(bucket)
end
return { sequences, wakes }
