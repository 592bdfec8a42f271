-- The state of one bucket, for operators.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] class
-- reply  {interval, burst, tokens left, paused for ms, reason, failures in a row, lanes waiting,
--         lanes reserved, lanes busy, ms until the last waiting lane may send}; numbers as texts. Quiet hours
--         are a pause with the reason `quiet-hours`
-- cost   O(1)
local bucket = open_bucket(ARGV[3], ARGV[4])
local waiting = redis.call('ZCARD', bucket.waiting)
local reserved, busy = redis.call('ZCARD', bucket.reserved), redis.call('ZCARD', bucket.busy)
local paused, reason = pause_of(bucket, ARGV[3], ARGV[4])
local last = bucket.interval and math.max(0, next_reservation(bucket) + waiting * bucket.interval - now) or 0
return {
  tostring(bucket.interval or 0), tostring(bucket.burst or 0), tostring(level_of(bucket)),
  tostring(paused), bucket.held and 'moving' or reason, tostring(bucket.failures),
  tostring(waiting), tostring(reserved), tostring(busy), tostring(math.ceil(last)),
}
