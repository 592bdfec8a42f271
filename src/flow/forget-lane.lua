-- Forget what a lane knows of ended jobs that BullMQ no longer has: an operator has erased them. A lane
-- without a job is gone, and with it the name of its conversation.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] lane   [5] place of the first job to look at   [6] jobs at most
-- reply  {jobs removed, jobs looked at}
-- cost   O(jobs), one or two commands each
local tenant, lane, from, limit = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local key = lane_key(lane)
local jobs = redis.call('ZRANGE', key, from, from + limit - 1, 'WITHSCORES')
local removed = 0
for at = 1, #jobs, 2 do
  local job, score = jobs[at], tonumber(jobs[at + 1])
  if score < 0 and redis.call('EXISTS', hash_of(job)) == 0 then
    removed = removed + redis.call('ZREM', key, job)
  end
end
if redis.call('EXISTS', key) == 0 then
  redis.call('SREM', prefix .. 'merged:' .. tenant, key)
end
return { removed, #jobs / 2 }
