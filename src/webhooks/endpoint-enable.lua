-- Enable: an operator enables an endpoint. Its pause and the count of its failures end.
--
-- ARGV   [1] to [4] see endpoint.lua   [5] tenant   [6] id of the endpoint
-- reply  {'enabled' | 'was-enabled' | 'unknown', wakes}
-- cost   O(permits)
local endpoint = open_endpoint(ARGV[5], ARGV[6])
local wakes = {}

if redis.call('EXISTS', endpoint.key) == 0 then
  return { 'unknown', wakes }
end
local outcome = endpoint.disabled_at and 'enabled' or 'was-enabled'
redis.call('HDEL', endpoint.key, 'disabled_at', 'disabled_for', 'failures', 'paused_until', 'openings',
  'failing_since', 'failed_at', 'failing_worker')
read_state(endpoint)
-- A permit may be granted for the end of a pause, which is over now.
for _, callback in ipairs(redis.call('ZRANGE', endpoint.permits, 0, -1)) do
  wake(wakes, callback, 0)
end
remember(endpoint)
update_indexes(endpoint)
grant_free_permits(endpoint.tenant, wakes)
return { outcome, wakes }
