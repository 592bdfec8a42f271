-- A beat of a worker: it lives for one life more. The beats of all workers show whether Redis has
-- answered without a break, and find the workers that have died. Needs workers.lua.
--
-- ARGV   [1] prefix of the partition, `gwm:{0}:`   [2] name of the worker   [3] its life, ms
--        [4] `anew` when its connection is a new one: Redis may have been away for other workers too
--        [5] JSON: what the worker says of itself; empty in partitions that do not keep it
-- reply  {1 when its own heartbeat had lapsed, 1 when the heartbeats of others count, dead worker, …}
-- cost   seven commands, and one for each worker, a few times per life
local prefix, name, life, connection, state = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local LOOKS_PER_LIFE = 5
local watch = prefix .. 'watch'

local function note_beat()
  local known = redis.call('HMGET', watch, 'since', 'last')
  local since, last = tonumber(known[1] or ''), tonumber(known[2] or '')
  local is_whole = since and last and math.abs(now - last) <= life / 2
  if not is_whole or connection == 'anew' then
    since = now
  end
  redis.call('HSET', watch, 'since', since, 'last', now)
end

local function find_dead()
  local looked = tonumber(redis.call('HGET', watch, 'looked') or '')
  if looked and now >= looked and now - looked < life / LOOKS_PER_LIFE / 2 then
    return {}
  end
  redis.call('HSET', watch, 'looked', now)
  local dead = {}
  for _, other in ipairs(redis.call('SMEMBERS', prefix .. 'workers')) do
    if is_silent(prefix, other) then
      dead[#dead + 1] = other
    end
  end
  return dead
end

local has_lapsed = not redis.call('SET', prefix .. 'worker:' .. name, 'alive', 'PX', life, 'GET')
redis.call('SADD', prefix .. 'workers', name)
if state ~= '' then
  redis.call('SET', prefix .. 'worker-state:' .. name, string.format('%d %s', now, state), 'PX', life)
end
note_beat()
local is_steady = is_watched(prefix, life)
return { has_lapsed and 1 or 0, is_steady and 1 or 0, unpack(is_steady and find_dead() or {}) }
