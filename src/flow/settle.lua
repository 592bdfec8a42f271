-- Settle: what the answer to one request means for the bucket it was taken from.
--
-- KEYS   [1] bucket (hash)
-- ARGV   [1] verdict: 'ok', 'unavailable' (5xx, time-out, no connection), 'throttled' (429),
--            'refused' (credentials)
--        [2] wait asked for by the other side, ms; -1 when it did not say
--        [3] interval, ms   [4] burst, requests
--        [5] failures in a row that open the circuit
-- reply  ms until the bucket opens again; 0 when it is open
-- cost   O(1), one to four commands
--
-- A pause empties the bucket: when it ends, requests go out at the rate, without a burst. Pauses grow with
-- each repetition and only ever get longer; 'ok' forgets them.
local bucket, verdict, asked = KEYS[1], ARGV[1], tonumber(ARGV[2])
local interval, burst, threshold = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

local function growing(base, ceiling, count)
  return math.min(ceiling, base * 2 ^ math.min(count - 1, 20))
end

local function pause(ms, reason)
  local state = redis.call('HMGET', bucket, 'paused_until', 'tat')
  local until_ = math.max(now + ms, tonumber(state[1]) or 0)
  local tat = math.max(until_ + (burst - 1) * interval, tonumber(state[2]) or 0)
  redis.call('HSET', bucket, 'paused_until', string.format('%.3f', until_),
    'tat', string.format('%.3f', tat), 'reason', reason)
  return math.ceil(until_ - now)
end

if verdict == 'ok' then
  redis.call('HDEL', bucket, 'failures', 'throttles', 'refusals', 'probe', 'probe_until')
  return 0
end

if verdict == 'throttled' then
  local throttles = redis.call('HINCRBY', bucket, 'throttles', 1)
  return pause(asked >= 0 and asked or growing(1000, 60000, throttles), 'rate-limited')
end

if verdict == 'refused' then
  local refusals = redis.call('HINCRBY', bucket, 'refusals', 1)
  return pause(growing(15000, 600000, refusals), 'credentials-refused')
end

local failures = redis.call('HINCRBY', bucket, 'failures', 1)
redis.call('HDEL', bucket, 'probe', 'probe_until')
if failures < threshold then
  return 0
end
return pause(math.max(asked, growing(1000, 60000, failures - threshold + 1)), 'circuit-open')
