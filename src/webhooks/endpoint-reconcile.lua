-- Reconcile: repairs one endpoint after a worker died. The worker had a permit, or had to wake a
-- callback.
--
-- ARGV   [1] to [4] see endpoint.lua   [5] tenant   [6] id of the endpoint
-- reply  wakes
-- cost   O(expired permits), at most 100
local endpoint = open_endpoint(ARGV[5], ARGV[6])
local wakes = {}

reclaim_expired_permits(endpoint)
update_indexes(endpoint)
grant_free_permits(endpoint.tenant, wakes)
return wakes
