-- Owners: whose jobs these are. A worker writes the tenant in clear in front of the data of a job.
--
-- ARGV   [1] beginning of the keys of a queue of BullMQ, `gwm:{0}:message-transmission:`   [2] ... ids of jobs
-- reply  the tenant of each; '' for a job that is gone or whose data cannot be read
-- cost   O(jobs), one command each
local owners = {}
for at = 2, #ARGV do
  local data = redis.pcall('HGET', ARGV[1] .. ARGV[at], 'data')
  owners[at - 1] = type(data) == 'string' and string.match(data, '^{"tenantId":"([%w_.-]+)"') or ''
end
return owners
