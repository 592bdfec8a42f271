-- Known jobs: whether the partition has accepted them. A producer asks the partition that a tenant has
-- left before it hands a job to the one where the tenant is.
--
-- ARGV   [1] [2] see state.lua   [3] ... jobs
-- reply  for each job 1 or 0
-- cost   O(jobs), one command each
local known = {}
for at = 3, #ARGV do
  local job = ARGV[at]
  known[at - 2] = math.min(1, redis.call('EXISTS', hash_of(job), ledger_key(job)))
end
return known
