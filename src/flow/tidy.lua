-- Tidy the index of a tenant: remove jobs that BullMQ no longer has, and note the end of jobs that
-- ended without a script. Each call looks at the next jobs; the reconciler calls it now and again.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] jobs at most
-- reply  {jobs removed, 1 when the end of the index is reached}
-- cost   O(jobs × log index), one or two commands each
local tenant, limit = ARGV[3], tonumber(ARGV[4])
local key, indexed = index_key(tenant), prefix .. 'indexed'
local from = redis.call('HGET', indexed, tenant) or '-inf'
local entries = redis.call('ZRANGEBYSCORE', key, from, '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
local removed, last = 0, from

for at = 1, #entries, 2 do
  local job, score = entries[at], entries[at + 1]
  local state = fields_of(job, 'timestamp', 'finishedOn')
  if not state[1] then
    removed = removed + redis.call('ZREM', key, job)
  elseif state[2] and tonumber(score) >= 0 then
    index_end(tenant, job)
  end
  last = score
end
local is_end = #entries < 2 * limit
if redis.call('ZCARD', key) == 0 then
  redis.call('HDEL', indexed, tenant)
elseif is_end then
  redis.call('HSET', indexed, tenant, '-inf')
else
  -- Jobs with one moment may be more than a page: the next call begins behind it.
  redis.call('HSET', indexed, tenant, last == from and '(' .. last or last)
end
return { removed, is_end and 1 or 0 }
