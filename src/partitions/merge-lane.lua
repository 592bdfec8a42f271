-- Merge a lane: the jobs that a conversation had in the partition that its tenant has left come before
-- those that it has here. So its sequence numbers go on. See lane.lua.
--
-- ARGV   [1] key of the lane   [2] key of the keys that are merged   [3] last sequence number of the older jobs
--        [4] how long a lane without waiting jobs is kept, ms
--        then pairs of score and job
-- reply  1; 0 when the lane was merged before
-- cost   O(jobs × log lane)
local key, merged, last = ARGV[1], ARGV[2], tonumber(ARGV[3])
if redis.call('SADD', merged, key) == 0 then
  return 0
end
local newer = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
for at = 1, #newer, 2 do
  redis.call('ZADD', key, string.format('%.0f', tonumber(newer[at + 1]) + last), newer[at])
end
for at = 5, #ARGV, 2 do
  redis.call('ZADD', key, 'NX', ARGV[at], ARGV[at + 1])
end
if redis.call('ZCOUNT', key, 0, '+inf') > 0 then
  redis.call('PERSIST', key)
else
  redis.call('PEXPIRE', key, ARGV[4])
end
return 1
