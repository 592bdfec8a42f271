-- Shared by all scripts named endpoint-*.lua: which job may call an endpoint, and when. This file reads
-- what Redis holds, and permits.lua grants the permits. Needs job-hash.lua and bullmq-promote.lua of
-- src/redis.
--
-- An endpoint is one receiver address of one tenant, without its query. A worker needs a permit to
-- call it. Each endpoint has a concurrency limit, which is its number of permits. All endpoints of
-- a tenant together have a second limit. A callback that finds no permit waits in the wait queue of
-- its endpoint, oldest first. Its job is delayed in BullMQ far into the future and costs nothing.
-- The script that frees a permit grants it to the first callback that waits, and moves the job of
-- that callback to those that a worker may take. Only for a permit from a later moment, the end of a
-- pause, it returns the callback, and the worker changes the delay of the job.
--
-- States of a callback at its endpoint:
--
--               permit free, and no callback waits
--            ┌──────────────────────────────────────┐
--            │                                      ▼
--   arrive ──┤           ┌─────────┐  grant    ┌─────────┐  enter  ┌─────────┐  leave
--            └─────────► │ WAITING │ ────────► │ GRANTED │ ──────► │ CALLING │ ──────► out
--             otherwise  └─────────┘           └─────────┘         └─────────┘
--                             ▲                     │                   │
--                             └─────────────────────┴───────────────────┘
--                                        the permit expires
--
--   state     key                     score                                        job in BullMQ
--   WAITING   endpoint-waiting:<id>   when the callback was enqueued               delayed
--   GRANTED   endpoint-permits:<id>   expiry: GRANTED_FOR after the grant          waiting, or delayed up to it
--   CALLING   endpoint-permits:<id>   expiry: when the call is certainly over      active
--
-- A callback joins the wait queue when its job is inserted, in the same script. A worker may also
-- start a callback that the endpoint does not know: the next attempt after a failure, a replay, or a
-- job of another program. Then `enter` takes a free permit, if no callback waits, or the callback
-- joins the wait queue.
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
-- ARGV[3] [4]  concurrency limit of one endpoint, and of all endpoints of a tenant

local CIRCUIT_THRESHOLD = 5 -- failures in a row that open the circuit
local CIRCUIT_BASE, CIRCUIT_MAX = 1000, 60000 -- first and longest pause of an open circuit, ms
local PEER_DELIVERY_COUNTS_FOR = 60000 -- age, ms, up to which another worker's delivery counts
local GRANTED_FOR = 15000 -- how long a granted permit is kept for a woken callback, ms
local GRANT_AT_MOST = 64 -- permits granted per script, to keep it short; the next script goes on
local DAY = 86400000
local KEEP_WELL, KEEP_TROUBLED = DAY, 30 * DAY -- life of an endpoint's state after a call, ms
local QUEUE = 'webhook-delivery'

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = math.floor(time[1] * 1000 + time[2] / 1000)
end
local prefix = ARGV[2]
local CONCURRENCY, TENANT_CONCURRENCY = tonumber(ARGV[3]), tonumber(ARGV[4])

-- Whole milliseconds. Lua would write large numbers with an exponent.
local function ms(moment)
  return string.format('%.0f', moment)
end

local sizes = {} -- key of a set → its members. A script counts each set once.

local function size_of(set)
  sizes[set] = sizes[set] or redis.call('ZCARD', set)
  return sizes[set]
end

-- Counts anew: a call failed, and may have written less than the table says.
local function forget_sizes()
  for set in pairs(sizes) do
    sizes[set] = nil
  end
end

local function resize(set, change)
  if sizes[set] then
    sizes[set] = sizes[set] + change
  end
end

local function put(set, score, member)
  resize(set, redis.call('ZADD', set, score, member))
end

local function drop(set, member)
  resize(set, -redis.call('ZREM', set, member))
end

-- What Redis says of the endpoint's failures.
local function read_state(endpoint)
  local state = redis.call('HMGET', endpoint.key, 'disabled_at', 'disabled_for', 'failures', 'paused_until',
    'failing_since', 'failed_at', 'failing_worker', 'delivered_at', 'delivered_by')
  endpoint.disabled_at = tonumber(state[1] or '')
  endpoint.disabled_for = state[2] or ''
  endpoint.failures = tonumber(state[3] or '') or 0
  endpoint.paused_until = tonumber(state[4] or '') or 0
  endpoint.failing_since = tonumber(state[5] or '')
  endpoint.failed_at = tonumber(state[6] or '')
  endpoint.failing_worker = state[7]
  endpoint.delivered_at = tonumber(state[8] or '')
  endpoint.delivered_by = state[9]
end

local tenants, endpoints = {}, {} -- those that this script has opened, by their ids

local function open_tenant(id)
  tenants[id] = tenants[id]
    or { id = id, permits = prefix .. 'endpoints-permits:' .. id, ready = prefix .. 'endpoints-ready:' .. id }
  return tenants[id]
end

-- Reads an endpoint. A function that writes a field writes it to this table too.
local function open_endpoint(tenant, id)
  if not endpoints[id] then
    local endpoint = {
      id = id,
      tenant = open_tenant(tenant),
      key = prefix .. 'endpoint:' .. id,
      permits = prefix .. 'endpoint-permits:' .. id,
      waiting = prefix .. 'endpoint-waiting:' .. id,
    }
    read_state(endpoint)
    endpoints[id] = endpoint
  end
  return endpoints[id]
end

-- Extends the life of the endpoint's state. State of a failing or disabled endpoint lives longer.
local function remember(endpoint)
  local is_well = not endpoint.disabled_at and not endpoint.failing_since
  local life = is_well and KEEP_WELL or KEEP_TROUBLED
  redis.call('PEXPIRE', endpoint.key, life)
  local known = prefix .. 'endpoints:' .. endpoint.tenant.id
  redis.call('ZADD', known, ms(now + life), endpoint.id)
  redis.call('ZREMRANGEBYSCORE', known, '-inf', ms(now))
end

local here = {} -- callback → true when its worker waits for the reply of this script

-- See wake_job of bullmq-promote.lua. endpoint-recheck.lua looks at a callback that a worker has parked
-- meanwhile.
local function wake(wakes, callback, delay)
  if not here[callback] then
    wake_job(wakes, prefix, QUEUE, callback, delay)
  end
end

local function job_of(callback)
  return prefix .. QUEUE .. ':' .. callback
end

-- The run and the moment in a field `gwm:calling`.
local function call_in(calling)
  local run, over_at = string.match(calling or '', '^(%S+) (%S+)$')
  return run, tonumber(over_at or '') or 0
end

-- The run that calls the receiver now, and the moment at which its call is certainly over.
local function call_of(callback)
  return call_in(fields_in(job_of(callback), 'gwm:calling')[1])
end
