-- Shared by the acts: endpoints, and which callback may call one now.
--
-- An endpoint is an address of a tenant, without its query. It has so many places; whoever has one may call it. The
-- others stand in its line, by age, delayed in BullMQ far beyond their turn, and cost nothing. Whoever leaves gives his
-- place to the next one, and says whom to wake.
--
--             place free                     answer
--   enter ───────────────────► held ──────────────────────► leave: delivered, or a later attempt
--     │                         ▲ called: the first of the line has a place kept for him
--     └── none free ──► line ───┘
--
--   held   callback → moment by which it is surely over, or should have come when it was called
--   line   callback → when it was enqueued
--
-- A callback that is found in `held` after its moment stands in line again: its worker died, or was never told.
--
-- The job of a callback says which run calls now (`gwm:calling`, until the call is surely over), how many attempts
-- came to an end, and that it was delivered. So a worker that has lost the lock of a job ends its call and notes what came
-- of it, and the worker that has the job meanwhile waits for that. All of this lives as long as the job.
--
-- Five failures in a row open the circuit: nobody calls for a while, then one at a time, until a call succeeds. Failures
-- of one worker alone do not open it while another worker has delivered within the last minute: it may be the worker, such
-- as one whose clock is wrong, so that its signatures are refused. A
-- pause that the receiver asked for is kept the same way. In a pause the first of the line holds the one place there is,
-- delayed until the end.
--
-- A disabled endpoint is called by nobody, until an operator enables it: whoever comes is told so, and the line is
-- emptied, each one waking a few more.
--
-- The places that a tenant has at all its endpoints are counted too. `ready` has the endpoints with a line and a free
-- place, by the age of the first in line, for when the tenant has places again.
--
-- ARGV[1] is the present in ms, or '' for the clock of Redis; only tests give one.
-- ARGV[2] is the prefix of the tenant's partition, `gwm:{0}:`.   ARGV[3] is the tenant.
-- ARGV[4] [5] are the places of one endpoint, and of the tenant.   ARGV[6] is the endpoint's id.

local CIRCUIT_THRESHOLD = 5 -- failures in a row that open the circuit
local CIRCUIT_BASE, CIRCUIT_MAX = 1000, 60000 -- first and longest pause of an open circuit, ms
local ALONE_FOR = 60000 -- how long a delivery of one worker speaks against failures of another alone, ms
local CALLED_FOR = 15000 -- how long a place is kept for a callback that was woken, ms
local FILL_AT_MOST = 32 -- places given per act; the next act goes on
local DAY = 86400000
local WELL_FOR, TROUBLED_FOR = DAY, 30 * DAY -- how long an endpoint is remembered after its last call, ms
local QUEUE = 'webhook-delivery'

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = math.floor(time[1] * 1000 + time[2] / 1000)
end
local prefix, tenant = ARGV[2], ARGV[3]
local PLACES, TENANT_PLACES = tonumber(ARGV[4]), tonumber(ARGV[5])
local tenant_held = prefix .. 'endpoints-held:' .. tenant
local ready = prefix .. 'endpoints-ready:' .. tenant

-- Numbers go to Redis as whole milliseconds, without an exponent.
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
    held = prefix .. 'endpoint-held:' .. id,
    line = prefix .. 'endpoint-line:' .. id,
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

-- Endpoints that nobody calls any more are forgotten; those that are in trouble, or disabled, later than the others.
local function remember(endpoint)
  local is_well = not endpoint.disabled_at and not endpoint.failing_since
  local life = is_well and WELL_FOR or TROUBLED_FOR
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

-- Fields of the callback's hash; none of a key that is no hash: an error here would stop all that come by.
local function fields_of(callback, ...)
  local reply = redis.pcall('HMGET', job_of(callback), ...)
  return reply.err and {} or reply
end

-- The run that calls the receiver now, and when that is surely over.
local function call_of(callback)
  local calling = fields_of(callback, 'gwm:calling')[1]
  local run, over_at = string.match(calling or '', '^(%S+) (%S+)$')
  return run, tonumber(over_at or '') or 0
end

-- When the callback was enqueued, ms, if BullMQ still has it and has not ended it.
local function arrival_of(callback)
  local state = fields_of(callback, 'timestamp', 'finishedOn')
  return not state[2] and tonumber(state[1] or '') or nil
end

local function stand_in_line(endpoint, callback)
  redis.call('ZADD', endpoint.line, ms(arrival_of(callback) or now), callback)
end

local function give_back(endpoint, callback)
  redis.call('ZREM', endpoint.held, callback)
  redis.call('ZREM', tenant_held, callback)
end

-- Places whose time is over.
local function take_back(endpoint)
  for _, callback in ipairs(redis.call('ZRANGEBYSCORE', endpoint.held, '-inf', ms(now), 'LIMIT', 0, 100)) do
    redis.call('ZREM', endpoint.held, callback)
    if arrival_of(callback) then
      stand_in_line(endpoint, callback)
    end
  end
  redis.call('ZREMRANGEBYSCORE', tenant_held, '-inf', ms(now))
end

local function is_paused(endpoint)
  return endpoint.paused_until > now
end

local function has_room(endpoint)
  if endpoint.disabled_at then
    return true
  end
  local held = redis.call('ZCARD', endpoint.held)
  if is_paused(endpoint) then
    return held == 0
  end
  return held < (endpoint.failures >= CIRCUIT_THRESHOLD and 1 or PLACES)
end

local function tenant_has_room()
  return redis.call('ZCARD', tenant_held) < TENANT_PLACES
end

-- Notes whether somebody could be called, and whether the reconciler must look here.
local function note(endpoint)
  local first = redis.call('ZRANGE', endpoint.line, 0, 0, 'WITHSCORES')
  if first[1] and has_room(endpoint) then
    redis.call('ZADD', ready, first[2], endpoint.id)
  else
    redis.call('ZREM', ready, endpoint.id)
  end
  local is_idle = not first[1] and redis.call('ZCARD', endpoint.held) == 0
  redis.call(is_idle and 'SREM' or 'SADD', prefix .. 'endpoints-occupied', tenant .. ' ' .. endpoint.id)
end

-- Keeps a place for the first of the line, now or for the end of the pause.
local function call_next(endpoint, wakes)
  while true do
    local callback = redis.call('ZPOPMIN', endpoint.line)[1]
    if not callback then
      return
    end
    if arrival_of(callback) then
      local from = endpoint.disabled_at and now or math.max(now, endpoint.paused_until)
      redis.call('ZADD', endpoint.held, ms(from + CALLED_FOR), callback)
      if from == now and not endpoint.disabled_at then
        redis.call('ZADD', tenant_held, ms(now + CALLED_FOR), callback)
      end
      return wake(wakes, callback, from - now)
    end
  end
end

-- Gives away the places that are free, at whichever endpoint of the tenant.
local function fill(wakes)
  for _ = 1, FILL_AT_MOST do
    local id = tenant_has_room() and redis.call('ZPOPMIN', ready)[1]
    if not id then
      return
    end
    local endpoint = open_endpoint(id)
    call_next(endpoint, wakes)
    note(endpoint)
  end
end

local function count(word)
  redis.call('HINCRBY', prefix .. 'webhook-counts', word, 1)
end
