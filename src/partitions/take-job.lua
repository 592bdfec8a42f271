-- Take a job that has ended, or is delayed, out of its queue, after a copy of it was made in another partition. A job
-- that an operator has sent again meanwhile stays.
--
-- ARGV   [1] beginning of the keys of a queue of BullMQ   [2] 'completed', 'failed' or 'delayed'   [3] id of the job
--        [4] index of the tenant's jobs   [5] number of entries that the job may have there
--        then these entries, and other keys of the job
-- reply  1; 0 when the job has left this state
-- cost   O(keys)
local base, state, id, index, entries = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if redis.call('ZREM', base .. state, id) == 0 then
  return 0
end
redis.call('ZREM', index, unpack(ARGV, 6, 5 + entries))
redis.call('UNLINK', base .. id, unpack(ARGV, 6 + entries))
return 1
