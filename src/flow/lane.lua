-- Lanes: they keep the order of each conversation. Needs state.lua, job.lua and index.lua.
--
-- A lane, written `<tenant>:<conversation>`, is one sorted set. A job that waits has its sequence number
-- as score. A job that has ended keeps its number, less ENDED: the lane is also the index of the
-- conversation. The job with the lowest number from 0 on is the head, and only the head may be sent.
--
--   ended jobs                     jobs that wait
--   ── 1-ENDED ── 2-ENDED ─ … ─ 0 ─── 3 ─── 4 ─── 5
--                                     head        the last number: the next job gets 6
--
-- The last job stays in the set when it has ended, so that the conversation counts on. A lane without
-- waiting jobs expires after LANE_LIFE. A job whose order does not matter has a lane of its own, which
-- is deleted with the end of the job.

local LANE_LIFE = '2592000000' -- 30 days: how long a conversation may rest and count on, ms
local TRIM_EVERY = 64 -- jobs of a conversation from one look at ended ones to the next
local TRIMMED_AT_ONCE = 128
local GOLDEN = (math.sqrt(5) - 1) / 2 -- its multiples spread evenly between whole numbers

local function lane_key(lane)
  return prefix .. 'lane:' .. lane
end

local function tenant_of(lane)
  return string.match(lane, '^[^:]+')
end

-- Whether other jobs may come into the lane.
local function is_shared(lane, job)
  return string.sub(lane, -#job + 1) ~= '#' .. id_of(job)
end

-- The last sequence number of a lane, 0 for a new one, and whether a job waits there.
local function last_in(lane)
  local score = tonumber(redis.call('ZRANGE', lane_key(lane), -1, -1, 'WITHSCORES')[2] or '')
  if not score then
    return 0, false
  end
  return score > 0 and score or score + ENDED, score > 0
end

-- Puts a job at the end of its lane.
--
-- @param last      the lane's last sequence number
-- @param has_others whether a job waits there
-- @return the sequence number of the job, and whether the job was in the lane before
local function join_lane(lane, job, last, has_others)
  local key, sequence = lane_key(lane), last + 1
  local was_there = redis.call('ZADD', key, sequence, job) == 0
  if last > 0 and not has_others then
    redis.call('PERSIST', key)
  end
  return sequence, was_there
end

-- The sequence number of a job that waits in its lane, or nil.
local function sequence_in(lane, job)
  local score = tonumber(redis.call('ZSCORE', lane_key(lane), job) or '')
  return score and score > 0 and score or nil
end

-- The first job that waits in a lane; nil when no job waits. The second one comes behind it.
local function first_in(lane)
  return unpack(redis.call('ZRANGEBYSCORE', lane_key(lane), 0, '+inf', 'LIMIT', 0, 2))
end

-- A job leaves the jobs that wait. @return whether it was one of them
local function leave_lane(lane, job)
  local key = lane_key(lane)
  if not is_shared(lane, job) then
    return redis.call('DEL', key) == 1
  end
  local score = tonumber(redis.call('ZADD', key, 'XX', 'INCR', -ENDED, job) or '')
  if score and score < -ENDED then
    -- It had left before.
    redis.call('ZADD', key, 'XX', 'INCR', ENDED, job)
    return false
  end
  return score ~= nil
end

-- Removes the ended jobs of a lane that BullMQ has removed. Each call looks at a few jobs in a row. Their
-- place is a share of the lane, and steps by GOLDEN from call to call. So the calls look at all parts of
-- the lane equally often: also while it grows, and behind dead letters that Redis keeps for long. A long
-- conversation has at most twice the jobs that Redis holds, and a few more.
local function trim_lane(lane, sequence)
  local key = lane_key(lane)
  local size = redis.call('ZCOUNT', key, '-inf', '(0')
  if size == 0 then
    return
  end
  local share = sequence / TRIM_EVERY * GOLDEN % 1
  local from = math.floor(share * (size + TRIMMED_AT_ONCE - 1)) - TRIMMED_AT_ONCE + 1
  local to = math.min(from + TRIMMED_AT_ONCE, size) - 1
  for _, job in ipairs(redis.call('ZRANGE', key, math.max(0, from), to)) do
    if redis.call('EXISTS', hash_of(job)) == 0 then
      redis.call('ZREM', key, job)
    end
  end
end

-- Whether a move hands the lane over to another partition now.
local function is_frozen(lane)
  return redis.call('HEXISTS', prefix .. 'frozen:' .. tenant_of(lane), lane) == 1
end

-- The head of a lane, when it was accepted, and its `sendAt` if that is to come; nil when no job waits, or
-- when the lane is halted. Jobs that another program removed or ended leave the lane, and are noted as lost
-- for the reconciler.
--
-- @param trusted the job that the calling worker runs: it needs no look at its hash
-- @param first   what first_in says, if the caller has asked; false for no job
local function head_of(lane, trusted, first)
  while true do
    local job = first
    if job == nil then
      job = first_in(lane)
    end
    first = nil
    if not job then
      redis.call('PEXPIRE', lane_key(lane), LANE_LIFE)
      return nil
    end
    if job == trusted then
      return job
    end
    local arrival, send_at = arrival_of(job)
    if arrival then
      return job, arrival, send_at
    end
    if redis.call('HEXISTS', prefix .. 'halted', job) == 1 or is_frozen(lane) then
      return nil
    end
    leave_lane(lane, job)
    index_end(tenant_of(lane), job)
    redis.call('RPUSH', prefix .. 'lost', tenant_of(lane) .. ' ' .. job)
  end
end
