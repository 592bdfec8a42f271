-- The clock, the names of keys, and what Redis holds about buckets. Every script of this folder begins with
-- this file. bucket.lua says what the fields of a bucket mean.
--
-- ARGV[1] of every script is the present in ms, or '' for the clock of Redis; only tests give one.
-- ARGV[2] of every script is the prefix of the partition, `gwm:{0}:`. The scripts build all keys
-- from it, so all keys share one hash slot of Redis Cluster.

local MAX_WAITING = 1000000 -- jobs of a tenant that no worker has configured

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local prefix = ARGV[2]

local function ms(moment)
  return string.format('%.3f', moment)
end

-- Reads the bucket of a tenant, or the one that it shares: with other tenants, or among its classes.
-- A script reads each bucket once. A function that writes a field writes it to this table too.
--
-- A bucket has no interval until a worker has configured it. It still makes a few reservations:
-- the worker that admits such a lane finds out what is wrong with its tenant.
local opened = {} -- '<tenant>:<class>' → its bucket
local own_settings = {} -- '<tenant>:<class>' → its own settings: those who share a bucket have their own
local open_bucket
function open_bucket(tenant, class)
  local name = tenant .. ':' .. class
  if opened[name] then
    return opened[name]
  end
  local key = prefix .. 'bucket:' .. name
  local state = redis.call('HMGET', key, 'interval', 'burst', 'tat', 'paused_until', 'reason',
    'failures', 'probe', 'probe_until', 'in_flight', 'shared', 'request_ms', 'denials', 'tried', 'max_age',
    'max_waiting', 'all_classes', 'counting', 'window_until', 'window_left',
    'window_size', 'window_floor', 'held', 'quiet', 'quiets')
  own_settings[name] = {
    max_age = tonumber(state[14] or ''),
    max_waiting = tonumber(state[15] or '') or MAX_WAITING,
    quiet = state[23],
  }
  if state[10] then
    local owner, other_class = string.match(state[10], '^([^:]+):?(.*)$')
    opened[name] = open_bucket(owner, other_class ~= '' and other_class or class)
    return opened[name]
  end
  opened[name] = {
    class = class,
    name = name,
    key = key,
    waiting = prefix .. 'waiting:' .. name,
    reserved = prefix .. 'reserved:' .. name,
    busy = prefix .. 'busy:' .. name,
    sending = prefix .. 'sending:' .. name,
    sizes = {},
    interval = tonumber(state[1]),
    burst = tonumber(state[2]),
    tat = tonumber(state[3]) or 0,
    paused_until = tonumber(state[4]) or 0,
    reason = state[5],
    failures = tonumber(state[6]) or 0,
    probe = state[7],
    probe_until = tonumber(state[8]) or 0,
    in_flight = tonumber(state[9]) or math.huge,
    request_ms = tonumber(state[11]) or 0,
    denials = tonumber(state[12]) or 0,
    tried = state[13],
    all_classes = state[16],
    counting = state[17],
    window_until = tonumber(state[18] or '') or 0,
    window_left = tonumber(state[19] or '') or 0,
    window_size = tonumber(state[20] or ''),
    window_floor = tonumber(state[21] or '') or 0,
    held = state[22],
    quiets = state[24],
  }
  return opened[name]
end

-- How old the jobs of a tenant may get, ms, or nil; how many of them may wait; and its quiet hours, or nil.
local function own_settings_of(tenant, class)
  open_bucket(tenant, class)
  return own_settings[tenant .. ':' .. class]
end

-- Reads everything anew: a call failed, and may have written less than the tables say.
local function forget_buckets()
  for name in pairs(opened) do
    opened[name] = nil
  end
end

-- The lanes of a set, 'waiting' or 'reserved'. A script counts them once.
local function size_of(bucket, set)
  bucket.sizes[set] = bucket.sizes[set] or redis.call('ZCARD', bucket[set])
  return bucket.sizes[set]
end

local function resize(bucket, set, change)
  if bucket.sizes[set] then
    bucket.sizes[set] = bucket.sizes[set] + change
  end
end

local function put(bucket, set, score, lane)
  local added = redis.call('ZADD', bucket[set], score, lane)
  resize(bucket, set, added)
  return added
end

-- @return whether the lane was in the set
local function drop(bucket, set, lane)
  local removed = redis.call('ZREM', bucket[set], lane)
  resize(bucket, set, -removed)
  return removed == 1
end

-- The requests under way. A script counts them once.
local function under_way(bucket)
  bucket.sizes.sending = bucket.sizes.sending or redis.call('ZCOUNT', bucket.sending, ms(now), '+inf')
  return bucket.sizes.sending
end
