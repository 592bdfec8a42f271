-- Enter: a worker has started the job of a callback and asks whether it may call the endpoint now.
--
-- ARGV   [1] to [6] see endpoint.lua   [7] callback   [8] address without its query
--        [9] longest time of a call, ms   [10] run, different for each start of the job
-- reply  {verdict, wait in ms, reason, wakes, calls}
--        calls      attempts that ended before
--        verdict    go         the callback has a permit: call the endpoint
--                   wait       run again after the wait: the endpoint is paused, or another run calls
--                   park       wait for a permit; another script wakes the job
--                   delivered  an earlier attempt was delivered; reason is that attempt, JSON
--                   disabled   the endpoint is disabled; reason says why
-- cost   O(log n) of the wait queue; about fifteen commands, and ten for each permit that is granted
local callback, url, call_ms, run = ARGV[7], ARGV[8], tonumber(ARGV[9]), ARGV[10]
local calls = tonumber(fields_of(callback, 'gwm:calls')[1] or '') or 0
local endpoint = open_endpoint(ARGV[6])
local wakes = {}

local function done(verdict, wait, reason)
  update_indexes(endpoint)
  grant_free_permits(wakes)
  return { verdict, wait, reason, wakes, calls }
end

local function go()
  redis.call('ZREM', endpoint.waiting, callback)
  redis.call('ZADD', endpoint.permits, ms(now + call_ms), callback)
  redis.call('ZADD', tenant_permits, ms(now + call_ms), callback)
  if redis.call('EXISTS', job_of(callback)) == 1 then
    redis.call('HSET', job_of(callback), 'gwm:calling', run .. ' ' .. ms(now + call_ms), 'gwm:called', 1)
  end
  return done('go', 0, '')
end

local function withdraw()
  release_permit(endpoint, callback)
  redis.call('ZREM', endpoint.waiting, callback)
end

-- The delivered attempt, if there is one. The log outlives the job. So a callback is not sent again
-- if its job is enqueued a second time.
local function delivered_attempt()
  local last = redis.pcall('LINDEX', prefix .. 'attempts:' .. callback, -1)
  local is_read, attempt = pcall(cjson.decode, last)
  if is_read and type(attempt) == 'table' and attempt.outcome == 'delivered' then
    return last
  end
  return fields_of(callback, 'gwm:delivered')[1]
end

local delivered = delivered_attempt()
if delivered then
  withdraw()
  return done('delivered', 0, delivered)
end

local other, over_at = call_of(callback)
if other and other ~= run and over_at > now then
  return { 'wait', math.ceil(over_at - now), '', wakes, calls }
end

redis.call('HSET', endpoint.key, 'tenant', tenant, 'url', url, 'called_at', ms(now))
remember(endpoint)
reclaim_expired_permits(endpoint)
if endpoint.disabled_at then
  withdraw()
  return done('disabled', 0, endpoint.disabled_for)
end

local function may_use_own_permit()
  return redis.call('ZSCORE', endpoint.permits, callback) and not is_paused(endpoint)
    and (redis.call('ZSCORE', tenant_permits, callback) or tenant_has_free_permit())
end

local function may_take_free_permit()
  return not is_paused(endpoint) and has_free_permit(endpoint) and tenant_has_free_permit()
    and redis.call('ZCARD', endpoint.waiting) == 0
end

if may_use_own_permit() then
  return go()
end
release_permit(endpoint, callback)
if may_take_free_permit() then
  return go()
end
add_to_wait_queue(endpoint, callback)
update_indexes(endpoint)
grant_free_permits(wakes)
if not redis.call('ZSCORE', endpoint.permits, callback) then
  return { 'park', 0, '', wakes, calls }
end

-- The grant went to this callback itself. Its worker is here: a wake would be in vain.
for at = #wakes - 1, 1, -2 do
  if wakes[at] == callback then
    table.remove(wakes, at)
    table.remove(wakes, at)
  end
end
if is_paused(endpoint) then
  return { 'wait', math.ceil(endpoint.paused_until - now), '', wakes, calls }
end
return go()
