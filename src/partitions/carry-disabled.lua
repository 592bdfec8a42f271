-- Disable an endpoint in the new partition, too: a callback of an older job has found that its receiver is
-- gone, or failing. A callback that was delivered here since says that it is not.
--
-- ARGV   [1] key of the endpoint   [2] key of the tenant's endpoints   [3] id of the endpoint
--        [4] when it was disabled   [5] why   [6] from when on a delivery says that it is well
--        [7] life of its state, ms   [8] when it is forgotten
-- reply  1; 0 when it stays as it is
-- cost   O(log endpoints)
local key, known, id, disabled_at, reason = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local state = redis.call('HMGET', key, 'disabled_at', 'delivered_at')
local delivered_at = tonumber(state[2] or '') or 0
if state[1] or delivered_at > tonumber(ARGV[6]) then
  return 0
end
redis.call('HSET', key, 'disabled_at', disabled_at, 'disabled_for', reason)
redis.call('PEXPIRE', key, ARGV[7])
redis.call('ZADD', known, 'GT', ARGV[8], id)
return 1
