-- Replay callbacks: an operator has them sent once more. The script runs in front of BullMQ's part,
-- which puts the jobs into the list of waiting jobs, and in one transaction with it. A job that has not
-- ended stays as it is: another caller was first. Needs job-hash.lua of src/redis.
--
-- ARGV   [1] prefix of the partition   [2] the entry of the log of attempts, then the ids of the jobs
-- reply  for each job 1; 0 when it has not ended
-- cost   about five commands per job
local prefix, entry = ARGV[1], ARGV[2]
local done = {}

for at = 3, #ARGV do
  local hash = prefix .. 'webhook-delivery:' .. ARGV[at]
  local has_ended = fields_in(hash, 'finishedOn')[1]
  if has_ended then
    forget_past_in(hash)
    -- It writes only to an existing log. A new one would never expire.
    redis.call('RPUSHX', prefix .. 'attempts:' .. ARGV[at], entry)
  end
  done[#done + 1] = has_ended and 1 or 0
end
return done
