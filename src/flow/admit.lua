-- Admit one job: may it send its request now, or when should it ask again?
--
-- The bucket is a GCRA: `tat` is the time at which it would be full again; one request moves it on by
-- `interval`, and a request may be sent as long as `tat` is at most `burst - 1` intervals ahead. A job that
-- must wait reserves its slot at once, so that it is asked to come back exactly once and nobody overtakes it.
--
-- KEYS   [1] bucket (hash)   [2] slots (hash: job id → reserved slot, ms)
-- ARGV   [1] job id   [2] interval, ms   [3] burst, requests   [4] grace: how late a slot may be used, ms
--        [5] failures in a row that open the circuit   [6] longest duration of one probe, ms
-- reply  {0, '0', ''} send now   {1, wait in ms, reason} ask again then
-- cost   O(1), four to six commands
local bucket, slots = KEYS[1], KEYS[2]
local id = ARGV[1]
local interval, burst, grace = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local threshold, probe_ms = tonumber(ARGV[5]), tonumber(ARGV[6])

local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

local state = redis.call('HMGET', bucket, 'tat', 'paused_until', 'failures', 'probe', 'probe_until', 'reason')
local tat = tonumber(state[1]) or 0
local paused_until = tonumber(state[2]) or 0
local failures = tonumber(state[3]) or 0
local probe, probe_until = state[4], tonumber(state[5]) or 0

local function wait_until(moment, reason)
  return { 1, tostring(math.ceil(moment - now)), reason }
end

-- The circuit is half open: one job tries, the others wait for what it finds.
local function may_probe()
  return failures < threshold or probe == id or probe_until <= now
end

local function go()
  redis.call('HDEL', slots, id)
  if failures >= threshold then
    redis.call('HSET', bucket, 'probe', id, 'probe_until', now + probe_ms)
  end
  return { 0, '0', '' }
end

local reserved = tonumber(redis.call('HGET', slots, id) or '')
if reserved and reserved >= paused_until then
  if now < reserved then
    return wait_until(reserved, 'rate')
  end
  if now <= reserved + grace and may_probe() then
    return go()
  end
end

if paused_until <= now and not may_probe() then
  redis.call('HDEL', slots, id)
  return wait_until(probe_until, 'circuit')
end

local slot = math.max(now, tat - (burst - 1) * interval, paused_until)
redis.call('HSET', bucket, 'tat', string.format('%.3f', math.max(tat, slot) + interval))
if slot <= now then
  return go()
end
redis.call('HSET', slots, id, string.format('%.3f', slot))
return wait_until(slot, paused_until > now and (state[6] or 'paused') or 'rate')
