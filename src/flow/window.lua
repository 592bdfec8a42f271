-- The window of a bucket: what Genesys Cloud says of its own count. Between state.lua and bucket.lua.
--
-- The platform counts the requests of a token per minute. An answer says how many requests it has
-- counted, how many it allows, and when the count ends (docs/platform.md#rate). Two servers differ:
--
--   fixed window   the first request opens it; all requests of the window are forgotten at its end
--   GCRA           each request is forgotten by itself; the count ends after count * minute / allowed
--
-- The first request of a count shows which one it is, and so does an answer that no GCRA gives. Until
-- then the bucket takes it for a fixed window, since that one is stricter. A bucket opens its window
-- itself with the first request after the end of the last one, because the answer comes later.
--
-- Answers come out of order, and some say the end of another window: that of the one before, or that of
-- a new token, whose count starts anew. The server gave an answer after its request left and before the
-- answer came, so each answer bounds the end of its window from both sides:
--
--   earliest = left at + reset - 1 s       latest = came at + reset
--
--   the window so far        |floor────────until|
--   the same window              |───────────|            keep what both have
--   the window before    |──|                             ignore it
--   a newer window                                 |───|  take it, with its own count

local MINUTE = 60000
local ROUNDING = 2000 -- the end of a count is in whole seconds, and its answer takes time, ms
local WHOLE_SECOND = 1000 -- an end in whole seconds is at most this much too late, ms

-- Whether the window has no request left for one that goes behind `ahead` others.
local function is_window_used(bucket, now, ahead)
  return bucket.window_until > now and ahead >= bucket.window_left
end

local function save_window(bucket)
  redis.call('HSET', bucket.key, 'window_until', string.format('%.3f', bucket.window_until), 'window_left',
    bucket.window_left, 'window_floor', string.format('%.3f', bucket.window_floor))
end

-- Requests under way: the count may not have them yet.
local function uncounted(bucket, now)
  return redis.call('ZCOUNT', bucket.sending, now, '+inf')
end

-- A request leaves: it counts in the window, and opens one if there is none.
local function count_in_window(bucket, now)
  if bucket.window_until > now then
    bucket.window_left = redis.call('HINCRBY', bucket.key, 'window_left', -1)
  elseif bucket.all_classes and bucket.counting ~= 'gcra' then
    local size = bucket.window_size or math.max(bucket.burst, math.floor(MINUTE / bucket.interval))
    bucket.window_until = now + MINUTE + ROUNDING
    -- Another program may have opened it before, and an answer of the window before may still come.
    bucket.window_floor = bucket.window_until - MINUTE / 2
    bucket.window_left = math.max(0, size - 1 - uncounted(bucket, now))
    save_window(bucket)
  end
end

local function is_window(bucket, count, allowed, reset)
  if count == 1 then
    return reset > MINUTE / 2
  end
  return bucket.counting ~= 'gcra' or math.abs(reset - count * MINUTE / allowed) > ROUNDING
end

local function learn(bucket, counting, allowed)
  if bucket.counting ~= counting or bucket.window_size ~= allowed then
    bucket.counting, bucket.window_size = counting, allowed
    redis.call('HSET', bucket.key, 'counting', counting, 'window_size', allowed)
  end
end

-- Notes an answer.
-- @param age since its request left, ms; nil: not known, and then at most half a minute
-- @return whether the server has fixed windows
local function note_window(bucket, now, count, allowed, reset, age)
  if not is_window(bucket, count, allowed, reset) then
    learn(bucket, 'gcra', allowed)
    if bucket.window_until > 0 then
      bucket.window_until = 0
      redis.call('HDEL', bucket.key, 'window_until', 'window_left', 'window_floor')
    end
    return false
  end
  learn(bucket, 'window', allowed)
  local latest, left = now + reset, math.max(0, allowed - count)
  local earliest = age and latest - age - WHOLE_SECOND or latest - MINUTE / 2
  local is_open = bucket.window_until > now
  if is_open and latest < bucket.window_floor then
    return true
  end
  if is_open and earliest <= bucket.window_until then
    bucket.window_until = math.min(latest, bucket.window_until)
    bucket.window_floor = math.max(earliest, bucket.window_floor)
    bucket.window_left = math.min(left, bucket.window_left)
  else
    bucket.window_until, bucket.window_floor = latest, earliest
    bucket.window_left = math.max(0, left - uncounted(bucket, now))
  end
  save_window(bucket)
  return true
end
