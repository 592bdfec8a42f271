-- Leave: a call has ended. The act logs the attempt, updates the endpoint, and frees the permit. For
-- endpoint-acts.lua.
--
-- An act of this kind has these fields:
--
--   tenant, endpoint_id, callback
--   run       as of enter
--   verdict   what the call says about the endpoint: 'delivered', 'failed', 'gone' (for good), or
--             'neutral' (nothing)
--   asked     wait that the receiver asked for, ms; -1 if it did not ask
--   attempt   JSON
--   life      of the log of attempts, ms
--   worker    the process that called
--   disable_after   time of failures alone after which the endpoint is disabled, ms
--
-- reply  why this call disabled the endpoint, or ''
-- cost   O(log n) of the permits; about ten commands

local LONGEST_LOG = 20 -- attempts of one callback that are kept
local SEVERAL = '*' -- in the place of the failing worker

local counts = {} -- what this script adds to the counters of the partition

-- Adds one to a counter of the partition: 'delivered', 'failed' or 'disabled'.
local function count(what)
  counts[what] = (counts[what] or 0) + 1
end

local function log_attempt(act, log, has_job)
  if redis.call('RPUSH', log, act.attempt) > LONGEST_LOG then
    redis.call('LTRIM', log, -LONGEST_LOG, -1)
  end
  redis.call('PEXPIRE', log, act.life)
  if act.verdict ~= 'neutral' and has_job then
    redis.call('HINCRBY', job_of(act.callback), 'gwm:calls', 1)
    if act.verdict == 'delivered' then
      redis.call('HSET', job_of(act.callback), 'gwm:delivered', act.attempt)
    end
  end
end

-- Frees the permit, unless it has expired. Then the callback waits again, and another run may have
-- parked the job. The callback keeps its place, because only a grant wakes that job. Its next attempt
-- may come sooner than the schedule says.
local function leave_endpoint(act, has_job, caller, over_at)
  if caller and caller ~= act.run then
    return
  end
  if has_job then
    redis.call('HDEL', job_of(act.callback), 'gwm:calling')
  else
    drop(act.endpoint.waiting, act.callback)
  end
  if not has_job or over_at > now then
    release_permit(act.endpoint, act.callback)
  end
end

local function disable(endpoint, reason)
  if endpoint.disabled_at then
    return ''
  end
  endpoint.disabled_at, endpoint.disabled_for = now, reason
  redis.call('HSET', endpoint.key, 'disabled_at', ms(now), 'disabled_for', reason)
  count('disabled')
  return reason
end

local function pause(endpoint, duration)
  endpoint.paused_until = math.max(endpoint.paused_until, now + duration)
  redis.call('HSET', endpoint.key, 'paused_until', ms(endpoint.paused_until))
end

local function close_circuit(endpoint)
  if not endpoint.failing_since and endpoint.failures == 0 and endpoint.paused_until == 0 then
    return
  end
  endpoint.failures, endpoint.paused_until, endpoint.failing_since = 0, 0, nil
  endpoint.failed_at, endpoint.failing_worker = nil, nil
  redis.call('HDEL', endpoint.key, 'failures', 'paused_until', 'openings', 'failing_since', 'failed_at',
    'failing_worker')
end

-- Whether all failures in a row are from this worker, while another worker has delivered lately.
local function is_only_failing_worker(endpoint, worker)
  local others = endpoint.failing_worker and endpoint.failing_worker ~= worker
  endpoint.failing_worker = others and SEVERAL or worker
  redis.call('HSET', endpoint.key, 'failing_worker', endpoint.failing_worker)
  local other_delivered = endpoint.delivered_by and endpoint.delivered_by ~= worker
    and now - endpoint.delivered_at < PEER_DELIVERY_COUNTS_FOR
  return not others and other_delivered
end

local function note_failure(endpoint, act)
  -- The time of failures alone starts anew if no failure came for as long as it takes to disable
  -- the endpoint. A pause of the circuit does not count as such a gap.
  if not endpoint.failing_since or now - endpoint.failed_at > act.disable_after + CIRCUIT_MAX then
    endpoint.failing_since = now
    redis.call('HSET', endpoint.key, 'failing_since', ms(now))
  end
  endpoint.failed_at = now
  redis.call('HSET', endpoint.key, 'failed_at', ms(now))
  if now - endpoint.failing_since >= act.disable_after then
    return disable(endpoint, 'failing')
  end
  -- A call that fails during a pause began before it. It must not open the circuit once more.
  local was_open = is_paused(endpoint)
  endpoint.failures = endpoint.failures + 1
  if is_only_failing_worker(endpoint, act.worker) then
    endpoint.failures = math.min(endpoint.failures, CIRCUIT_THRESHOLD - 1)
  end
  redis.call('HSET', endpoint.key, 'failures', endpoint.failures)
  if act.asked >= 0 then
    pause(endpoint, act.asked)
  end
  if endpoint.failures >= CIRCUIT_THRESHOLD and not was_open then
    local openings = redis.call('HINCRBY', endpoint.key, 'openings', 1)
    pause(endpoint, math.min(CIRCUIT_MAX, CIRCUIT_BASE * 2 ^ math.min(openings - 1, 20)))
  end
  return ''
end

local function note_delivery(endpoint, worker)
  count('delivered')
  endpoint.delivered_at, endpoint.delivered_by, endpoint.has_delivered = now, worker, true
  close_circuit(endpoint)
  return ''
end

local function leave(act)
  local endpoint = open_endpoint(act.tenant, act.endpoint_id)
  act.endpoint, endpoint.was_left = endpoint, true
  local log = prefix .. 'attempts:' .. act.callback
  local has_job = redis.call('EXISTS', job_of(act.callback)) == 1
  local caller, over_at = call_of(act.callback)

  -- A key of another type is deleted. Otherwise this script would fail for ever, and the worker would
  -- repeat it.
  local last = redis.pcall('LINDEX', log, -1)
  if type(last) == 'table' then
    redis.call('DEL', log)
  end
  -- The reply of the first execution was lost, and the worker has sent the command again.
  if not caller and last == act.attempt then
    return ''
  end
  log_attempt(act, log, has_job)
  leave_endpoint(act, has_job, caller, over_at)
  visit(act)
  if act.verdict == 'delivered' then
    return note_delivery(endpoint, act.worker)
  elseif act.verdict == 'failed' then
    count('failed')
    return note_failure(endpoint, act)
  elseif act.verdict == 'gone' then
    count('failed')
    return disable(endpoint, 'gone')
  end
  return ''
end
