-- Recheck a job that a worker has just parked. A script may have given the job its turn in between,
-- or an operator may have cancelled it. BullMQ still held the job as running then, so that wake had
-- no effect. A job that waits for the end of another run's request stays where it is: admit.lua would
-- send it back at once, again and again.
--
-- ARGV   [1] [2] see state.lua   [3] job   [4] tenant   [5] lane
-- reply  wakes
-- cost   O(1)
local job, tenant, lane = ARGV[3], ARGV[4], ARGV[5]
local bucket = open_bucket(tenant, kind_of(job).class)
local wakes = {}
local reserved_at = tonumber(redis.call('ZSCORE', bucket.reserved, lane) or '')
local entry = ledger_entry(job) or ''

if string.sub(entry, 1, 9) == 'cancelled' then
  wake(wakes, job, 0)
elseif string.sub(entry, 1, 7) ~= 'running' and reserved_at and head_of(lane) == job then
  wake(wakes, job, reserved_at - now)
end
return wakes
