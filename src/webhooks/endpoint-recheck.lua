-- Recheck: a worker has delayed or parked the job of a callback, and asks whether it must wake it.
--
-- Another script may have granted a permit to the callback before the job was delayed. BullMQ had
-- the job as active at that time, so the wake had no effect. Without the recheck the callback would
-- wait until its permit expires.
--
-- ARGV   [1] to [4] see endpoint.lua   [5] tenant   [6] id of the endpoint
--        [7] callback   [8] 1 if the job is parked
-- reply  wakes
-- cost   O(1)
local callback, is_parked = ARGV[7], ARGV[8] == '1'
local endpoint = open_endpoint(ARGV[5], ARGV[6])
local wakes = {}
local caller, over_at = call_of(callback)

if caller and over_at > now then
  -- A run calls now; its leave wakes the job.
  return wakes
end
if redis.call('ZSCORE', endpoint.permits, callback) then
  wake(wakes, callback, endpoint.disabled_at and 0 or endpoint.paused_until - now)
elseif is_parked and not redis.call('ZSCORE', endpoint.waiting, callback) then
  -- The endpoint does not know the callback, so no grant would wake it.
  wake(wakes, callback, 0)
end
return wakes
