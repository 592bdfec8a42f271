-- Pause a bucket, or end its pause.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] class   [5] duration, ms; 0 ends the pause
--        [6] reason of the pause; to end one, the reasons that may be ended, separated by blanks, or
--        '' for all
-- reply  wakes
-- cost   O(reservations): the lanes that reserved a moment after the pause get earlier ones
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
  renew_reservations(bucket, wakes)
end
return wakes
