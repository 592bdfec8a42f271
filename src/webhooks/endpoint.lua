-- Shared by all scripts named endpoint-*.lua: which job may call an endpoint, and when. Needs
-- job-hash.lua of src/redis.
--
-- An endpoint is one receiver address of one tenant, without its query. A worker needs a permit to
-- call it. Each endpoint has a concurrency limit, which is its number of permits. All endpoints of
-- a tenant together have a second limit. A callback that finds no permit waits in the wait queue of
-- its endpoint, oldest first. Its job is delayed in BullMQ far into the future and costs nothing.
-- The script that frees a permit grants it to the first callback that waits. It returns the id of
-- that callback, and the worker wakes its job.
--
-- States of a callback at its endpoint:
--
--                permit free, wait queue empty
--           ┌──────────────────────────────────────────────────┐
--           │                                                  ▼
--   enter ──┤         ┌─────────┐ grant    ┌─────────┐ enter ┌─────────┐ leave
--           └───────► │ WAITING │ ───────► │ GRANTED │ ────► │ CALLING │ ─────► out
--           otherwise └─────────┘          └─────────┘       └─────────┘
--                          ▲                    │                 │
--                          └────────────────────┴─────────────────┘
--                                     the permit expires
--
--   state     key                     score                                        job in BullMQ
--   WAITING   endpoint-waiting:<id>   when the callback was enqueued               delayed
--   GRANTED   endpoint-permits:<id>   expiry: GRANTED_FOR after the wake           delayed, woken
--   CALLING   endpoint-permits:<id>   expiry: when the call is certainly over      active
--
-- A permit is a lease. It expires if no worker uses it, or if the worker dies during the call.
-- The callback then waits again and keeps its age. Without the expiry, a dead worker would keep the
-- permit for ever. A GRANTED callback also waits again if all permits of its tenant are in use when
-- it enters.
--
-- One call at a time. The job's field `gwm:calling` names the run that calls now, and when that
-- call is certainly over. A worker that has lost the lock of the job still completes its call and
-- reports the result. Another worker that has the lock waits for this. `gwm:calls` counts the
-- attempts that ended. `gwm:delivered` holds the attempt that was delivered. The fields live as
-- long as the job.
--
-- Circuit. Five failures in a row open it and pause the endpoint. After the pause, one permit
-- exists until a call succeeds. Each further failure pauses the endpoint for longer, up to
-- CIRCUIT_MAX. Failures of one worker alone do not open the circuit if another worker has delivered
-- within the last minute. That worker may be the cause: receivers refuse its signatures if its
-- clock is wrong.
--
-- Pause. An open circuit pauses the endpoint, and so does a receiver that asks for a wait. During a
-- pause the first callback of the wait queue is granted the one permit, for the end of the pause.
-- This permit does not count against the tenant's limit until the call begins.
--
-- Disabled. No callback is sent until an operator enables the endpoint. Waiting callbacks are woken
-- so that they fail: `enter` answers `disabled`, and each answer wakes a few more.
--
-- `endpoints-ready` holds the endpoints that have a callback waiting and a permit free. They are
-- sorted by the age of the first callback. When the tenant is below its limit again, the oldest
-- callback of all its endpoints is granted a permit. `endpoints-occupied` holds the endpoints that
-- have a callback in any state; the reconciler visits these.
--
-- ARGV[1]      present time in ms, or '' for the clock of Redis; only tests give a time
-- ARGV[2]      prefix of the tenant's partition, `gwm:{0}:`
-- ARGV[3]      tenant
-- ARGV[4] [5]  concurrency limit of one endpoint, and of all endpoints of the tenant
-- ARGV[6]      id of the endpoint

local CIRCUIT_THRESHOLD = 5 -- failures in a row that open the circuit
local CIRCUIT_BASE, CIRCUIT_MAX = 1000, 60000 -- first and longest pause of an open circuit, ms
local PEER_DELIVERY_COUNTS_FOR = 60000 -- age, ms, up to which another worker's delivery counts
local GRANTED_FOR = 15000 -- how long a granted permit is kept for a woken callback, ms
local GRANT_AT_MOST = 32 -- permits granted per script, to keep it short; the next script goes on
local DAY = 86400000
local KEEP_WELL, KEEP_TROUBLED = DAY, 30 * DAY -- life of an endpoint's state after a call, ms
local QUEUE = 'webhook-delivery'

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = math.floor(time[1] * 1000 + time[2] / 1000)
end
local prefix, tenant = ARGV[2], ARGV[3]
local CONCURRENCY, TENANT_CONCURRENCY = tonumber(ARGV[4]), tonumber(ARGV[5])
local tenant_permits = prefix .. 'endpoints-permits:' .. tenant
local ready = prefix .. 'endpoints-ready:' .. tenant

-- Whole milliseconds. Lua would write large numbers with an exponent.
local function ms(moment)
  return string.format('%.0f', moment)
end

