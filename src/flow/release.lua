-- Release a lane from a job that will not run. An operator cancels the job, or lets its halted lane
-- go on, or the dead letter that halted the lane is gone. The next job of the lane is the head, and
-- a reservation that is free now goes to the wait queue.
--
-- ARGV   [1] [2] see state.lua   [3] job   [4] tenant   [5] lane
--        [6] the ledger's entry; `look`: only looks what would happen
--        [7] life of a ledger entry, ms
-- reply  {'released' | 'running' | 'ended', wakes}
--        running   a request may be under way, or a move hands the job over, and nothing was changed
-- cost   O(log lane)
local job, tenant, lane, entry, life = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local ledger = ledger_key(job)
local known = ledger_entry(job)
local wakes = {}

-- A move has the job in its hands for a moment, and this partition or the other one cannot act on it.
local function is_moving()
  local bucket = open_bucket(tenant, kind_of(job).class)
  return is_frozen(lane) or bucket.held and not known and not sequence_in(lane, job) and arrival_of(job)
end

if known and string.sub(known, 1, 7) == 'running' or is_moving() then
  return { 'running', wakes }
end
if not sequence_in(lane, job) then
  -- It was cancelled before, and no worker has ended it yet: that caller may have died before its
  -- wake.
  local is_pending = known and string.sub(known, 1, 9) == 'cancelled' and arrival_of(job)
  return { is_pending and 'released' or 'ended', wakes }
end
if entry == 'look' then
  return { 'released', wakes }
end
if redis.call('HDEL', prefix .. 'halted', job) == 0 then
  redis.call('SET', ledger, entry, 'PX', life)
  redis.call('SADD', prefix .. 'cancelled', job)
end
local head, second = first_in(lane)
leave_lane(lane, job)
index_end(tenant, job)
if head == job then
  local bucket = open_bucket(tenant, kind_of(job).class)
  mark_occupied(bucket)
  advance(bucket, lane, job, second, wakes)
  serve_waiting(bucket, wakes)
end
return { 'released', wakes }
