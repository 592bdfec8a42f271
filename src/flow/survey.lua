-- Survey buckets for the metrics: what they may send, what is under way, and how long jobs have waited.
--
-- ARGV   [1] [2] see state.lua   [3] [4] ... tenant and class of each bucket
-- reply  for each bucket nine values, numbers as texts: tokens left; size; ms that its pause has left;
--        reason of the pause; lanes whose job may run now; lanes whose job waits for its turn; requests
--        under way; age of the oldest job that waits, ms; since when a job has its turn that no worker
--        has taken, in ms, of the job that has it longest
-- cost   O(buckets), about ten commands each
local function arrival_in_lane(lane)
  local job = redis.call('ZRANGEBYSCORE', lane_key(lane), 0, '+inf', 'LIMIT', 0, 1)[1]
  return job and arrival_of(job)
end

-- The wait queue has urgent lanes in front, and each of both parts has its oldest lane first.
local function oldest_arrival(bucket, first_lane)
  local urgent = redis.call('ZRANGE', bucket.waiting, 0, 0, 'WITHSCORES')[2]
  local normal = redis.call('ZRANGEBYSCORE', bucket.waiting, 0, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  local oldest = first_lane and arrival_in_lane(first_lane) or now
  if urgent and tonumber(urgent) < 0 then
    oldest = math.min(oldest, tonumber(urgent) + URGENT)
  end
  return normal and math.min(oldest, tonumber(normal)) or oldest
end

local reply = {}
for at = 3, #ARGV, 2 do
  local bucket = open_bucket(ARGV[at], ARGV[at + 1])
  local paused, reason = pause_of(bucket, ARGV[at], ARGV[at + 1])
  local runnable = redis.call('ZCOUNT', bucket.reserved, '-inf', ms(now))
  local first = redis.call('ZRANGE', bucket.reserved, 0, 0, 'WITHSCORES')
  local age = now - oldest_arrival(bucket, first[1])
  local ready = first[2] and math.max(0, now - tonumber(first[2])) or 0
  for _, value in ipairs({
    level_of(bucket), bucket.burst or 0, paused, paused > 0 and reason or bucket.held and 'moving' or '',
    runnable, size_of(bucket, 'waiting') + size_of(bucket, 'reserved') - runnable, under_way(bucket),
    math.max(0, age), ready,
  }) do
    reply[#reply + 1] = tostring(value)
  end
end
return reply
