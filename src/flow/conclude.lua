-- Conclude a run: what its answer means for the bucket, and how the job goes on. Either the job has
-- ended and its lane goes on, or it is rescheduled and keeps its turn. For acts.lua.
--
-- An act of this kind has these fields:
--
--   job, tenant, lane
--   run          its number
--   ending       the ledger's entry of a job that has ended, 'sent …', 'failed …', 'expired …'; 'again' to
--                reschedule; 'again unknown' to reschedule a job that may have been delivered all the same
--   delay        when a rescheduled job runs again, ms from now
--   verdict      what the answer says about the bucket:
--                ''            nothing
--                ok            Genesys Cloud did what was asked
--                answered      it answered in another way
--                unavailable   no usable answer: this counts towards the circuit
--                throttled     429
--                refused       the credentials are refused
--                denied        a permission is missing
--   asked        wait that Genesys Cloud asks for, ms; -1 when it did not say
--   ledger_life  life of a ledger entry, ms
--   on_failure   'halt' or 'skip' the lane after a failure
--   said         what the answer says about the rate limit, see note_allowance
--   expires      whether the job is one that expires
--   retry_for    for how long a job that fails is tried again, ms; nil when this is no failed attempt
--   elapsed      how long ago the attempt began, ms
--   record       the audit record of the end, or '': it enters the outbox when the ending given counts
--   failure      code and status of the error of a rescheduled job, `RATE_LIMITED:429`, or ''
--
-- reply  {wait in ms, parked, wakes, existing, down, left, noted}
--        wait      when a rescheduled job runs again
--        parked    1 when a script will wake it
--        existing  the outcome that another run wrote down before; 'running' when a later run has the job
--                  and will end it; the ending given with a mark when it counts, and a later run may have
--                  delivered the job too; '' when the ending given counts
--        down      1 while the circuit is open
--        left      for how long the job is still tried again, ms; 0 when that time is over; -1 when not asked
--        noted     1 when the audit record is in the outbox
-- cost   O(log lane), about nine commands, one more for a job that expires, three for a failed attempt, two for
--        the note of a failure that counts as no attempt, and four for each lane that gets a reservation

local HEARD_LIFE = 60000 -- longer than a client sends the same command again, ms

local function growing(base, ceiling, count)
  return math.min(ceiling, base * 2 ^ math.min(count - 1, 20))
end

-- A pause that grows with each repetition. Answers that come during a pause were sent before it, so
-- they do not count again.
local function pause_once(bucket, asked, counter, base, ceiling, reason)
  if bucket.paused_until <= now then
    local count = redis.call('HINCRBY', bucket.key, counter, 1)
    pause(bucket, math.max(asked, growing(base, ceiling, count)), reason)
  end
end

-- Any answer closes the circuit: Genesys Cloud is there.
local function close_circuit(bucket)
  redis.call('HDEL', bucket.key, 'failures', 'openings', 'probe', 'probe_until', 'tried')
  bucket.failures, bucket.tried, bucket.probe, bucket.probe_until = 0, nil, nil, 0
end

-- A success shows that the tenant has the permission.
local function end_denial(bucket)
  redis.call('HDEL', bucket.key, 'denials')
  bucket.denials = 0
end

-- The client sends a command again when its reply was lost. A failure counts once per run.
local function is_first_report(job, run)
  local heard = prefix .. 'heard:' .. string.sub(job, 1, 1) .. id_of(job) .. ' ' .. run
  return redis.call('SET', heard, '1', 'PX', HEARD_LIFE, 'NX')
end

local function judge_bucket(bucket, act)
  local verdict, lane, asked = act.verdict, act.lane, act.asked
  local was_probe = bucket.probe == lane
  if was_probe then
    redis.call('HDEL', bucket.key, 'probe', 'probe_until')
    bucket.probe, bucket.probe_until = nil, 0
  end
  if verdict == 'ok' or verdict == 'answered' then
    note_allowance(bucket, act.said)
    if bucket.failures > 0 or bucket.denials > 0 or bucket.reason then
      close_circuit(bucket)
      redis.call('HDEL', bucket.key, 'throttles', 'refusals')
      if verdict == 'ok' then
        end_denial(bucket)
      end
      if bucket.paused_until <= now and bucket.denials == 0 then
        redis.call('HDEL', bucket.key, 'reason')
        bucket.reason = nil
      end
    end
  elseif verdict == 'throttled' then
    close_circuit(bucket)
    -- `Retry-After: 0` is no time to wait: a job that gets it each time would be sent without end.
    if asked > 0 then
      pause(bucket, asked, 'rate-limited')
    else
      pause_once(bucket, asked, 'throttles', 1000, 60000, 'rate-limited')
    end
  elseif verdict == 'refused' then
    close_circuit(bucket)
    pause_once(bucket, asked, 'refusals', 15000, 600000, 'credentials-refused')
  elseif verdict == 'denied' then
    close_circuit(bucket)
    pause_once(bucket, asked, 'denials', 15000, 600000, 'permission-missing')
    bucket.denials = math.max(1, bucket.denials)
  elseif verdict == 'unavailable' and is_first_report(act.job, act.run) then
    bucket.failures = redis.call('HINCRBY', bucket.key, 'failures', 1)
    if was_probe then
      bucket.tried = lane
      redis.call('HSET', bucket.key, 'tried', lane)
    end
    -- Other requests that fail while the probe is under way were sent before the circuit opened.
    if bucket.failures >= CIRCUIT_THRESHOLD and bucket.probe_until <= now then
      pause_once(bucket, asked, 'openings', 1000, 60000, 'circuit-open')
    end
  end
