-- Conclude a run: what its answer means for the bucket, and how the job goes on. Either the job has
-- ended and its lane goes on, or it is rescheduled and keeps its turn.
--
-- ARGV   [1] [2] see bucket.lua   [3] job   [4] tenant   [5] lane
--        [6] ending: the ledger's entry of a job that has ended, 'sent …', 'failed …', 'expired …'; 'again' to
--        reschedule; 'again unknown' to reschedule a job that may have been delivered all the same
--        [7] when a rescheduled job runs again, ms from now
--        [8] what the answer says about the bucket:
--            ''            nothing
--            ok            Genesys Cloud did what was asked
--            answered      it answered in another way
--            unavailable   no usable answer: this counts towards the circuit
--            throttled     429
--            refused       the credentials are refused
--            denied        a permission is missing
--        [9] wait that Genesys Cloud asks for, ms; -1 when it did not say
--        [10] life of a ledger entry, ms   [11] 'halt' or 'skip' the lane after a failure
--        [12] what the answer says about the rate limit, see note_allowance   [13] run
--        [14] 1 when the job is one that expires, or 0
--        [15] for how long a job that fails is tried again, ms; '' when this is no failed attempt
--        [16] how long ago the attempt began, ms
-- reply  {wait in ms, parked, wakes, existing, down, left}
--        wait      when a rescheduled job runs again
--        parked    1 when a script will wake it
--        existing  the outcome that another run wrote down before; 'running' when a later run has the job
--                  and will end it; '' when the ending given counts
--        down      1 while the circuit is open
--        left      for how long the job is still tried again, ms; 0 when that time is over; -1 when not asked
-- cost   O(log lane), about nine commands, one more for a job that expires, three for a failed attempt,
--        and four for each lane that gets a reservation
local job, tenant, lane, ending, delay = ARGV[3], ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])
local verdict, asked, ledger_life, on_failure = ARGV[8], tonumber(ARGV[9]), ARGV[10], ARGV[11]
local run = tonumber(ARGV[13])
local expires, retry_for, elapsed = ARGV[14] == '1', tonumber(ARGV[15]), tonumber(ARGV[16])
local bucket = open_bucket(tenant, kind_of(job).class)
local wakes = {}
local HEARD_LIFE = 60000 -- longer than a client sends the same command again, ms
local may_be_done = ending == 'again unknown'
if may_be_done then
  ending = 'again'
end

local function growing(base, ceiling, count)
  return math.min(ceiling, base * 2 ^ math.min(count - 1, 20))
end

-- A pause that grows with each repetition. Answers that come during a pause were sent before it, so
-- they do not count again.
local function pause_once(counter, base, ceiling, reason)
  if bucket.paused_until <= now then
    local count = redis.call('HINCRBY', bucket.key, counter, 1)
    pause(bucket, math.max(asked, growing(base, ceiling, count)), reason)
  end
end

-- Any answer closes the circuit: Genesys Cloud is there.
local function close_circuit()
  redis.call('HDEL', bucket.key, 'failures', 'openings', 'probe', 'probe_until', 'tried')
  bucket.failures, bucket.tried = 0, nil
end

-- A success shows that the tenant has the permission.
local function end_denial()
  redis.call('HDEL', bucket.key, 'denials')
  bucket.denials = 0
end

-- The client sends a command again when its reply was lost. A failure counts once per run.
local function is_first_report()
  local heard = prefix .. 'heard:' .. string.sub(job, 1, 1) .. string.sub(job, 3) .. ' ' .. run
  return redis.call('SET', heard, '1', 'PX', HEARD_LIFE, 'NX')
end

local function judge_bucket()
  local was_probe = bucket.probe == lane
  if was_probe then
    redis.call('HDEL', bucket.key, 'probe', 'probe_until')
    bucket.probe, bucket.probe_until = nil, 0
  end
  if verdict == 'ok' or verdict == 'answered' then
    note_allowance(bucket, ARGV[12])
    if bucket.failures > 0 or bucket.denials > 0 or bucket.reason then
      close_circuit()
      redis.call('HDEL', bucket.key, 'throttles', 'refusals')
      if verdict == 'ok' then
        end_denial()
      end
      if bucket.paused_until <= now and bucket.denials == 0 then
        redis.call('HDEL', bucket.key, 'reason')
      end
    end
  elseif verdict == 'throttled' then
    close_circuit()
    -- `Retry-After: 0` is no time to wait: a job that gets it each time would be sent without end.
    if asked > 0 then
      pause(bucket, asked, 'rate-limited')
    else
      pause_once('throttles', 1000, 60000, 'rate-limited')
    end
  elseif verdict == 'refused' then
    close_circuit()
    pause_once('refusals', 15000, 600000, 'credentials-refused')
  elseif verdict == 'denied' then
    close_circuit()
    pause_once('denials', 15000, 600000, 'permission-missing')
    bucket.denials = math.max(1, bucket.denials)
  elseif verdict == 'unavailable' and is_first_report() then
    bucket.failures = redis.call('HINCRBY', bucket.key, 'failures', 1)
    if was_probe then
      bucket.tried = lane
      redis.call('HSET', bucket.key, 'tried', lane)
    end
    -- Other requests that fail while the probe is under way were sent before the circuit opened.
    if bucket.failures >= CIRCUIT_THRESHOLD and bucket.probe_until <= now then
      pause_once('openings', 1000, 60000, 'circuit-open')
    end
  end
