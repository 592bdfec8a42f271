-- Enter: a worker has a callback in its hands. May it call the endpoint now?
--
-- ARGV   [1] to [6] see endpoint.lua   [7] callback   [8] address without its query   [9] how long a call may take, ms
--        [10] run, a number that each start of the job has for itself
-- reply  {verdict, wait in ms, reason, wakes, calls}; calls: attempts that came to an end before; verdicts:
--        go         call it
--        wait       come back after the wait: there is a pause, or another run calls
--        park       stand by: somebody will wake it
--        delivered  an earlier attempt was; reason is what was noted of it
--        disabled   the endpoint is; reason says why
-- cost   O(log line), about fifteen commands, and ten for each callback that is called
local callback, url, call_ms, run = ARGV[7], ARGV[8], tonumber(ARGV[9]), ARGV[10]
local calls = tonumber(fields_of(callback, 'gwm:calls')[1] or '') or 0
local endpoint = open_endpoint(ARGV[6])
local wakes = {}

local function done(verdict, wait, reason)
  note(endpoint)
  fill(wakes)
  return { verdict, wait, reason, wakes, calls }
end

local function go()
  redis.call('ZREM', endpoint.line, callback)
  redis.call('ZADD', endpoint.held, ms(now + call_ms), callback)
  redis.call('ZADD', tenant_held, ms(now + call_ms), callback)
  if redis.call('EXISTS', job_of(callback)) == 1 then
    redis.call('HSET', job_of(callback), 'gwm:calling', run .. ' ' .. ms(now + call_ms), 'gwm:called', 1)
  end
  return done('go', 0, '')
end

local function take_leave()
  give_back(endpoint, callback)
  redis.call('ZREM', endpoint.line, callback)
end

-- The log outlives the job: one that is enqueued again, because it was told again how something ended, is not sent again.
local function delivered_as()
  local last = redis.pcall('LINDEX', prefix .. 'attempts:' .. callback, -1)
  local is_read, attempt = pcall(cjson.decode, last)
  if is_read and type(attempt) == 'table' and attempt.outcome == 'delivered' then
    return last
  end
  return fields_of(callback, 'gwm:delivered')[1]
end

local delivered = delivered_as()
if delivered then
  take_leave()
  return done('delivered', 0, delivered)
end

local other, over_at = call_of(callback)
if other and other ~= run and over_at > now then
  return { 'wait', math.ceil(over_at - now), '', wakes, calls }
end

redis.call('HSET', endpoint.key, 'tenant', tenant, 'url', url, 'called_at', ms(now))
remember(endpoint)
take_back(endpoint)
if endpoint.disabled_at then
  take_leave()
  return done('disabled', 0, endpoint.disabled_for)
end

local is_called = redis.call('ZSCORE', endpoint.held, callback)
if is_called and not is_paused(endpoint) and (redis.call('ZSCORE', tenant_held, callback) or tenant_has_room()) then
  return go()
end
give_back(endpoint, callback)
if not is_paused(endpoint) and has_room(endpoint) and tenant_has_room() and redis.call('ZCARD', endpoint.line) == 0 then
  return go()
end
stand_in_line(endpoint, callback)
note(endpoint)
fill(wakes)
if not redis.call('ZSCORE', endpoint.held, callback) then
  return { 'park', 0, '', wakes, calls }
end

-- It was called itself. Nobody need be told: it is here.
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
