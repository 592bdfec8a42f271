-- Enter: a worker has started the job of a callback and asks whether it may call the endpoint now. For
-- endpoint-acts.lua.
--
-- An act of this kind has these fields:
--
--   tenant, endpoint_id, callback
--   run       different for each start of the job
--   url       address without its query
--   call_ms   longest time of a call
--
-- reply  {verdict, wait in ms, reason, calls}
--        calls      attempts that ended before
--        verdict    go         the callback has a permit: call the endpoint
--                   wait       run again after the wait: the endpoint is paused, or another run calls
--                   park       wait for a permit; another script wakes the job
--                   delivered  an earlier attempt was delivered; reason is that attempt, JSON
--                   disabled   the endpoint is disabled; reason says why
--        No reply yet, when the callback has joined the wait queue: it may get a permit of those that the
--        acts of the script have freed. Then `settle_enter` has the reply.
-- cost   O(log n) of the wait queue; about eight commands

local function say(act, verdict, wait, reason)
  return { verdict, wait, reason, act.calls }
end

local function go(act)
  local endpoint, callback, over_at = act.endpoint, act.callback, ms(now + act.call_ms)
  drop(endpoint.waiting, callback)
  put(endpoint.permits, over_at, callback)
  put(endpoint.tenant.permits, over_at, callback)
  if act.has_job then
    redis.call('HSET', job_of(callback), 'gwm:calling', act.run .. ' ' .. over_at, 'gwm:called', 1)
  end
  return say(act, 'go', 0, '')
end

-- The delivered attempt, if there is one. The log outlives the job. So a callback is not sent again
-- if its job is enqueued a second time.
local function delivered_attempt(callback, noted)
  local last = redis.pcall('LINDEX', prefix .. 'attempts:' .. callback, -1)
  local is_read, attempt = pcall(cjson.decode, last)
  if is_read and type(attempt) == 'table' and attempt.outcome == 'delivered' then
    return last
  end
  return noted
end

local function may_use_own_permit(endpoint, callback)
  return redis.call('ZSCORE', endpoint.permits, callback) and not is_paused(endpoint)
    and (redis.call('ZSCORE', endpoint.tenant.permits, callback) or free_permits_of_tenant(endpoint.tenant) > 0)
end

local function enter(act)
  local callback = act.callback
  local calls, noted, calling, timestamp, finished =
    unpack(fields_in(job_of(callback), 'gwm:calls', 'gwm:delivered', 'gwm:calling', 'timestamp', 'finishedOn'), 1, 5)
  act.calls = tonumber(calls or '') or 0
  act.has_job = timestamp
  local endpoint = visit(act)

  local delivered = delivered_attempt(callback, noted)
  if delivered then
    withdraw(act)
    return say(act, 'delivered', 0, delivered)
  end
  local other, over_at = call_in(calling)
  if other and other ~= act.run and over_at > now then
    return say(act, 'wait', math.ceil(over_at - now), '')
  end

  endpoint.url = act.url
  if endpoint.disabled_at then
    withdraw(act)
    return say(act, 'disabled', 0, endpoint.disabled_for)
  end
  if may_use_own_permit(endpoint, callback) then
    return go(act)
  end
  release_permit(endpoint, callback)
  if may_take_free_permit(endpoint) then
    return go(act)
  end
  add_to_wait_queue(endpoint, callback, not finished and tonumber(timestamp or '') or now)
  here[callback] = true
end

-- The reply to a callback that has joined the wait queue, after the script has granted permits.
local function settle_enter(act)
  local endpoint, callback = act.endpoint, act.callback
  if not granted[callback] then
    return say(act, 'park', 0, '')
  end
  if is_paused(endpoint) then
    return say(act, 'wait', math.ceil(endpoint.paused_until - now), '')
  end
  return go(act)
end
