-- Leave: a call has ended. The script logs the attempt, updates the endpoint, and grants the permit
-- to the next callback.
--
-- ARGV   [1] to [6] see endpoint.lua   [7] callback
--        [8] what the call says about the endpoint: 'delivered', 'failed', 'gone' (for good), or
--            'neutral' (nothing)
--        [9] wait that the receiver asked for, ms; -1 if it did not ask   [10] the attempt, JSON
--        [11] life of the log of attempts, ms   [12] longest log, attempts
--        [13] time of failures alone after which the endpoint is disabled, ms
--        [14] run, as of enter   [15] worker
-- reply  {why this call disabled the endpoint, or '', wakes}
-- cost   O(log n) of the wait queue; about twelve commands, and ten for each permit that is granted
local callback, verdict, asked = ARGV[7], ARGV[8], tonumber(ARGV[9])
local disable_after = tonumber(ARGV[13])
local run, worker = ARGV[14], ARGV[15]
local endpoint = open_endpoint(ARGV[6])
local wakes = {}
local disabled_by_this = ''

local job = job_of(callback)
local log = prefix .. 'attempts:' .. callback
local caller, over_at = call_of(callback)

-- A key of another type is deleted. Otherwise this script would fail for ever, and the worker would
-- repeat it.
if redis.call('TYPE', log).ok ~= 'list' then
  redis.call('DEL', log)
end

-- The reply of the first execution was lost, and the worker has sent the command again.
if not caller and redis.call('LINDEX', log, -1) == ARGV[10] then
  return { '', wakes }
end

local function log_attempt()
  redis.call('RPUSH', log, ARGV[10])
  redis.call('LTRIM', log, -tonumber(ARGV[12]), -1)
  redis.call('PEXPIRE', log, ARGV[11])
  if verdict ~= 'neutral' and redis.call('EXISTS', job) == 1 then
    redis.call('HINCRBY', job, 'gwm:calls', 1)
    if verdict == 'delivered' then
      redis.call('HSET', job, 'gwm:delivered', ARGV[10])
    end
  end
end

-- Frees the permit, unless it has expired. Then the callback waits again, and another run may have
-- parked the job. The callback keeps its place, because only a grant wakes that job. Its next attempt
-- may come sooner than the schedule says.
local function leave_endpoint()
  if caller and caller ~= run then
    return
  end
  redis.call('HDEL', job, 'gwm:calling')
  local is_gone = redis.call('EXISTS', job) == 0
  if is_gone then
    redis.call('ZREM', endpoint.waiting, callback)
  end
  if is_gone or over_at > now then
    release_permit(endpoint, callback)
  end
end

local function disable(reason)
  if endpoint.disabled_at then
    return
  end
  endpoint.disabled_at, endpoint.disabled_for, disabled_by_this = now, reason, reason
  redis.call('HSET', endpoint.key, 'disabled_at', ms(now), 'disabled_for', reason)
  count('disabled')
end

local function pause(duration)
  endpoint.paused_until = math.max(endpoint.paused_until, now + duration)
  redis.call('HSET', endpoint.key, 'paused_until', ms(endpoint.paused_until))
end

local function close_circuit()
  endpoint.failures, endpoint.paused_until, endpoint.failing_since = 0, 0, nil
  redis.call('HDEL', endpoint.key, 'failures', 'paused_until', 'openings', 'failing_since', 'failed_at',
    'failing_worker')
end

-- Whether all failures in a row are from this worker, while another worker has delivered lately.
local SEVERAL = '*'
local function is_only_failing_worker()
  local others = endpoint.failing_worker and endpoint.failing_worker ~= worker
  redis.call('HSET', endpoint.key, 'failing_worker', others and SEVERAL or worker)
  local other_delivered = endpoint.delivered_by and endpoint.delivered_by ~= worker
    and now - endpoint.delivered_at < PEER_DELIVERY_COUNTS_FOR
  return not others and other_delivered
end

local function note_failure()
  -- The time of failures alone starts anew if no failure came for as long as it takes to disable
  -- the endpoint. A pause of the circuit does not count as such a gap.
  if not endpoint.failing_since or now - endpoint.failed_at > disable_after + CIRCUIT_MAX then
    endpoint.failing_since = now
    redis.call('HSET', endpoint.key, 'failing_since', ms(now))
  end
  redis.call('HSET', endpoint.key, 'failed_at', ms(now))
  if now - endpoint.failing_since >= disable_after then
    return disable('failing')
  end
  -- A call that fails during a pause began before it. It must not open the circuit once more.
  local was_open = is_paused(endpoint)
  endpoint.failures = endpoint.failures + 1
  if is_only_failing_worker() then
    endpoint.failures = math.min(endpoint.failures, CIRCUIT_THRESHOLD - 1)
  end
  redis.call('HSET', endpoint.key, 'failures', endpoint.failures)
  if asked >= 0 then
    pause(asked)
  end
  if endpoint.failures >= CIRCUIT_THRESHOLD and not was_open then
    local openings = redis.call('HINCRBY', endpoint.key, 'openings', 1)
    pause(math.min(CIRCUIT_MAX, CIRCUIT_BASE * 2 ^ math.min(openings - 1, 20)))
  end
end

log_attempt()
leave_endpoint()
reclaim_expired_permits(endpoint)
if verdict == 'delivered' then
  count('delivered')
  redis.call('HSET', endpoint.key, 'delivered_at', ms(now), 'delivered_by', worker)
  close_circuit()
elseif verdict == 'failed' then
  count('failed')
  note_failure()
elseif verdict == 'gone' then
  count('failed')
  disable('gone')
end
remember(endpoint)
update_indexes(endpoint)
grant_free_permits(wakes)
return { disabled_by_this, wakes }
