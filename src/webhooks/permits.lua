-- Permits of endpoints: who has one, who waits, and who is next. Needs endpoint.lua, which says what they
-- are.

local function arrival_of(callback)
  return arrival_in(job_of(callback))
end

local function add_to_wait_queue(endpoint, callback, arrival)
  put(endpoint.waiting, ms(arrival), callback)
end

local function release_permit(endpoint, callback)
  drop(endpoint.permits, callback)
  drop(endpoint.tenant.permits, callback)
end

local function reclaim_expired_permits(endpoint)
  for _, callback in ipairs(redis.call('ZRANGEBYSCORE', endpoint.permits, '-inf', ms(now), 'LIMIT', 0, 100)) do
    drop(endpoint.permits, callback)
    local arrival = arrival_of(callback)
    if arrival then
      add_to_wait_queue(endpoint, callback, arrival)
    end
  end
  local set = endpoint.tenant.permits
  resize(set, -redis.call('ZREMRANGEBYSCORE', set, '-inf', ms(now)))
end

local visited = {} -- endpoints whose expired permits this script has taken back

-- Opens the endpoint of an act.
local function visit(act)
  local endpoint = open_endpoint(act.tenant, act.endpoint_id)
  act.endpoint = endpoint
  if not visited[endpoint] then
    reclaim_expired_permits(endpoint)
    visited[endpoint] = true
  end
  return endpoint
end

-- The callback of an act leaves its endpoint.
local function withdraw(act)
  release_permit(act.endpoint, act.callback)
  drop(act.endpoint.waiting, act.callback)
end

local function is_paused(endpoint)
  return endpoint.paused_until > now
end

-- A disabled endpoint has permits without limit: its callbacks are woken to fail, not to call.
local function free_permits(endpoint)
  if endpoint.disabled_at then
    return GRANT_AT_MOST
  end
  local has_one = is_paused(endpoint) or endpoint.failures >= CIRCUIT_THRESHOLD
  return (has_one and 1 or CONCURRENCY) - size_of(endpoint.permits)
end

local function free_permits_of_tenant(tenant)
  return TENANT_CONCURRENCY - size_of(tenant.permits)
end

-- Whether a callback may have a permit at once: a permit is free, and no callback waits.
local function may_take_free_permit(endpoint)
  return not is_paused(endpoint) and free_permits(endpoint) > 0 and free_permits_of_tenant(endpoint.tenant) > 0
    and size_of(endpoint.waiting) == 0
end

-- Brings `endpoints-ready` and `endpoints-occupied` up to date. Every script that changes an
-- endpoint ends with this; otherwise its waiting callbacks would not be found.
local function update_indexes(endpoint)
  local first = redis.call('ZRANGE', endpoint.waiting, 0, 0, 'WITHSCORES')
  if first[1] and free_permits(endpoint) > 0 then
    redis.call('ZADD', endpoint.tenant.ready, first[2], endpoint.id)
  else
    redis.call('ZREM', endpoint.tenant.ready, endpoint.id)
  end
  local is_idle = not first[1] and size_of(endpoint.permits) == 0
  redis.call(is_idle and 'SREM' or 'SADD', prefix .. 'endpoints-occupied', endpoint.tenant.id .. ' ' .. endpoint.id)
end

-- The callback has a permit from now on, or from the end of the pause. Its job must start soon after.
local function hold_permit(endpoint, callback, from)
  put(endpoint.permits, ms(from + GRANTED_FOR), callback)
  if from == now and not endpoint.disabled_at then
    put(endpoint.tenant.permits, ms(now + GRANTED_FOR), callback)
  end
end

local granted = {} -- callback → true when this script has granted it a permit

-- Grants permits to the first callbacks of the wait queue, for now or for the end of the pause.
local function grant_first(endpoint, count, wakes)
  local first = redis.call('ZPOPMIN', endpoint.waiting, count)
  resize(endpoint.waiting, -#first / 2)
  local from = endpoint.disabled_at and now or math.max(now, endpoint.paused_until)
  for at = 1, #first, 2 do
    local callback = first[at]
    if arrival_of(callback) then
      hold_permit(endpoint, callback, from)
      granted[callback] = true
      wake(wakes, callback, from - now)
    end
  end
end

-- Grants the free permits of all endpoints of the tenant, oldest callback first. Several at a time
-- only where no other endpoint may have an older one.
local function grant_free_permits(tenant, wakes)
  local left = GRANT_AT_MOST
  while left > 0 and free_permits_of_tenant(tenant) > 0 do
    local id = redis.call('ZPOPMIN', tenant.ready)[1]
    if not id then
      return
    end
    local endpoint = open_endpoint(tenant.id, id)
    local count = 1
    if redis.call('EXISTS', tenant.ready) == 0 then
      count = math.max(1, math.min(left, free_permits(endpoint), free_permits_of_tenant(tenant)))
    end
    grant_first(endpoint, count, wakes)
    update_indexes(endpoint)
    left = left - count
  end
end
