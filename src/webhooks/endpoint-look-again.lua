-- Look again: was a callback called between being told to park and being parked? Whoever called it could not wake it,
-- because BullMQ still held it as running.
--
-- ARGV   [1] to [6] see endpoint.lua   [7] callback
-- reply  wakes
-- cost   O(1)
local callback = ARGV[7]
local endpoint = open_endpoint(ARGV[6])
local wakes = {}

if redis.call('ZSCORE', endpoint.held, callback) then
  wake(wakes, callback, endpoint.disabled_at and 0 or endpoint.paused_until - now)
end
return wakes
