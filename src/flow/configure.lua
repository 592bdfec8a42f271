-- Configure a bucket: rate, burst and concurrency limit, as the tenants file has them. Lanes that
-- waited for a faster rate, or for the first worker that knows the tenant, get their reservations.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] class   [5] interval, ms   [6] burst
--        [7] another bucket that the requests take their tokens from: '*<name>' of this class, or
--        '<owner>:<class>'; '' for the bucket's own
--        [8] concurrency limit
--        [9] after this time, ms, a request of a dead worker is certainly over (FlowOptions.requestMs)
--        [10] how old jobs of the tenant may get, ms, or ''
--        [11] how many jobs of the tenant may wait, or '' for the default
--        [12] 1 when the bucket takes the requests of every class, or 0
--        [13] the quiet hours of the tenant, as it has set them, or ''   [14] the next ones, see quiet_end_of
-- reply  wakes
-- cost   O(1), and four commands for each lane that gets a reservation; O(reservations) when the rate
--        has changed, and O(lanes) when the tenant moves to another bucket
local tenant, class, interval, burst = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local shared, in_flight, request_ms = ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
local quiet_of, quiet = ARGV[13], ARGV[14]
local own_key = prefix .. 'bucket:' .. tenant .. ':' .. class
local wakes = {}

local former = open_bucket(tenant, class)
if shared ~= '' then
  redis.call('HSET', own_key, 'shared', shared)
else
  redis.call('HDEL', own_key, 'shared')
end
if ARGV[10] ~= '' then
  redis.call('HSET', own_key, 'max_age', ARGV[10])
else
  redis.call('HDEL', own_key, 'max_age')
end
if ARGV[11] ~= '' then
  redis.call('HSET', own_key, 'max_waiting', ARGV[11])
else
  redis.call('HDEL', own_key, 'max_waiting')
end
-- Other quiet hours: due.lua looks which lanes go on now.
if (redis.call('HGET', own_key, 'quiet_of') or '') ~= quiet_of then
  note_deferral(tenant, now)
end
if quiet_of ~= '' then
  redis.call('HSET', own_key, 'quiet_of', quiet_of, 'quiet', quiet)
else
  redis.call('HDEL', own_key, 'quiet_of', 'quiet')
end
forget_buckets()
local bucket = open_bucket(tenant, class)
-- A bucket knows whether one of those who share it has quiet hours: the scripts of all others look no further.
if quiet_of ~= '' and not bucket.quiets then
  bucket.quiets = '1'
  redis.call('HSET', bucket.key, 'quiets', '1')
end
-- The tenant moves into this partition: whatever bucket its lanes are in, they wait. See hold.lua.
if former.held and not bucket.held then
  bucket.held = former.held
  redis.call('HSET', bucket.key, 'held', former.held)
  redis.call('HSET', own_key, 'held', former.held)
end
if ARGV[12] == '1' then
  bucket.all_classes = '1'
  redis.call('HSET', bucket.key, 'all_classes', '1')
else
  bucket.all_classes = nil
  redis.call('HDEL', bucket.key, 'all_classes')
end

-- The class of the head of a lane; of a reservation for one more request, that of its job: acquire.lua
-- names it '<lane> <job> <number>'.
local function class_of(lane)
  local job = first_in(lane) or string.match(lane, ' (%S+) %d+$')
  local kind = job and kind_of(job)
  return kind and kind.class or class
end

-- The lanes of a class follow it to its other bucket. Other tenants, and other classes, of a shared
-- bucket keep theirs.
local function move_lanes()
  for _, set in ipairs({ 'waiting', 'reserved', 'busy' }) do
    local lanes = redis.call('ZRANGE', former[set], 0, -1, 'WITHSCORES')
    for at = 1, #lanes, 2 do
      local lane, score = lanes[at], lanes[at + 1]
      if tenant_of(lane) == tenant and (former.key == own_key or class_of(lane) == class) then
        redis.call('ZREM', former[set], lane)
        redis.call('ZADD', bucket[set], score, lane)
      end
    end
  end
  if former.key == own_key then
    redis.call('SREM', prefix .. 'occupied', former.name)
  end
  mark_occupied(bucket)
  renew_reservations(bucket, wakes)
end

-- The bucket keeps its tokens under the new rate. A pause leaves it empty.
local function change_rate()
  if bucket.interval then
    local left = bucket.burst - (math.max(bucket.tat, now - GRACE) - now) / bucket.interval
    bucket.tat = now + (burst - math.max(left, 0)) * interval
  end
  if bucket.paused_until > now then
    bucket.tat = math.max(bucket.tat, bucket.paused_until + (burst - 1) * interval)
  end
  bucket.interval, bucket.burst = interval, burst
  redis.call('HSET', bucket.key, 'interval', interval, 'burst', burst, 'tat', ms(bucket.tat))
  renew_reservations(bucket, wakes)
end

if former.name ~= bucket.name then
  move_lanes()
end
if bucket.interval ~= interval or bucket.burst ~= burst then
  change_rate()
end
bucket.in_flight, bucket.request_ms = in_flight, request_ms
redis.call('HSET', bucket.key, 'in_flight', in_flight, 'request_ms', request_ms)
serve_waiting(bucket, wakes)
return wakes
