-- Pause a bucket by hand, or open it again.
--
-- ARGV   [1] [2] see bucket.lua   [3] tenant   [4] class   [5] duration, ms; 0 opens   [6] reason of the pause; of one that is
--        ended, `<reason> <reason>`: only those, or '' for any
-- reply  wakes
-- cost   O(slots given): what held a slot for after the pause is woken to take an earlier one
local tenant, class, duration, reason = ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
local bucket = open_bucket(tenant, class)
local wakes = {}

if duration > 0 then
  pause(bucket, duration, reason)
elseif reason == '' or string.find(' ' .. reason .. ' ', ' ' .. (bucket.reason or '') .. ' ', 1, true) then
  redis.call('HDEL', bucket.key, 'paused_until', 'reason', 'failures', 'throttles', 'refusals', 'denials', 'openings',
    'probe', 'probe_until', 'tried')
  bucket.paused_until, bucket.failures, bucket.denials, bucket.probe_until, bucket.tried = 0, 0, 0, 0, nil
  bucket.tat = math.min(bucket.tat, now + (bucket.burst or 1) * (bucket.interval or 0))
  redis.call('HSET', bucket.key, 'tat', ms(bucket.tat))
  reseat(bucket, wakes)
end
return wakes
