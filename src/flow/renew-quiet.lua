-- Renew the next quiet hours of a tenant: the days pass. A worker that has not read the latest tenants file
-- yet changes nothing.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] class   [5] [6] as [13] and [14] of configure.lua
-- reply  1 when they are those that the tenant has, or 0
-- cost   O(1)
local key = prefix .. 'bucket:' .. ARGV[3] .. ':' .. ARGV[4]
if redis.call('HGET', key, 'quiet_of') ~= ARGV[5] then
  return 0
end
redis.call('HSET', key, 'quiet', ARGV[6])
return 1