end

-- The run whose request may be under way, whether the job has ended, and the ledger's entry.
local function ledger_state()
  local entry = ledger_entry(job)
  local running = entry and tonumber(string.match(entry, '^running ([^ ]+)') or '')
  local has_ended = entry and not running and string.sub(entry, 1, 5) ~= 'again'
  return running, has_ended, entry
end

-- For how long a job that failed is still tried again, ms. The time begins with its first failed
-- attempt.
local function time_left()
  local hash = hash_of(job)
  if not retry_for or not arrival_of(job) then
    return -1
  end
  local since = tonumber(redis.call('HGET', hash, FAILING_SINCE) or '')
  if not since or since > now then
    since = now - elapsed
    redis.call('HSET', hash, FAILING_SINCE, ms(since))
  end
  return math.max(0, math.ceil(since + retry_for - now))
end

-- The head keeps its turn. After a 429 it gets a reservation behind the pause, so that it comes
-- back once, and with a token. The ledger keeps that an earlier run may have delivered the job.
-- @return wait in ms, and 1 when a script will wake the job
local function reschedule()
  local pausing = verdict == 'throttled' or verdict == 'refused'
  local running, has_ended, entry = ledger_state()
  local is_superseded = has_ended or (running and running > run)
  if is_superseded or first_in(lane) ~= job then
    return pausing and math.max(delay, math.ceil(bucket.paused_until - now)) or delay, 0
  end
  if not running or running == run then
    local due = pausing and '' or ' ' .. ms(now + delay)
    local mark = (may_be_done or is_suspect(entry)) and ' unknown' or ''
    redis.call('SET', ledger_key(job), 'again' .. due .. mark, 'PX', ledger_life)
    running = nil
  end
  remove_lane(bucket, lane)
  if not pausing then
    redis.call('ZADD', bucket.busy, ms(now + (running and delay or math.min(delay, CHECK_AFTER))), lane)
    return delay, 0
  end
  local moment = next_reservation(bucket)
  if may_reserve(bucket, moment) then
    reserve(bucket, lane, moment)
    return math.ceil(moment - now), 0
  end
  enqueue_lane(bucket, lane, job, arrival_of(job) or now)
  return 0, 1
end

-- A job ends once: the first ending counts, and is reported. A later run that delivered the job
-- still writes `sent`, so that no worker ever sends the job again.
-- @return the existing outcome; '' when the ending given counts
local function end_job()
  local running, has_ended, entry = ledger_state()
  local is_delivered = string.sub(ending, 1, 4) == 'sent'
  local existing = has_ended and entry ~= ending and entry or ''
  if not is_delivered and running and running > run then
    return 'running'
  end
  if not is_delivered and existing ~= '' then
    return existing
  end
  redis.call('SET', ledger_key(job), ending, 'PX', ledger_life)
  index_end(tenant, job)
  if expires then
    redis.call('ZREM', prefix .. 'expiring', job)
  end
  local was_head = first_in(lane) == job
  if on_failure == 'halt' and string.sub(ending, 1, 6) == 'failed' and sequence_in(lane, job) then
    -- The job stays in its lane: nothing behind it is sent until an operator decides.
    redis.call('HSET', prefix .. 'halted', job, lane)
    if was_head then
      remove_lane(bucket, lane)
    end
    return existing
  end
  if leave_lane(lane, job) and was_head then
    advance(bucket, lane, job, wakes)
  end
  return existing
end

redis.call('ZREM', bucket.sending, lane)
judge_bucket()
local wait_ms, parked, existing, left = 0, 0, '', -1
if ending == 'again' then
  left = time_left()
  if left >= 0 then
    -- The last attempt is due when the time is over, or later if Genesys Cloud asks for it.
    delay = math.max(math.min(delay, math.max(left, 1)), asked)
  end
  wait_ms, parked = reschedule()
else
  existing = end_job()
end
serve_waiting(bucket, wakes)
return { wait_ms, parked, wakes, existing, bucket.failures >= CIRCUIT_THRESHOLD and 1 or 0, left }
