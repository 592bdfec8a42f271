-- Take jobs of one queue away from a dead worker, as BullMQ's own script moveStalledJobsToWait does in
-- version 6.7 at the end of their locks. A test compares the keys. Needs workers.lua, job-hash.lua and
-- bullmq-promote.lua.
--
-- A worker that beats again keeps the jobs that it still has. It cannot renew the lock of another one.
--
-- ARGV   [1] prefix of the partition, `gwm:{0}:`   [2] queue   [3] name of the worker   [4] life of a
--        heartbeat, ms   [5] first part of the field that names a holder   [6] jobs at most
-- reply  {1 when the worker is certainly dead, job, …}
-- cost   O(running jobs of the queue), one command each, and O(running jobs) for each job taken
local prefix, queue, worker, life = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local held_by, limit = ARGV[5], tonumber(ARGV[6])
local base = prefix .. queue .. ':'
local taken = { 1 }

-- BullMQ counts how often a job stalled.
local function count_stall(key, stalls)
  if stalls and not string.match(stalls, '^%-?%d+$') then
    redis.call('HDEL', key, 'stc')
  end
  redis.call('HINCRBY', key, 'stc', 1)
end

local function take(job, runs, stalls)
  local key = base .. job
  redis.call('DEL', key .. ':lock')
  redis.call('LREM', base .. 'active', 1, job)
  redis.call('SREM', base .. 'stalled', job)
  if runs then
    redis.call('HSET', key, held_by .. runs, worker)
  end
  count_stall(key, stalls)
  redis.call('RPUSH', base .. 'wait', job)
  redis.call('XADD', base .. 'events', '*', 'event', 'waiting', 'jobId', job, 'prev', 'active')
  redis.call('XADD', base .. 'events', '*', 'event', 'stalled', 'jobId', job)
  taken[#taken + 1] = job
end

if not is_silent(prefix, worker) or not is_watched(prefix, life) then
  return { 0 }
end
for _, job in ipairs(redis.call('LRANGE', base .. 'active', 0, -1)) do
  local holder, runs, stalls = unpack(fields_in(base .. job, 'pb', 'ats', 'stc'), 1, 3)
  if holder == worker then
    take(job, runs, stalls)
    if #taken > limit then
      break
    end
  end
end
if #taken > 1 then
  wake_workers(base)
end
return taken
