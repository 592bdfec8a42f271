-- Fence a partition: from now on it takes no job that comes with a layout of an earlier version.
--
-- ARGV   [1] prefix of the partition   [2] the version
-- reply  none
-- cost   O(1)
local key = ARGV[1] .. 'layout'
if tonumber(redis.call('HGET', key, ':version') or 0) < tonumber(ARGV[2]) then
  redis.call('HSET', key, ':version', ARGV[2])
end