local function open_endpoint(id)
  local key = prefix .. 'endpoint:' .. id
  local state = redis.call('HMGET', key, 'disabled_at', 'disabled_for', 'failures', 'paused_until', 'failing_since',
    'failed_at', 'failing_worker', 'delivered_at', 'delivered_by')
  return {
    id = id,
    key = key,
    permits = prefix .. 'endpoint-permits:' .. id,
    waiting = prefix .. 'endpoint-waiting:' .. id,
    disabled_at = tonumber(state[1] or ''),
    disabled_for = state[2] or '',
    failures = tonumber(state[3] or '') or 0,
    paused_until = tonumber(state[4] or '') or 0,
    failing_since = tonumber(state[5] or ''),
    failed_at = tonumber(state[6] or ''),
    failing_worker = state[7],
    delivered_at = tonumber(state[8] or ''),
    delivered_by = state[9],
  }
end

-- Extends the life of the endpoint's state. State of a failing or disabled endpoint lives longer.
local function remember(endpoint)
  local is_well = not endpoint.disabled_at and not endpoint.failing_since
  local life = is_well and KEEP_WELL or KEEP_TROUBLED
  redis.call('PEXPIRE', endpoint.key, life)
  local known = prefix .. 'endpoints:' .. tenant
  redis.call('ZADD', known, ms(now + life), endpoint.id)
  redis.call('ZREMRANGEBYSCORE', known, '-inf', ms(now))
end

local function wake(wakes, callback, delay)
  wakes[#wakes + 1], wakes[#wakes + 2] = callback, math.max(0, math.ceil(delay))
end

local function job_of(callback)
  return prefix .. QUEUE .. ':' .. callback
end

local function fields_of(callback, ...)
  return fields_in(job_of(callback), ...)
end

-- The run that calls the receiver now, and the moment at which its call is certainly over.
local function call_of(callback)
  local calling = fields_of(callback, 'gwm:calling')[1]
  local run, over_at = string.match(calling or '', '^(%S+) (%S+)$')
  return run, tonumber(over_at or '') or 0
end

local function arrival_of(callback)
  return arrival_in(job_of(callback))
end

local function add_to_wait_queue(endpoint, callback)
  redis.call('ZADD', endpoint.waiting, ms(arrival_of(callback) or now), callback)
end

local function release_permit(endpoint, callback)
  redis.call('ZREM', endpoint.permits, callback)
  redis.call('ZREM', tenant_permits, callback)
end

local function reclaim_expired_permits(endpoint)
  for _, callback in ipairs(redis.call('ZRANGEBYSCORE', endpoint.permits, '-inf', ms(now), 'LIMIT', 0, 100)) do
    redis.call('ZREM', endpoint.permits, callback)
    if arrival_of(callback) then
      add_to_wait_queue(endpoint, callback)
    end
  end
  redis.call('ZREMRANGEBYSCORE', tenant_permits, '-inf', ms(now))
end

local function is_paused(endpoint)
  return endpoint.paused_until > now
end

-- A disabled endpoint has permits without limit: its callbacks are woken to fail, not to call.
local function has_free_permit(endpoint)
  if endpoint.disabled_at then
    return true
  end
  local in_use = redis.call('ZCARD', endpoint.permits)
  if is_paused(endpoint) then
    return in_use == 0
  end
  return in_use < (endpoint.failures >= CIRCUIT_THRESHOLD and 1 or CONCURRENCY)
end

local function tenant_has_free_permit()
  return redis.call('ZCARD', tenant_permits) < TENANT_CONCURRENCY
end

-- Brings `endpoints-ready` and `endpoints-occupied` up to date. Every script that changes an
-- endpoint ends with this; otherwise its waiting callbacks would not be found.
local function update_indexes(endpoint)
  local first = redis.call('ZRANGE', endpoint.waiting, 0, 0, 'WITHSCORES')
  if first[1] and has_free_permit(endpoint) then
    redis.call('ZADD', ready, first[2], endpoint.id)
  else
    redis.call('ZREM', ready, endpoint.id)
  end
  local is_idle = not first[1] and redis.call('ZCARD', endpoint.permits) == 0
  redis.call(is_idle and 'SREM' or 'SADD', prefix .. 'endpoints-occupied', tenant .. ' ' .. endpoint.id)
end

-- Grants a permit to the first callback of the wait queue, for now or for the end of the pause.
local function grant_next(endpoint, wakes)
  while true do
    local callback = redis.call('ZPOPMIN', endpoint.waiting)[1]
    if not callback then
      return
    end
    if arrival_of(callback) then
      local from = endpoint.disabled_at and now or math.max(now, endpoint.paused_until)
      redis.call('ZADD', endpoint.permits, ms(from + GRANTED_FOR), callback)
      if from == now and not endpoint.disabled_at then
        redis.call('ZADD', tenant_permits, ms(now + GRANTED_FOR), callback)
      end
      return wake(wakes, callback, from - now)
    end
  end
end

-- Grants the free permits of all endpoints of the tenant, oldest callback first.
local function grant_free_permits(wakes)
  for _ = 1, GRANT_AT_MOST do
    local id = tenant_has_free_permit() and redis.call('ZPOPMIN', ready)[1]
    if not id then
      return
    end
    local endpoint = open_endpoint(id)
    grant_next(endpoint, wakes)
    update_indexes(endpoint)
  end
end

-- Adds one to a counter of the partition: 'delivered', 'failed' or 'disabled'.
local function count(what)
  redis.call('HINCRBY', prefix .. 'webhook-counts', what, 1)
end
