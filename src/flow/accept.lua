-- Accept a batch of jobs: tell duplicates, give each new job the next ticket of its lane.
--
-- KEYS   two per job: BullMQ's hash of the job, the ticket counter of its lane; the hash again where the job
--        has no lane
-- ARGV   [1] life of an unused ticket counter, ms
-- reply  one number per job: its ticket (from 1), or 0 when the job is there already
-- cost   O(jobs), two or three commands each
local seen = {}
local tickets = {}
for i = 1, #KEYS, 2 do
  local job, counter = KEYS[i], KEYS[i + 1]
  if seen[job] or redis.call('EXISTS', job) == 1 then
    tickets[#tickets + 1] = 0
  else
    seen[job] = true
    if counter == job then
      tickets[#tickets + 1] = 1
    else
      tickets[#tickets + 1] = redis.call('INCR', counter)
      redis.call('PEXPIRE', counter, ARGV[1])
    end
  end
end
return tickets
