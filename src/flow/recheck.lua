-- Recheck: did a job get its turn between being told to park and being parked, or was it cancelled? Whoever did that
-- could not wake it, because BullMQ still held it as running.
--
-- ARGV   [1] [2] see bucket.lua   [3] job   [4] tenant   [5] lane
-- reply  wakes
-- cost   O(1)
local job, tenant, lane = ARGV[3], ARGV[4], ARGV[5]
local bucket = open_bucket(tenant, kind_of(job).class)
local wakes = {}
local slot = tonumber(redis.call('ZSCORE', bucket.slots, lane) or '')
local entry = ledger_entry(job)

if entry and string.sub(entry, 1, 9) == 'cancelled' then
  wake(wakes, job, 0)
elseif slot and head_of(lane) == job then
  wake(wakes, job, slot - now)
end
return wakes
