-- Note that the copy of a job that has ended, or is delayed, is complete: it enters the set of its state. From
-- here on the copy counts, and an operator may send it again. So a command that goes on after a death must not
-- copy it once more.
--
-- ARGV   [1] beginning of the keys of the new queue   [2] 'completed', 'failed' or 'delayed'
--        [3] id of the job   [4] its place in the old set   [5] key of what a move has merged   [6] name of the copy there
-- reply  1
-- cost   O(log jobs)
local base, state, id, score, merged, mark = unpack(ARGV)
-- The job may have been copied before, and sent again in the old partition since.
for _, other in ipairs({ 'completed', 'failed', 'delayed' }) do
  if other ~= state then
    redis.call('ZREM', base .. other, id)
  end
end
redis.call('ZADD', base .. state, score, id)
redis.call('SADD', merged, mark)
return 1