end

-- The run whose request may be under way, whether the job has ended, and the ledger's entry.
local function ledger_state(job)
  local entry = ledger_entry(job)
  local running = entry and tonumber(string.match(entry, '^running ([^ ]+)') or '')
  local has_ended = entry and not running and string.sub(entry, 1, 5) ~= 'again'
  return running, has_ended, entry
end

-- For how long a job that failed is still tried again, ms. The time begins with its first failed
-- attempt.
local function time_left(act)
  local hash = hash_of(act.job)
  if not act.retry_for or not arrival_of(act.job) then
    return -1
  end
  local since = tonumber(redis.call('HGET', hash, FAILING_SINCE) or '')
  if not since or since > now then
    since = now - act.elapsed
    redis.call('HSET', hash, FAILING_SINCE, ms(since))
  end
  return math.max(0, math.ceil(since + act.retry_for - now))
end

-- The head keeps its turn. After a 429 it gets a reservation behind the pause, so that it comes
-- back once, and with a token. The ledger keeps that an earlier run may have delivered the job.
-- @return wait in ms, and 1 when a script will wake the job
local function reschedule(bucket, act, delay)
  local job, lane, verdict, run = act.job, act.lane, act.verdict, act.run
  local pausing = verdict == 'throttled' or verdict == 'refused'
  local running, has_ended, entry = ledger_state(job)
  local is_superseded = has_ended or (running and running > run)
  if is_superseded or first_in(lane) ~= job then
    return pausing and math.max(delay, math.ceil(bucket.paused_until - now)) or delay, 0
  end
  act.is_current = true
  if not running or running == run then
    local due = pausing and '' or ' ' .. ms(now + delay)
    local mark = (act.ending == 'again unknown' or is_suspect(entry)) and ' unknown' or ''
    redis.call('SET', ledger_key(job), 'again' .. due .. mark, 'PX', act.ledger_life)
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

-- BullMQ keeps the trace of a failure that counts as an attempt, and none of any other.
local function note_uncounted(bucket, act, delay, left)
  local is_outage = act.verdict == 'unavailable' and bucket.failures >= CIRCUIT_THRESHOLD
  if act.is_current and act.failure ~= '' and (left < 0 or is_outage) then
    note_event(act.job, 'again:' .. act.failure, delay > 0 and now + delay or nil)
  end
end

-- The ending of a delivered job that may be delivered twice, as ledger.ts writes it.
local MARKED = 'sent unknown '

local function marked(ending)
  return string.sub(ending, 1, #MARKED) == MARKED and ending or MARKED .. string.sub(ending, 6)
end

-- A job ends once: the first ending counts, and is reported. A later run that delivered the job
-- still writes `sent`, so that no worker ever sends the job again.
-- @return the existing outcome; '' when the ending given counts
local function end_job(bucket, act)
  local job, lane, ending, run = act.job, act.lane, act.ending, act.run
  local running, has_ended, entry = ledger_state(job)
  local is_delivered = string.sub(ending, 1, 4) == 'sent'
  local existing = has_ended and entry ~= ending and entry or ''
  if not is_delivered and running and running > run then
    return 'running'
  end
  if not is_delivered and existing ~= '' then
    return existing
  end
  if is_delivered and running and running ~= run then
    ending = marked(ending)
    existing = ending
  elseif is_delivered and entry == marked(ending) then
    -- The reply to the first call was lost.
    ending = entry
  end
  redis.call('SET', ledger_key(job), ending, 'PX', act.ledger_life)
  index_end(act.tenant, job)
  if act.expires then
    redis.call('ZREM', prefix .. 'expiring', job)
  end
  local head, second = first_in(lane)
  local was_head = head == job
  if act.on_failure == 'halt' and string.sub(ending, 1, 6) == 'failed' and sequence_in(lane, job) then
    -- The job stays in its lane: nothing behind it is sent until an operator decides.
    redis.call('HSET', prefix .. 'halted', job, lane)
    if was_head then
      remove_lane(bucket, lane)
    end
    return existing
  end
  if leave_lane(lane, job) and was_head then
    advance(bucket, lane, job, second, act.wakes)
  end
  return existing
end

-- The job has ended, whatever becomes of its record. @return whether the outbox has it
local function note_record(record)
  return record ~= '' and type(redis.pcall('XADD', prefix .. 'audit', '*', 'record', record)) == 'string'
end

-- The request of the act is over. A batch calls this for all its acts before one of them counts requests.
local function end_request_of(act)
  end_request(open_bucket(act.tenant, kind_of(act.job).class), act.lane)
end

local function conclude(act)
  local bucket = open_bucket(act.tenant, kind_of(act.job).class)
  judge_bucket(bucket, act)
  local wait_ms, parked, existing, left, noted = 0, 0, '', -1, 0
  if string.sub(act.ending, 1, 5) == 'again' then
    left = time_left(act)
    local delay = act.delay
    if left >= 0 then
      -- The last attempt is due when the time is over, or later if Genesys Cloud asks for it.
      delay = math.max(math.min(delay, math.max(left, 1)), act.asked)
    end
    wait_ms, parked = reschedule(bucket, act, delay)
    note_uncounted(bucket, act, wait_ms, left)
  else
    existing = end_job(bucket, act)
    noted = existing == '' and note_record(act.record) and 1 or 0
  end
  serve_waiting(bucket, act.wakes)
  return { wait_ms, parked, act.wakes, existing, bucket.failures >= CIRCUIT_THRESHOLD and 1 or 0, left, noted }
end
