-- Repair what fell between two acts at one endpoint: a worker that died with a place, or before it woke somebody.
--
-- ARGV   [1] to [6] see endpoint.lua
-- reply  wakes
-- cost   O(places that are overdue), at most 100
local endpoint = open_endpoint(ARGV[6])
local wakes = {}

take_back(endpoint)
note(endpoint)
fill(wakes)
return wakes
