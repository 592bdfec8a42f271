-- Freeze deferred lanes of a tenant that moves: from now on no script lets them go on here. See deferred.lua
-- of src/flow.
--
-- ARGV   [1] prefix of the partition   [2] tenant   [3] lanes at most
-- reply  lanes that were frozen
-- cost   O(lanes × log lanes)
local prefix, tenant, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local count = 0
for _, set in ipairs({ 'later:', 'quiet:' }) do
  local lanes = redis.call('ZPOPMIN', prefix .. set .. tenant, most - count)
  for at = 1, #lanes, 2 do
    redis.call('HSET', prefix .. 'frozen:' .. tenant, lanes[at], set)
    count = count + 1
  end
end
return count
