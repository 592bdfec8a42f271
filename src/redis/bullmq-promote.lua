-- Moves a delayed job to the jobs that a worker may take, as BullMQ's own script promote does in version 6.7.
-- A test compares the keys. It asks for the state of each queue, and wakes idle workers, once in a script.

local served_queues = {} -- name of a queue → true once its workers are awake

local function wake_workers(base)
  if served_queues[base] then
    return
  end
  served_queues[base] = true
  local settings = redis.call('HMGET', base .. 'meta', 'paused', 'concurrency')
  local most = tonumber(settings[2] or '')
  if not settings[1] and not (most and redis.call('LLEN', base .. 'active') >= most) then
    redis.call('ZADD', base .. 'marker', 0, '0')
  end
end

-- A job that is not delayed stays as it is.
--
-- @param base the name of the queue with a colon
-- @return false when another program gave the job a priority: then BullMQ must move it
local function promote_job(base, id)
  local key = base .. id
  local priority = redis.call('HGET', key, 'priority')
  if priority and priority ~= '0' then
    return false
  end
  if redis.call('ZREM', base .. 'delayed', id) == 0 then
    return true
  end
  redis.call('LPUSH', base .. 'wait', id)
  wake_workers(base)
  redis.call('XADD', base .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'delayed')
  redis.call('HSET', key, 'delay', '0')
  return true
end

local WOKEN = -1 -- in the place of a delay: the caller has nothing to do

-- Lets a job run after the delay, ms. Without a delay it runs now; otherwise the caller is asked to wake
-- it. A wake does not change a job that a worker runs: the worker asks for a recheck when it has parked
-- the job. `wakes` has three values per job, which wakes.ts reads.
local function wake_job(wakes, prefix, queue, id, delay)
  local wait, at = math.max(0, math.ceil(delay)), #wakes
  if wait == 0 and promote_job(prefix .. queue .. ':', id) then
    wait = WOKEN
  end
  wakes[at + 1], wakes[at + 2], wakes[at + 3] = queue, id, wait
end
