-- The state of one bucket, for people.
--
-- ARGV   [1] [2] see bucket.lua   [3] tenant   [4] class
-- reply  {interval, burst, requests that could be sent at once, paused for ms, reason, failures in a row, lanes in
--         line, lanes with a slot, lanes busy, wait of the last in line in ms}; numbers as texts
-- cost   O(1)
local bucket = open_bucket(ARGV[3], ARGV[4])
local line = redis.call('ZCARD', bucket.line)
local slots, busy = redis.call('ZCARD', bucket.slots), redis.call('ZCARD', bucket.busy)
local level, last = 0, 0
if bucket.interval then
  local free = math.floor((now + bucket.burst * bucket.interval - bucket.tat) / bucket.interval)
  level = bucket.paused_until > now and 0 or math.max(0, math.min(bucket.burst, free))
  last = math.max(0, next_slot(bucket) + line * bucket.interval - now)
end
return {
  tostring(bucket.interval or 0), tostring(bucket.burst or 0), tostring(level),
  tostring(math.max(0, math.ceil(bucket.paused_until - now))), bucket.reason or '', tostring(bucket.failures),
  tostring(line), tostring(slots), tostring(busy), tostring(math.ceil(last)),
}
