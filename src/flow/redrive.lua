-- Redrive dead letters: an operator has them sent once more. A job that halted its lane is still the
-- head there. Any other job goes to the end of its lane, in the order of the arguments.
--
-- The script runs in front of BullMQ's part, which puts the jobs into the list of waiting jobs, and in
-- one transaction with it. Until then the hash says that the job has ended.
--
-- ARGV   [1] [2] see state.lua   [3] life of a ledger entry, ms; `look`: only looks what would happen
--        then three per job: job, tenant, lane
-- reply  for each job 1; 0 when the ledger says that the job was delivered: it is never sent again; -1 when
--        the job has not ended, or goes again already
-- cost   O(log lane), about twelve commands per job
local life = ARGV[3]
local done = {}

-- The lane is overdue at once: if the caller dies now, the reconciler finds the lane.
local function make_overdue(job, tenant, lane)
  local bucket = open_bucket(tenant, kind_of(job).class)
  redis.call('ZADD', bucket.busy, ms(now), lane)
  mark_occupied(bucket)
end

local function redrive(job, tenant, lane)
  local known = ledger_entry(job)
  if known and string.sub(known, 1, 4) == 'sent' then
    return 0
  end
  -- A job whose tenant has moved is in another partition.
  if arrival_of(job) or not fields_of(job, 'timestamp')[1] then
    return -1
  end
  if life == 'look' then
    return 1
  end
  redis.call('SET', ledger_key(job), 'again', 'PX', life)
  redis.call('SREM', prefix .. 'cancelled', job)
  forget_past_in(hash_of(job))
  note_event(job, 'redriven')
  index_again(tenant, job)
  if redis.call('HDEL', prefix .. 'halted', job) == 1 and first_in(lane) == job then
    make_overdue(job, tenant, lane)
  elseif not sequence_in(lane, job) then
    local last, has_others = last_in(lane)
    join_lane(lane, job, last, has_others)
    if not has_others then
      make_overdue(job, tenant, lane)
    end
  end
  return 1
end

for at = 4, #ARGV, 3 do
  done[#done + 1] = redrive(ARGV[at], ARGV[at + 1], ARGV[at + 2])
end
return done
