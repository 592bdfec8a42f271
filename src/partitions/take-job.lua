-- Take a job that has ended out of its queue, after a copy of it was made in another partition. A job
-- that an operator has sent again meanwhile stays.
--
-- ARGV   [1] beginning of the keys of a queue of BullMQ   [2] 'completed' or 'failed'   [3] id of the job
--        then other keys of the job
-- reply  1; 0 when the job has left this state
-- cost   O(keys)
local base, state, id = ARGV[1], ARGV[2], ARGV[3]
if redis.call('ZREM', base .. state, id) == 0 then
  return 0
end
redis.call('UNLINK', base .. id, unpack(ARGV, 4))
return 1
