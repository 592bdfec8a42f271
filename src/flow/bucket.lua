-- A bucket: what one tenant may send in one bucket class. It has a rate limit, a pause, a circuit
-- and a concurrency limit. Needs state.lua and window.lua.
--
-- The rate limit is a GCRA. `tat` is the moment at which the bucket is full again.
--
--        now                    tat
--   ──────┼──────────────────────┼──────►  tokens left = burst - (tat - now) / interval
--
-- A request that is sent moves `tat` on by one `interval`. So the next request may be sent as soon
-- as `tat` is at most `burst - 1` intervals ahead. A reservation takes no token: it counts only
-- where the next reservation is planned. A lane that does not use its reservation costs nothing.
--
-- A pause empties the bucket until `paused_until`. The circuit is a pause with a probe behind it:
--
--            5 failures in a row, or a permission is missing
--   closed ───────────────────────────────────────────────────► paused ◄──────────────┐
--     ▲                                                           │ the pause is over │ it fails:
--     │      an answer comes; for a permission, a success         ▼                   │ pause longer
--     └─────────────────────────────────────────────────── one lane probes ───────────┘
--
-- The concurrency limit counts the requests under way, and the reservations.
--
-- A bucket is held while its tenant moves into the partition, and older jobs of it are sent from another
-- one. Its lanes wait, and reserve nothing. No pause ends this, only the move: see hold.lua.
--
-- The platform counts the requests of all classes together. A tenant of that dialect has one bucket,
-- which takes the requests of every class. window.lua keeps what Genesys Cloud says of its count.

local HORIZON = 1000 -- how far ahead lanes reserve, ms: a new rate takes effect that late
local GRACE = 100 -- how late a request may be without losing its token, ms: Redis wakes at its `hz`
local MIN_RESERVED = 2 -- reservations made however far ahead, so that a slow bucket has a next lane
local LONG_REQUEST = 5000 -- a request under way for longer may be that of a dead worker, ms
local CIRCUIT_THRESHOLD = 5 -- failures in a row that open the circuit

-- Whether requests of this class take their tokens from the bucket.
local function takes_class(bucket, class)
  return bucket.all_classes or bucket.class == class
end

-- The moment at which the bucket has a token, after `ahead` other requests took theirs.
local function token_at(bucket, ahead)
  if not bucket.interval then
    return math.max(now, bucket.paused_until)
  end
  local full = math.max(bucket.tat, now - GRACE)
  local moment = math.max(now, full + (ahead - bucket.burst + 1) * bucket.interval, bucket.paused_until)
  return is_window_used(bucket, now, ahead) and math.max(moment, bucket.window_until) or moment
end

-- The earliest moment that a lane has reserved. Some lane has one.
local function first_reserved(bucket)
  bucket.first = bucket.first or tonumber(redis.call('ZRANGE', bucket.reserved, 0, 0, 'WITHSCORES')[2])
  return bucket.first
end

local function reserve(bucket, lane, moment)
  local is_new = put(bucket, 'reserved', ms(moment), lane) == 1
  bucket.first = is_new and bucket.first and math.min(bucket.first, moment) or nil
end

-- @param moment that of the reservation, or nil when the caller does not know it
local function cancel_reservation(bucket, lane, moment)
  local was_there = drop(bucket, 'reserved', lane)
  if was_there and not (moment and bucket.first and moment > bucket.first + 1) then
    bucket.first = nil
  end
  return was_there
end

-- The moment of the next reservation: behind all others, or in front of them when the lane that had
-- the first one is gone.
local function next_reservation(bucket)
  local reserved = size_of(bucket, 'reserved')
  if reserved > 0 then
    local first = token_at(bucket, 0)
    if first_reserved(bucket) > first + 1 then
      return first
    end
  end
  return token_at(bucket, reserved)
end

