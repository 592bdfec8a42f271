-- Owners: whose jobs these are. A worker writes the tenant in clear in front of the data of a job; another
-- program may write it behind other fields.
--
-- ARGV   [1] beginning of the keys of a queue of BullMQ, `gwm:{0}:message-transmission:`   [2] ... ids of jobs
-- reply  the tenant of each; '' for a job that is gone or whose data cannot be read
-- cost   O(jobs), one command each
local function tenant_in(data)
  local tenant = string.match(data, '^{"tenantId":"([%w_.-]+)"')
  if tenant then
    return tenant
  end
  local is_json, value = pcall(cjson.decode, data)
  return is_json and type(value) == 'table' and type(value.tenantId) == 'string' and value.tenantId or ''
end

local owners = {}
for at = 2, #ARGV do
  local data = redis.pcall('HGET', ARGV[1] .. ARGV[at], 'data')
  owners[at - 1] = type(data) == 'string' and tenant_in(data) or ''
end
return owners
