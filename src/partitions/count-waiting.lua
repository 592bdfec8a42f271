-- Count the jobs that wait in lanes.
--
-- ARGV   [1] prefix of the partition   [2] ... lanes
-- reply  their number
-- cost   O(lanes)
local count = 0
for at = 2, #ARGV do
  count = count + redis.call('ZCOUNT', ARGV[1] .. 'lane:' .. ARGV[at], 0, '+inf')
end
return count
