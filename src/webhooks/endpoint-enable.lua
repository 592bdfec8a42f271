-- Enable an endpoint again, and end its pause and the count of its failures.
--
-- ARGV   [1] to [6] see endpoint.lua
-- reply  {'enabled' | 'was-enabled' | 'unknown', wakes}
-- cost   O(places)
local endpoint = open_endpoint(ARGV[6])
local wakes = {}

if redis.call('EXISTS', endpoint.key) == 0 then
  return { 'unknown', wakes }
end
local outcome = endpoint.disabled_at and 'enabled' or 'was-enabled'
redis.call('HDEL', endpoint.key, 'disabled_at', 'disabled_for', 'failures', 'paused_until', 'openings',
  'failing_since', 'failed_at', 'failing_worker')
endpoint = open_endpoint(endpoint.id)
-- Who waits for the end of the pause need not wait any longer.
for _, callback in ipairs(redis.call('ZRANGE', endpoint.held, 0, -1)) do
  wake(wakes, callback, 0)
end
remember(endpoint)
note(endpoint)
fill(wakes)
return { outcome, wakes }
