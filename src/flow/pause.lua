-- Pause a bucket by hand, or open it again.
--
-- ARGV   [1] [2] see bucket.lua   [3] tenant   [4] class   [5] duration, ms; 0 opens   [6] reason
-- reply  wakes
-- cost   O(slots given): what held a slot for after the pause is woken to take an earlier one
local tenant, class, duration, reason = ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
local bucket = open_bucket(tenant, class)
local wakes = {}

if duration > 0 then
  pause(bucket, duration, reason)
else
  redis.call('HDEL', bucket.key, 'paused_until', 'reason', 'failures', 'throttles', 'refusals', 'openings', 'probe',
    'probe_until')
  bucket.paused_until, bucket.failures, bucket.probe_until = 0, 0, 0
  bucket.tat = math.min(bucket.tat, now + (bucket.burst or 1) * (bucket.interval or 0))
  redis.call('HSET', bucket.key, 'tat', ms(bucket.tat))
  reseat(bucket, wakes)
end
return wakes
