-- Let deferred lanes go on whose time has come: the head may be sent now, or the quiet hours are over. They
-- get a reservation or a place in the wait queue, so the rate limit holds. Any replica may run this at any
-- time. While a backlog of lanes is due, each call takes its share of it.
--
-- ARGV   [1] [2] see state.lua   [3] lanes at most
-- reply  {lanes that went on, ms until the next one may go on, or -1 when no lane is deferred, wakes}
-- cost   O(lanes × log lanes), about eight commands each
local TENANTS_AT_MOST = 50
local deferred = prefix .. 'deferred'
local room = tonumber(ARGV[3])
local moved, wakes = 0, {}

-- Takes the first lanes of a set, and lets them go on.
local function go_on(key, highest)
  local lanes = redis.call('ZRANGEBYSCORE', key, '-inf', highest, 'LIMIT', 0, room)
  for _, lane in ipairs(lanes) do
    redis.call('ZREM', key, lane)
    local job, arrival, send_at = head_of(lane)
    if job then
      reserve_or_wait_elsewhere(lane, job, arrival, send_at, wakes)
    end
  end
  room, moved = room - #lanes, moved + #lanes
end

-- The end of the quiet hours of both classes: a worker configures one after the other.
local function end_of_both(tenant, is_urgent)
  local last
  for _, class in ipairs(QUIET_CLASSES) do
    local quiet_end = quiet_end_of(open_bucket(tenant, class), tenant, class, is_urgent, now)
    last = quiet_end and math.max(quiet_end, last or 0) or last
  end
  return last
end

-- The lanes that the quiet hours do not hold back any more.
local function highest_rank(tenant, quiet_end)
  if not quiet_end then
    return '+inf'
  end
  return not end_of_both(tenant, true) and '(0'
end

-- Notes when the next lane of the tenant may go on.
local function note_next(tenant, quiet_end)
  redis.call('ZREM', deferred, tenant)
  local next_at = redis.call('ZRANGE', later_key(tenant), 0, 0, 'WITHSCORES')[2]
  if next_at then
    note_deferral(tenant, tonumber(next_at))
  end
  if redis.call('ZCARD', quiet_key(tenant)) > 0 then
    note_deferral(tenant, quiet_end or now)
  end
  if room <= 0 then
    note_deferral(tenant, now)
  end
end

-- A lane that another program has overwritten ends the script. The tenant is due until then, so the next
-- call goes on behind that lane.
local function serve(tenant)
  go_on(later_key(tenant), ms(now))
  local quiet_end = end_of_both(tenant, false)
  local highest = highest_rank(tenant, quiet_end)
  if highest and room > 0 then
    go_on(quiet_key(tenant), highest)
  end
  note_next(tenant, quiet_end)
  for _, class in ipairs(QUIET_CLASSES) do
    local bucket = open_bucket(tenant, class)
    if bucket.quiets then
      serve_waiting(bucket, wakes)
    end
  end
end

for _, tenant in ipairs(redis.call('ZRANGEBYSCORE', deferred, '-inf', ms(now), 'LIMIT', 0, TENANTS_AT_MOST)) do
  if room > 0 then
    serve(tenant)
  end
end
local next_at = tonumber(redis.call('ZRANGE', deferred, 0, 0, 'WITHSCORES')[2] or '')
return { moved, next_at and math.max(0, math.ceil(next_at - now)) or -1, wakes }
