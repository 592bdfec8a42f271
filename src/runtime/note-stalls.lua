-- Note which workers had the jobs whose locks have run out. BullMQ is about to give these jobs to
-- other workers, and does not keep the name.
--
-- ARGV   [1] prefix of the queue's keys, `gwm:{0}:<queue>:`   [2] first part of the field that names a holder
-- reply  {job, holder, …}
-- cost   O(jobs that are running), as the script of BullMQ that follows
local prefix, field = ARGV[1], ARGV[2]
local stalled = {}

-- BullMQ looks once per interval, over all workers, and this key lives until the next look. It may expire
-- between this script and that of BullMQ.
local MAY_EXPIRE_WITHIN = 1000 -- ms
if redis.call('PTTL', prefix .. 'stalled-check') > MAY_EXPIRE_WITHIN then
  return stalled
end
for _, job in ipairs(redis.call('SMEMBERS', prefix .. 'stalled')) do
  local key = prefix .. job
  if redis.call('EXISTS', key .. ':lock') == 0 and redis.call('TYPE', key).ok == 'hash' then
    local state = redis.call('HMGET', key, 'pb', 'ats', 'stc', 'finishedOn')
    local holder = state[1] or '?'
    if state[2] and not state[4] then
      redis.call('HSET', key, field .. state[2], holder)
      stalled[#stalled + 1], stalled[#stalled + 2] = job, holder
    end
    -- BullMQ increments `stc` after it has taken the job out of its list: an error loses the job.
    if state[3] and not string.match(state[3], '^%-?%d+$') then
      redis.call('HDEL', key, 'stc')
    end
  end
end
return stalled