-- The requests that may be sent at once.
local function level_of(bucket)
  if not bucket.interval or bucket.paused_until > now then
    return 0
  end
  local free = math.floor((now + bucket.burst * bucket.interval - bucket.tat) / bucket.interval)
  if bucket.window_until > now then
    free = math.min(free, bucket.window_left)
  end
  return math.max(0, math.min(bucket.burst, free))
end

local function take_token(bucket)
  bucket.tat = math.max(bucket.tat, now - GRACE) + bucket.interval
  redis.call('HSET', bucket.key, 'tat', ms(bucket.tat))
  count_in_window(bucket, now)
end

-- Whether the circuit is open: the last requests failed, or the tenant lacks a permission.
local function is_circuit_open(bucket)
  return bucket.failures >= CIRCUIT_THRESHOLD or bucket.denials > 0
end

-- While the circuit is open one lane probes, and the others wait for its answer. A held bucket has no lane
-- that may try.
local function may_try(bucket, lane)
  if bucket.held then
    return false
  end
  return not is_circuit_open(bucket) or bucket.probe == lane or bucket.probe_until <= now
end

-- Makes the lane the probe, for this duration at most: its worker may die.
local function start_probe(bucket, lane, duration)
  if is_circuit_open(bucket) then
    bucket.probe, bucket.probe_until = lane, now + duration
    redis.call('HSET', bucket.key, 'probe', lane, 'probe_until', ms(bucket.probe_until))
  end
end

-- Whether one more request may be under way. Reservations count as requests under way. A tenant
-- whose host is slow or silent so leaves workers to other tenants.
--
-- A tenth more may be under way while few requests are recent. The long ones may be those of a dead
-- worker: without the tenth, the tenant would stand still until they are certainly over.
local function is_below_limit(bucket)
  local reserved = size_of(bucket, 'reserved')
  local free = bucket.in_flight - under_way(bucket) - reserved
  if free > 0 then
    return true
  end
  local extra = math.ceil(bucket.in_flight / 10)
  local recent = redis.call('ZCOUNT', bucket.sending, ms(now + bucket.request_ms - LONG_REQUEST), '+inf')
  return recent + reserved < extra and free + extra > 0
end

-- Whether a lane may reserve this moment now. Beyond the horizon it stays in the wait queue.
local function may_reserve(bucket, moment)
  if not is_below_limit(bucket) then
    return false
  end
  return bucket.interval and moment <= now + HORIZON or size_of(bucket, 'reserved') < MIN_RESERVED
end

-- A pause empties the bucket. A shorter pause does not end a longer one.
local function pause(bucket, duration, reason)
  bucket.paused_until = math.max(now + duration, bucket.paused_until)
  bucket.reason = reason
  if bucket.interval then
    bucket.tat = math.max(bucket.tat, bucket.paused_until + (bucket.burst - 1) * bucket.interval)
  end
  redis.call('HSET', bucket.key, 'paused_until', ms(bucket.paused_until), 'reason', reason, 'tat', ms(bucket.tat))
end

-- Lowers the bucket to what Genesys Cloud says is left: another program may use the same OAuth
-- client. It never raises the bucket.
local function note_remaining(bucket, remaining)
  local tat = now + (bucket.burst - remaining) * bucket.interval
  if tat > bucket.tat then
    bucket.tat = tat
    redis.call('HSET', bucket.key, 'tat', ms(tat))
  end
end

-- Notes what an answer says about the rate limit: '' for nothing, '<remaining>', or
-- '<remaining> <count> <allowed> <ms until the count ends> <ms since the request left>', where the last
-- may be absent.
local function note_allowance(bucket, said)
  local remaining, count, allowed, reset, age = string.match(said, '^(%d+) ?(%d*) ?(%d*) ?(%d*) ?(%d*)$')
  if not remaining or not bucket.interval then
    return
  end
  count, allowed, reset = tonumber(count), tonumber(allowed), tonumber(reset)
  if reset and note_window(bucket, now, count, allowed, reset, tonumber(age)) then
    return
  end
  note_remaining(bucket, tonumber(remaining))
end
