-- Recheck: was a callback called between being told to wait and being delayed? Whoever called it could not wake it,
-- because BullMQ still held it as running.
--
-- ARGV   [1] to [6] see endpoint.lua   [7] callback   [8] 1 when it was parked, to be woken by somebody
-- reply  wakes
-- cost   O(1)
local callback, is_parked = ARGV[7], ARGV[8] == '1'
local endpoint = open_endpoint(ARGV[6])
local wakes = {}
local caller, over_at = call_of(callback)

if caller and over_at > now then
  -- Whoever calls now wakes it.
  return wakes
end
if redis.call('ZSCORE', endpoint.held, callback) then
  wake(wakes, callback, endpoint.disabled_at and 0 or endpoint.paused_until - now)
elseif is_parked and not redis.call('ZSCORE', endpoint.line, callback) then
  -- A run before this one has left, and took it out of the line.
  wake(wakes, callback, 0)
end
return wakes
