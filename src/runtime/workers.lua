-- Worker processes: which of them is dead. Scripts of this folder begin with the parts that they need.
--
--   <prefix>worker:<name>   `alive` until its heartbeat lapses, or `left`
--   <prefix>workers         names of the workers that have begun to beat and have not left
--   <prefix>watch           since    from this moment on Redis has answered workers without a break
--                           last     the last beat of any worker
--                           looked   when a worker last looked for dead ones
--
-- After an outage of Redis no heartbeat is there, and the workers need a moment to come back. So a
-- worker is dead when it has not beaten for one life, and Redis has answered others in all of that time:
--
--   beats of W       │ │ │ │ │ ✗
--   its life                  └───────────┐
--   beats of others  │ │ │ │ │ │ │ │ │ │ ││   no gap of half a life: W is dead here
--   beats of others  │ │ │ │ │ │          │   a gap: Redis was away, and a new life begins here

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Whether Redis has answered workers for one life, ms, and answers them now.
local function is_watched(prefix, life)
  local watch = redis.call('HMGET', prefix .. 'watch', 'since', 'last')
  local since, last = tonumber(watch[1] or ''), tonumber(watch[2] or '')
  return since and last and now - since >= life and math.abs(now - last) <= life / 2
end

local function is_silent(prefix, name)
  return redis.call('EXISTS', prefix .. 'worker:' .. name) == 0
end
