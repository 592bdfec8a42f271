-- Leave: the call is over. What came of it is noted, of the callback and of the endpoint, and the place goes to the next.
--
-- ARGV   [1] to [6] see endpoint.lua   [7] callback
--        [8] what came of it: 'delivered', 'failed', 'gone' (the endpoint is, for good), or 'neutral', which says nothing
--        about the endpoint   [9] wait that the receiver asked for, ms; -1 when it did not   [10] the attempt, JSON
--        [11] life of the log of attempts, ms   [12] how many it holds   [13] failures for so long disable, ms
--        [14] run, as of enter   [15] worker   [16] when it will be tried again after a failure, ms from now
-- reply  {why the endpoint was disabled by this, or '', wakes}
-- cost   O(log line), about twelve commands, and ten for each callback that is called
local callback, verdict, asked = ARGV[7], ARGV[8], tonumber(ARGV[9])
local disable_after = tonumber(ARGV[13])
local run, worker, again_in = ARGV[14], ARGV[15], tonumber(ARGV[16])
local endpoint = open_endpoint(ARGV[6])
local wakes = {}
local disabled_by_this = ''

local job = job_of(callback)
local log = prefix .. 'attempts:' .. callback
local caller = call_of(callback)

-- What lies there instead of a log would have the call come back here for ever.
if redis.call('TYPE', log).ok ~= 'list' then
  redis.call('DEL', log)
end

-- A command whose reply was lost is sent again, and says nothing new.
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

-- The place of this call. Where it was not there any more, another worker has the job meanwhile, and may have parked it; the
-- job has left the line now, so that nobody else would wake it.
local function give_place_back()
  if caller and caller ~= run then
    return
  end
  redis.call('HDEL', job, 'gwm:calling')
  local had_place = redis.call('ZSCORE', endpoint.held, callback)
  give_back(endpoint, callback)
  if redis.call('ZREM', endpoint.line, callback) == 1 or not had_place then
    wake(wakes, callback, verdict == 'delivered' and 0 or again_in)
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

-- Whether all failures in a row are those of this worker, while another one could deliver.
local SEVERAL = '*'
local function fails_alone()
  local others = endpoint.failing_worker and endpoint.failing_worker ~= worker
  redis.call('HSET', endpoint.key, 'failing_worker', others and SEVERAL or worker)
  local other_delivered = endpoint.delivered_by and endpoint.delivered_by ~= worker
    and now - endpoint.delivered_at < ALONE_FOR
  return not others and other_delivered
end

-- Failures count from the first one on, unless nobody called for as long as it takes to disable; a pause is not long.
local function note_failure()
  if not endpoint.failing_since or now - endpoint.failed_at > disable_after + CIRCUIT_MAX then
    endpoint.failing_since = now
    redis.call('HSET', endpoint.key, 'failing_since', ms(now))
  end
  redis.call('HSET', endpoint.key, 'failed_at', ms(now))
  if now - endpoint.failing_since >= disable_after then
    return disable('failing')
  end
  -- What fails during a pause was sent before it, and says nothing new.
  local was_open = is_paused(endpoint)
  endpoint.failures = endpoint.failures + 1
  if fails_alone() then
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
give_place_back()
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
note(endpoint)
fill(wakes)
return { disabled_by_this, wakes }
