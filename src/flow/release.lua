-- Release lanes from jobs that will not run. An operator cancels a job, or lets its halted lane go on, or
-- the dead letter that halted the lane is gone. The next job of the lane is the head, and a reservation that
-- is free now goes to the wait queue.
--
-- ARGV   [1] [2] see state.lua   [3] the ledger's entry of all jobs; `look`: only looks what would happen
--        [4] life of a ledger entry, ms
--        [5] 'wake' lets the released jobs run: a worker finds each cancelled, reports that and ends it
--        then three per job: job, tenant, lane
-- reply  {'released' | 'running' | 'ended' of each job, wakes}
--        running   a request may be under way, or a move hands the job over, and nothing was changed
-- cost   O(log lane), about thirteen commands per job, and seven more to wake it
local entry, life, wakes_released = ARGV[3], ARGV[4], ARGV[5] == 'wake'
local outcomes, wakes = {}, {}

local function leave(job, tenant, lane)
  if redis.call('HDEL', prefix .. 'halted', job) == 0 then
    redis.call('SET', ledger_key(job), entry, 'PX', life)
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
end

local function release(job, tenant, lane)
  local known = ledger_entry(job)
  if known and string.sub(known, 1, 7) == 'running' or is_frozen(lane) then
    return 'running'
  end
  if sequence_in(lane, job) then
    if entry ~= 'look' then
      leave(job, tenant, lane)
    end
    return 'released'
  end
  -- A move has put the job here, and not yet into its lane.
  local is_open = not known or string.sub(known, 1, 5) == 'again'
  if is_open and arrival_of(job) and open_bucket(tenant, kind_of(job).class).held then
    return 'running'
  end
  -- It was cancelled before, and no worker has ended it yet: that caller may have died before its
  -- wake.
  local is_pending = known and string.sub(known, 1, 9) == 'cancelled' and arrival_of(job)
  return is_pending and 'released' or 'ended'
end

for at = 6, #ARGV, 3 do
  local job = ARGV[at]
  local outcome = release(job, ARGV[at + 1], ARGV[at + 2])
  if wakes_released and outcome == 'released' then
    wake(wakes, job, 0)
  end
  outcomes[#outcomes + 1] = outcome
end
return { outcomes, wakes }
