-- Inserts jobs into a queue of BullMQ, as its own scripts addStandardJob and addDelayedJob do in
-- version 6.7. A test compares the keys. BullMQ's scripts read the settings of the queue, count, and
-- wake the workers once for each job; these functions do so once for each batch.
--
-- The hash of a job has no `priority` and no `delay`, each 56 bytes. BullMQ's scripts take a job without
-- them for one with 0, and write the delay when they move it. The delay of a parked job says nothing.
--
--   <queue>:<id>      hash of the job
--   <queue>:wait      list of the jobs that a worker may take; new ones enter on the left
--   <queue>:delayed   job → due moment × 4096, plus a number that keeps the order within one ms
--   <queue>:events    stream of what happens in the queue
--   <queue>:marker    idle workers wait for it: '0' says that a job waits, '1' → the next due moment
--   <queue>:id        counter of the insertions
--   <queue>:meta      settings

local DUE_STEPS = 4096 -- jobs that keep their order within one ms
local DEFAULT_EVENTS = 10000 -- length of the stream of a queue without a setting
local DUE_AT_ONCE = 2000 -- arguments of one command: Lua has a bound

-- A whole number as Redis writes it. Redis itself writes numbers of Lua as fractions, which costs more.
local function whole(number)
  return string.format('%d', number)
end

-- Opens a queue for a batch. `base` is the name of the queue with a colon, and `timestamp` the moment
-- at which its jobs arrive, ms.
local function open_queue(base, timestamp)
  local settings = redis.call('HMGET', base .. 'meta', 'opts.maxLenEvents', 'paused', 'concurrency')
  return {
    base = base,
    events = base .. 'events',
    timestamp = timestamp,
    arrival = whole(timestamp),
    max_events = settings[1] or whole(DEFAULT_EVENTS),
    is_paused = settings[2],
    concurrency = tonumber(settings[3] or ''),
    last_scores = {},
    due = {},
    inserted = 0,
    waits = false,
  }
end

-- The next free score of a moment in the delayed set.
local function delayed_score(queue, due_at)
  local first = due_at * DUE_STEPS
  local highest = first + DUE_STEPS - 1
  local last = queue.last_scores[due_at]
  if not last then
    local newest =
      redis.call('ZREVRANGEBYSCORE', queue.base .. 'delayed', highest, first, 'WITHSCORES', 'LIMIT', 0, 1)
    last = tonumber(newest[2] or first - 1)
  end
  local score = math.min(last + 1, highest)
  queue.last_scores[due_at] = score
  return score
end

-- Puts a job that BullMQ does not have into the queue. A delayed job is in its set when the queue is
-- closed.
--
-- @param job    its id, name, data and options; the last two are JSON
-- @param delay  ms; 0 for a job that a worker may take at once
-- @param parent key, JSON and dependencies key of the job that waits for this one, or nil
local function insert_job(queue, job, delay, parent)
  local key = queue.base .. job.id
  local events = queue.events
  local due_at = delay > 0 and queue.timestamp + delay
  local score = due_at and delayed_score(queue, due_at)
  redis.call(
    'HSET', key, 'name', job.name, 'data', job.data, 'opts', job.options, 'timestamp', queue.arrival
  )
  redis.call('XADD', events, '*', 'event', 'added', 'jobId', job.id, 'name', job.name)
  if due_at then
    local at = #queue.due
    queue.due[at + 1], queue.due[at + 2] = whole(score), job.id
    redis.call(
      'XADD', events, 'MAXLEN', '~', queue.max_events, '*',
      'event', 'delayed', 'jobId', job.id, 'delay', whole(due_at)
    )
  else
    redis.call('LPUSH', queue.base .. 'wait', job.id)
    redis.call('XADD', events, 'MAXLEN', '~', queue.max_events, '*', 'event', 'waiting', 'jobId', job.id)
    queue.waits = true
  end
  if parent then
    redis.call('HSET', key, 'parentKey', parent.key, 'parent', parent.json)
    redis.call('SADD', parent.dependencies, key)
  end
  queue.inserted = queue.inserted + 1
end

-- A job that BullMQ has already gets the parent, which then waits for it.
local function adopt_job(queue, id, parent)
  local key = queue.base .. id
  if redis.call('EXISTS', key) == 1 and not redis.call('ZSCORE', queue.base .. 'completed', id) then
    redis.call('SADD', parent.dependencies, key)
    redis.call('HSET', key, 'parentKey', parent.key, 'parent', parent.json)
  end
end

-- Whether workers may take another job of the queue.
local function takes_jobs(queue)
  if queue.is_paused then
    return false
  end
  return not queue.concurrency or redis.call('LLEN', queue.base .. 'active') < queue.concurrency
end

-- Writes the delayed jobs of the batch into their set, counts its insertions, and wakes idle workers.
local function close_queue(queue)
  local due, delayed = queue.due, queue.base .. 'delayed'
  for at = 1, #due, DUE_AT_ONCE do
    redis.call('ZADD', delayed, unpack(due, at, math.min(at + DUE_AT_ONCE - 1, #due)))
  end
  if queue.inserted > 0 then
    redis.call('INCRBY', queue.base .. 'id', queue.inserted)
  end
  if queue.waits and takes_jobs(queue) then
    redis.call('ZADD', queue.base .. 'marker', 0, '0')
  end
  if #due > 0 then
    local next_due = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
    redis.call('ZADD', queue.base .. 'marker', next_due / DUE_STEPS, '1')
  end
end
