-- Locate a job: in which queue of a partition it is, and whose it is. The reply has one length for
-- every id, and no part of the job, so that its time does not show whether another tenant has the id.
--
-- ARGV   [1] prefix of the partition   [2] id of the job, then the names of the queues
-- reply  {place of the queue, or 0; the tenant with spaces behind it, to 64 characters}
--        the tenant is empty when the data of the job cannot be read
-- cost   two commands per queue
local prefix, id = ARGV[1], ARGV[2]
local place, tenant = 0, ''

for at = 3, #ARGV do
  local hash = prefix .. ARGV[at] .. ':' .. id
  -- It exists with another type, too, when another program has replaced it.
  if redis.call('EXISTS', hash) == 1 then
    place = at - 2
  end
  local data = redis.pcall('HGET', hash, 'data')
  if type(data) == 'string' then
    tenant = string.match(data, '^{"tenantId":"([%w_.-]+)"') or ''
  end
end
return { place, string.format('%-64s', tenant) }
