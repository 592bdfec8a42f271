-- Settle one run: what the answer means for the bucket, and how the job goes on.
--
-- ARGV   [1] [2] see bucket.lua   [3] job   [4] tenant   [5] lane
--        [6] ending: 'again', 'again unknown' when the request may have been carried out all the same, or the ledger's entry for a job that has ended, 'sent …', 'failed …', 'expired'
--        [7] when it comes again, ms from now
--        [8] verdict on the bucket: '', 'ok', 'answered', 'unavailable', 'throttled', 'refused', 'denied'
--        [9] wait asked for by the other side, ms; -1 when it did not say
--        [10] life of a ledger entry, ms   [11] 'halt' or 'skip' the lane after a failure
--        [12] how many more requests the other side would take now; -1 when it did not say   [13] run
--        [14] 1 or 0: the job is one that expires   [15] for how long a job that fails is tried again, ms, or '' when this is
--        no failed attempt   [16] how long ago the attempt began, ms
-- reply  {wait in ms, parked, wakes, stands, down, left}: when it comes again; parked is 1 when somebody will wake it; stands
--        is how the job ended, when another run had ended it before, 'running' when a later one has it in its hands
--        and will end it, and '' when the ending is the one that was given; down is 1 while the circuit is open; left is
--        for how long it is tried again, ms, 0 when that time is over, -1 where it was not asked for
-- cost   O(log lane), about eight commands, one more for a job that expires, three for a failed attempt, and four for each
--        lane that is given a slot
local job, tenant, lane, ending, delay = ARGV[3], ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])
local verdict, asked, ledger_life, on_failure = ARGV[8], tonumber(ARGV[9]), ARGV[10], ARGV[11]
local run = tonumber(ARGV[13])
local expires, retry_for, elapsed = ARGV[14] == '1', tonumber(ARGV[15]), tonumber(ARGV[16])
local bucket = open_bucket(tenant, kind_of(job).class)
local wakes = {}
local HEARD_LIFE = 60000 -- longer than a client tries to send a command again, ms
local may_be_done = ending == 'again unknown'
if may_be_done then
  ending = 'again'
end

local function growing(base, ceiling, count)
  return math.min(ceiling, base * 2 ^ math.min(count - 1, 20))
end

-- A pause that grows with each repetition. What else comes back during a pause was sent before it, and says
-- nothing new.
local function pause_once(counter, base, ceiling, reason)
  if bucket.paused_until <= now then
    local count = redis.call('HINCRBY', bucket.key, counter, 1)
    pause(bucket, math.max(asked, growing(base, ceiling, count)), reason)
  end
end

-- An answer came, whatever it says: the circuit is closed, if it was open.
local function close_circuit()
  redis.call('HDEL', bucket.key, 'failures', 'openings', 'probe', 'probe_until', 'tried')
  bucket.failures, bucket.tried = 0, nil
end

-- What was asked for was done: the tenant has the permission.
local function end_denial()
  redis.call('HDEL', bucket.key, 'denials')
  bucket.denials = 0
end

-- A command whose reply was lost is sent again: what it says of the bucket counts once.
local function is_news()
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
    learn(bucket, tonumber(ARGV[12]))
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
    -- "At once" is no time to wait: who is told so again and again would ask without end.
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
  elseif verdict == 'unavailable' and is_news() then
    bucket.failures = redis.call('HINCRBY', bucket.key, 'failures', 1)
    if was_probe then
      bucket.tried = lane
      redis.call('HSET', bucket.key, 'tried', lane)
    end
    -- What fails while the probe is under way was sent before: it says nothing new.
    if bucket.failures >= CIRCUIT_THRESHOLD and bucket.probe_until <= now then
      pause_once('openings', 1000, 60000, 'circuit-open')
    end
  end
end

-- What the ledger knows of the job: the run whose request may be under way, or that it has ended.
local function ledger_state()
  local entry = ledger_entry(job)
  local running = entry and tonumber(string.match(entry, '^running ([^ ]+)') or '')
  local has_ended = entry and not running and string.sub(entry, 1, 5) ~= 'again'
  return running, has_ended, entry
end

-- For how long a job that has failed is tried again, ms.
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

-- The job keeps its turn, if it has it. After a pause it has a slot of its own, so that it comes back once and not to
-- ask. What an earlier run may have sent stays in the ledger.
local function come_again()
  local pausing = verdict == 'throttled' or verdict == 'refused'
  local running, has_ended, entry = ledger_state()
  local is_superseded = has_ended or (running and running > run)
  if is_superseded or redis.call('ZRANGE', lane_key(lane), 0, 0)[1] ~= job then
    return pausing and math.max(delay, math.ceil(bucket.paused_until - now)) or delay, 0
  end
  if not running or running == run then
    local due = pausing and '' or ' ' .. ms(now + delay)
    local mark = (may_be_done or is_suspect(entry)) and ' unknown' or ''
    redis.call('SET', ledger_key(job), 'again' .. due .. mark, 'PX', ledger_life)
    running = nil
  end
  withdraw(bucket, lane)
  if not pausing then
    redis.call('ZADD', bucket.busy, ms(now + (running and delay or math.min(delay, LOOK_AFTER))), lane)
    return delay, 0
  end
  local slot = next_slot(bucket)
  if is_near(bucket, slot) then
    redis.call('ZADD', bucket.slots, ms(slot), lane)
    return math.ceil(slot - now), 0
  end
  stand_in_line(bucket, lane, job, arrival_of(job) or now)
  return 0, 1
end

-- A job ends once: the first ending is told, whoever comes later. What was delivered is written down all the same, so
-- that it is never sent again.
-- @return how it ended, where that is not the ending given
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
  if expires then
    redis.call('ZREM', prefix .. 'expiring', job)
  end
  local key = lane_key(lane)
  local was_head = redis.call('ZRANGE', key, 0, 0)[1] == job
  if on_failure == 'halt' and string.sub(ending, 1, 6) == 'failed' and redis.call('ZSCORE', key, job) then
    -- When its turn has come, the lane waits for a person: nothing behind this job is sent.
    redis.call('HSET', prefix .. 'halted', job, lane)
    if was_head then
      withdraw(bucket, lane)
    end
    return existing
  end
  if redis.call('ZREM', key, job) == 1 and was_head then
    advance(bucket, lane, wakes)
  end
  return existing
end

redis.call('ZREM', bucket.sending, lane)
judge_bucket()
local wait_ms, parked, existing, left = 0, 0, '', -1
if ending == 'again' then
  left = time_left()
  if left >= 0 then
    -- The last attempt is made when the time is over, or when the other side wants it.
    delay = math.max(math.min(delay, math.max(left, 1)), asked)
  end
  wait_ms, parked = come_again()
else
  existing = end_job()
end
refill(bucket, wakes)
return { wait_ms, parked, wakes, existing, bucket.failures >= CIRCUIT_THRESHOLD and 1 or 0, left }
