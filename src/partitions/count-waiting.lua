-- Count the jobs that wait in lanes of a tenant. A job that is not in the index has left BullMQ, by another
-- program or by a move.
--
-- ARGV   [1] prefix of the partition   [2] tenant   [3] ... lanes
-- reply  their number
-- cost   O(jobs), one command for each lane, and one for each thousand of its jobs
local prefix, index = ARGV[1], ARGV[1] .. 'jobs:' .. ARGV[2]
local AT_ONCE = 1000 -- arguments of one command: Lua has a bound
local count = 0
for at = 3, #ARGV do
  local jobs = redis.call('ZRANGEBYSCORE', prefix .. 'lane:' .. ARGV[at], 0, '+inf')
  for from = 1, #jobs, AT_ONCE do
    local scores = redis.call('ZMSCORE', index, unpack(jobs, from, math.min(from + AT_ONCE - 1, #jobs)))
    for _, score in ipairs(scores) do
      count = count + (score and tonumber(score) >= 0 and 1 or 0)
    end
  end
end
return count
