-- The index of jobs: all jobs of a tenant, and all jobs of a conversation, by acceptance. Needs
-- bucket.lua and job.lua.
--
--   jobs:<tenant>          job → the moment at which it was accepted; less ENDED once it has ended
--   jobs:<tenant>:<lane>   job → the same moment; it stays when the job ends
--   indexed                tenants with an index → how far tidy.lua has got
--
-- So the jobs of a tenant that have not ended are those with a score from 0 on: Redis counts them at
-- once, and the end of a job is one command. Moments are in 1/1024 ms: jobs of a batch keep their
-- order. A score with ENDED off is exact too, because ENDED is 2^42 and a double has 52 bits.

local ENDED = 2 ^ 42 -- more than any time in ms before 2109
local TICK = 1 / 1024 -- ms between two jobs of a batch
local TRIM_EVERY = 64 -- jobs of a conversation from one look at old ones to the next
local TRIMMED_AT_ONCE = 128
local UNPACKED = 2000 -- arguments of one command: Lua has a bound
local INDEX_LIFE = '2592000000' -- 30 days: life of the index of a conversation behind its last job, ms

local function index_key(tenant_or_lane)
  return prefix .. 'jobs:' .. tenant_or_lane
end

-- Whether other jobs may come into the lane: a job whose order does not matter has one of its own.
local function is_shared(lane, job)
  return string.sub(lane, -#job + 1) ~= '#' .. id_of(job)
end

-- Jobs of a tenant that have not ended.
local function count_waiting(tenant)
  return redis.call('ZCOUNT', index_key(tenant), 0, '+inf')
end

local FIRST_TICK = math.floor(now / TICK)

local function note(notes, name, moment, job)
  local list = notes[name] or {}
  notes[name] = list
  list[#list + 1], list[#list + 2] = moment, job
end

-- Notes a job for index_all.
local function note_job(notes, job, tenant, lane, tick)
  -- Written once, with all its digits: Redis would write it for each index.
  local moment = string.format('%.17g', (FIRST_TICK + tick) * TICK)
  note(notes, tenant, moment, job)
  if is_shared(lane, job) then
    note(notes, lane, moment, job)
  end
end

-- Writes the noted jobs into their indexes: one command for all jobs of an index, and one that keeps
-- the index.
local function index_all(notes)
  for name, list in pairs(notes) do
    for at = 1, #list, UNPACKED do
      redis.call('ZADD', index_key(name), unpack(list, at, math.min(at + UNPACKED - 1, #list)))
    end
    if string.find(name, ':', 1, true) then
      redis.call('PEXPIRE', index_key(name), INDEX_LIFE)
    else
      redis.call('HSETNX', prefix .. 'indexed', name, '-inf')
    end
  end
end

-- Removes jobs that BullMQ no longer has from the index of a conversation. Each call looks at the next
-- few, so the index of a long conversation has little more than the jobs that Redis holds.
local function trim_lane(lane, sequence)
  local key = index_key(lane)
  local size = redis.call('ZCARD', key)
  local from = size > 0 and (sequence / TRIM_EVERY * TRIMMED_AT_ONCE) % size or 0
  for _, job in ipairs(redis.call('ZRANGE', key, from, from + TRIMMED_AT_ONCE - 1)) do
    if redis.call('EXISTS', hash_of(job)) == 0 then
      redis.call('ZREM', key, job)
    end
  end
end

-- The job has ended. A job that is not in the index stays out; a second call changes nothing.
local function index_end(tenant, job)
  local score = redis.call('ZADD', index_key(tenant), 'XX', 'INCR', -ENDED, job)
  if score and tonumber(score) < -ENDED then
    redis.call('ZADD', index_key(tenant), 'XX', 'INCR', ENDED, job)
  end
end

-- The job waits again, or comes from another program.
local function index_again(tenant, lane, job)
  local score = tonumber(redis.call('ZSCORE', index_key(tenant), job) or '')
  if score and score < 0 then
    redis.call('ZADD', index_key(tenant), 'XX', 'INCR', ENDED, job)
  elseif not score then
    local notes = {}
    note_job(notes, job, tenant, lane, 0)
    index_all(notes)
  end
end
