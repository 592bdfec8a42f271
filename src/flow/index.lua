-- The index of the jobs of a tenant, by acceptance. Needs state.lua and job.lua. A lane is the index of
-- a conversation: see lane.lua.
--
--   jobs:<tenant>          job → the moment at which it was accepted; less ENDED once it has ended
--   indexed                tenants with an index → how far tidy.lua has got
--
-- So the jobs of a tenant that have not ended are those with a score from 0 on: Redis counts them at
-- once, and the end of a job is one command. Moments are in 1/1024 ms: jobs of a batch keep their
-- order. A score with ENDED off is exact too, because ENDED is 2^42 and a double has 52 bits.

local ENDED = 2 ^ 42 -- more than any time in ms before 2109
local TICK = 1 / 1024 -- ms between two jobs of a batch
local UNPACKED = 2000 -- arguments of one command: Lua has a bound

local function index_key(tenant)
  return prefix .. 'jobs:' .. tenant
end

-- Jobs of a tenant that have not ended.
local function count_waiting(tenant)
  return redis.call('ZCOUNT', index_key(tenant), 0, '+inf')
end

local FIRST_TICK = math.floor(now / TICK)

-- Notes a job of a tenant for index_all.
local function note_job(notes, job, tenant, tick)
  local list = notes[tenant] or {}
  notes[tenant] = list
  -- Written with all its digits: Redis would write fewer.
  list[#list + 1], list[#list + 2] = string.format('%.17g', (FIRST_TICK + tick) * TICK), job
end

-- Writes the noted jobs into their indexes, with one command for all jobs of a tenant.
local function index_all(notes)
  for tenant, list in pairs(notes) do
    for at = 1, #list, UNPACKED do
      redis.call('ZADD', index_key(tenant), unpack(list, at, math.min(at + UNPACKED - 1, #list)))
    end
    redis.call('HSETNX', prefix .. 'indexed', tenant, '-inf')
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
local function index_again(tenant, job)
  local score = tonumber(redis.call('ZSCORE', index_key(tenant), job) or '')
  if score and score < 0 then
    redis.call('ZADD', index_key(tenant), 'XX', 'INCR', ENDED, job)
  elseif not score then
    local notes = {}
    note_job(notes, job, tenant, 0)
    index_all(notes)
  end
end
