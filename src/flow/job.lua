-- A job, as the scripts name it, and what Redis holds about it. Needs state.lua, and job-hash.lua and
-- bullmq-promote.lua of src/redis.
--
-- A job is written `m-<id>`: its kind code, '!' when it is urgent or '-', and its id. KINDS has the
-- queue and the bucket class of each kind code.
--
-- BullMQ holds the hash of the job. The ledger holds what is known of its request:
--
--   running <run> <moment> [unknown]   a request may be under way since the moment
--   again [moment] [unknown]           the next attempt is due at the moment
--   sent | failed | expired | cancelled | removed …   the job has ended
--
-- `unknown` at the end says that an earlier attempt may have been delivered.

local SEND_AT = 'sendAt' -- field of the hash: no worker sends the job before this moment, ms
local URGENT = 2 ^ 50 -- more than any time in ms
local FAILING_SINCE = 'gwm:since' -- field of the hash: when the first attempt that failed began, ms

local function kind_of(job)
  return KINDS[string.sub(job, 1, 1)]
end

local function id_of(job)
  return string.sub(job, 3)
end

-- BullMQ's hash of the job.
local function hash_of(job)
  return prefix .. kind_of(job).queue .. ':' .. id_of(job)
end

local LEDGER_WORDS =
  { running = true, again = true, sent = true, failed = true, expired = true, cancelled = true, removed = true }

local function ledger_key(job)
  return prefix .. 'ledger:' .. string.sub(job, 1, 1) .. id_of(job)
end

-- The ledger's entry of the job, or nil. An entry that cannot be read counts as an attempt that may
-- have been delivered.
local function ledger_entry(job)
  local entry = redis.pcall('GET', ledger_key(job))
  if not entry then
    return nil
  end
  local word = type(entry) == 'string' and string.match(entry, '^%a+') or ''
  if word == 'running' and not string.find(entry, '^running %d+ %d+') then
    return 'again unknown'
  end
  return LEDGER_WORDS[word] and entry or 'again unknown'
end

-- Whether an earlier attempt with an unknown outcome may have been delivered.
local function is_suspect(entry)
  return entry and string.sub(entry, -8) == ' unknown'
end

-- See wake_job of bullmq-promote.lua. recheck.lua looks at a job that a worker has parked meanwhile.
local function wake(wakes, job, delay)
  wake_job(wakes, prefix, kind_of(job).queue, id_of(job), delay)
end

local function fields_of(job, ...)
  return fields_in(hash_of(job), ...)
end

-- When BullMQ accepted the job, ms; nil when it does not have it, or has ended it. A scheduled job counts as
-- accepted at its `sendAt`, which is the second value while it is still to come.
local function arrival_of(job)
  local state = fields_of(job, 'timestamp', 'finishedOn', SEND_AT)
  local arrival = not state[2] and tonumber(state[1] or '') or nil
  local send_at = arrival and tonumber(state[3] or '')
  if not send_at then
    return arrival
  end
  return math.max(arrival, send_at), send_at > now and send_at or nil
end

-- The rank of a job among those that wait: urgent ones first, then the oldest.
local function rank_of(job, arrival)
  return string.sub(job, 2, 2) == '!' and arrival - URGENT or arrival
end

-- Notes when the job expires. expire.lua wakes it at that moment, wherever it waits.
local function expect_expiry(job, expires_at)
  if expires_at then
    redis.call('ZADD', prefix .. 'expiring', math.ceil(expires_at), job)
  end
end

local NOTES_KEPT = 20
local NOTE = '^([^,]*),(%d+),(%d+),%d*,%d*$'

-- Notes in the hash of a job what happened to it besides its attempts. notes.ts has the words. The same
-- word again makes no new note: it counts. Two commands, and only for a job that is not delivered at once.
--
-- @param moment until when the job is put off, ms; nil when a script wakes it
local function note_event(job, word, moment)
  local state = fields_of(job, 'timestamp', NOTES)
  if not state[1] then
    return
  end
  local at = string.format('%d', now)
  local notes = {}
  for note in string.gmatch(state[2] or '', '[^;]+') do
    notes[#notes + 1] = note
  end
  local known, first, times = string.match(notes[#notes] or '', NOTE)
  if known == word then
    table.remove(notes)
  else
    first, times = at, 0
  end
  local until_text = moment and string.format('%d', moment) or ''
  notes[#notes + 1] = table.concat({ word, first, string.format('%d', times + 1), at, until_text }, ',')
  if #notes > NOTES_KEPT then
    table.remove(notes, 1)
  end
  redis.call('HSET', hash_of(job), NOTES, table.concat(notes, ';'))
end

-- A reason as a word of a note: an operator may have written it.
local function note_word(reason)
  return string.sub(string.gsub(reason, '[^%w_-]', '-'), 1, 60)
end
