-- Shared by the acts: the clock, and the token bucket of one tenant and class of operations.
--
-- A bucket is a GCRA. `tat` is the moment at which it would be full again; a request sent moves it on by `interval`, and
-- one may be sent as soon as `tat` is no more than `burst - 1` intervals ahead. Only what is sent counts: lanes that hold
-- a slot are counted on top where the next slot is planned, and one that does not use its slot takes nothing away.
--
-- ARGV[1] of every act is the present in ms, or '' for the clock of Redis; only tests give one.
-- ARGV[2] is the prefix of the partition, `gwm:{0}:`. All keys are made of it, so they share one hash slot.

local HORIZON = 1000 -- how far ahead slots are given, ms: what a change of rate or a pause can be late by
local GRACE = 100 -- how late a request may be without its token being lost, ms: Redis wakes at its `hz`
local MIN_HOLDERS = 2 -- slots given however far ahead they are, so that there is always somebody to go next
local LONG_REQUEST = 5000 -- what is under way for longer may be that of a dead worker, ms
local CIRCUIT_THRESHOLD = 5 -- failures in a row that open the circuit

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local prefix = ARGV[2]

local function ms(moment)
  return string.format('%.3f', moment)
end

-- Reads a tenant's bucket, or the one that it shares with others. One that no worker has configured has no interval:
-- it gives slots to a few lanes at a time, for a worker to find out what is wrong with their tenant.
local open_bucket
function open_bucket(tenant, class)
  local place = tenant .. ':' .. class
  local key = prefix .. 'bucket:' .. place
  local state = redis.call('HMGET', key, 'interval', 'burst', 'tat', 'paused_until', 'reason',
    'failures', 'probe', 'probe_until', 'in_flight', 'shared', 'request_ms', 'denials', 'tried', 'max_age')
  if state[10] then
    local shared = open_bucket(state[10], class)
    shared.max_age = tonumber(state[14] or '')
    return shared
  end
  return {
    class = class,
    place = place,
    key = key,
    line = prefix .. 'line:' .. place,
    slots = prefix .. 'slots:' .. place,
    busy = prefix .. 'busy:' .. place,
    sending = prefix .. 'sending:' .. place,
    interval = tonumber(state[1]),
    burst = tonumber(state[2]),
    tat = tonumber(state[3]) or 0,
    paused_until = tonumber(state[4]) or 0,
    reason = state[5],
    failures = tonumber(state[6]) or 0,
    probe = state[7],
    probe_until = tonumber(state[8]) or 0,
    in_flight = tonumber(state[9]) or math.huge,
    request_ms = tonumber(state[11]) or 0,
    denials = tonumber(state[12]) or 0,
    tried = state[13],
    max_age = tonumber(state[14] or ''),
  }
end

-- When the next request may be sent, behind `ahead` others.
local function slot_behind(bucket, ahead)
  if not bucket.interval then
    return math.max(now, bucket.paused_until)
  end
  local full = math.max(bucket.tat, now - GRACE)
  return math.max(now, full + (ahead - bucket.burst + 1) * bucket.interval, bucket.paused_until)
end

-- The next slot that nobody holds: the first, when whoever held it is gone, else the one behind all others.
local function next_slot(bucket)
  local held = redis.call('ZCARD', bucket.slots)
  if held > 0 then
    local first = slot_behind(bucket, 0)
    if redis.call('ZCOUNT', bucket.slots, '-inf', ms(first + 1)) == 0 then
      return first
    end
  end
  return slot_behind(bucket, held)
end

local function spend(bucket)
  bucket.tat = math.max(bucket.tat, now - GRACE) + bucket.interval
  redis.call('HSET', bucket.key, 'tat', ms(bucket.tat))
end

-- Whether the last that was heard is that nobody is there, or that the tenant lacks a permission.
local function is_in_doubt(bucket)
  return bucket.failures >= CIRCUIT_THRESHOLD or bucket.denials > 0
end

-- While there is doubt one lane tries, and the others wait for what it finds.
local function may_try(bucket, lane)
  return not is_in_doubt(bucket) or bucket.probe == lane or bucket.probe_until <= now
end

-- The lane tries, until so long from now at most.
local function make_probe(bucket, lane, duration)
  if is_in_doubt(bucket) then
    bucket.probe, bucket.probe_until = lane, now + duration
    redis.call('HSET', bucket.key, 'probe', lane, 'probe_until', ms(bucket.probe_until))
  end
end

-- Whether one more request may be under way, those that hold a slot included: a tenant that is answered slowly, or not
-- at all, must leave workers to the others. A tenth more may be, for those that answer soon: behind requests that take
-- long, which may be those of a dead worker, a tenant would stand still until they are certainly over.
local function has_room(bucket)
  bucket.under_way = bucket.under_way or redis.call('ZCOUNT', bucket.sending, ms(now), '+inf')
  local held = redis.call('ZCARD', bucket.slots)
  local free = bucket.in_flight - bucket.under_way - held
  if free > 0 then
    return true
  end
  local reserve = math.ceil(bucket.in_flight / 10)
  local recent = redis.call('ZCOUNT', bucket.sending, ms(now + bucket.request_ms - LONG_REQUEST), '+inf')
  return recent + held < reserve and free + reserve > 0
end

-- Whether a slot at that moment can be given now rather than later.
local function is_near(bucket, slot)
  if not has_room(bucket) then
    return false
  end
  return bucket.interval and slot <= now + HORIZON or redis.call('ZCARD', bucket.slots) < MIN_HOLDERS
end

-- Pauses empty the bucket, and only ever get longer.
local function pause(bucket, duration, reason)
  bucket.paused_until = math.max(now + duration, bucket.paused_until)
  bucket.reason = reason
  if bucket.interval then
    bucket.tat = math.max(bucket.tat, bucket.paused_until + (bucket.burst - 1) * bucket.interval)
  end
  redis.call('HSET', bucket.key, 'paused_until', ms(bucket.paused_until), 'reason', reason, 'tat', ms(bucket.tat))
end

-- Somebody else uses the same OAuth client: what he took is missing here too.
local function learn(bucket, remaining)
  if remaining < 0 or not bucket.interval then
    return
  end
  local tat = now + (bucket.burst - remaining) * bucket.interval
  if tat > bucket.tat then
    bucket.tat = tat
    redis.call('HSET', bucket.key, 'tat', ms(tat))
  end
end
