-- Hold a bucket, or let it go: its tenant moves into this partition, and its older jobs come first. A held
-- bucket gets what the one in the other partition has learned when it is let go, so that the rate limit
-- holds over both.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] class   [5] the other partition, or '' to let it go
--        then pairs of fields and values of the bucket in the other partition
-- reply  wakes
-- cost   O(fields), and four commands for each lane that gets a reservation
local tenant, class, other = ARGV[3], ARGV[4], ARGV[5]
local key = prefix .. 'bucket:' .. tenant .. ':' .. class
local LATER = { tat = true, paused_until = true, window_until = true } -- of these the later moment counts
local wakes = {}

-- Takes over the fields of the other bucket. An operator may have paused this one meanwhile.
local function take_over()
  for at = 6, #ARGV, 2 do
    local field, value = ARGV[at], ARGV[at + 1]
    local own = LATER[field] and tonumber(redis.call('HGET', key, field) or '')
    if field == 'reason' then
      redis.call('HSETNX', key, field, value)
    elseif not own or own < tonumber(value) then
      redis.call('HSET', key, field, value)
    end
  end
end

if other ~= '' or redis.call('HEXISTS', key, 'held') == 1 then
  take_over()
end
local bucket = open_bucket(tenant, class)
if other ~= '' then
  redis.call('HSET', key, 'held', other)
  redis.call('HSET', bucket.key, 'held', other)
elseif bucket.held then
  redis.call('HDEL', bucket.key, 'held')
  bucket.held = nil
  if redis.call('ZCARD', bucket.waiting) > 0 then
    mark_occupied(bucket)
  end
  serve_waiting(bucket, wakes)
end
if other == '' then
  redis.call('HDEL', key, 'held')
end
return wakes
