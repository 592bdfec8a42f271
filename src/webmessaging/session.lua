-- Shared by all scripts named session-*.lua: the session of a conversation on the guest channel.
--
-- The token of a session is a secret that we choose once. Who has it is the guest. Every replica
-- resumes the session with the same token, one at a time: the lease names the run that sends now.
-- A lease ends by itself at the end of the attempt, so a dead worker holds nothing for longer.
--
--            enter: absent                  enter               note with release, or its time is over
--   (none) ────────────────► token stored ────────► LEASED ──────────────────────────────► free
--                                 ▲                  │  ▲
--                                 └── renew ─────────┘  └── note: answered, paused, known, closed
--
-- Fields of the hash:
--   token         the token, encrypted by the worker
--   owner         the run that has the lease; lease_until: when it ends, ms
--   sent          when the last messages reached the channel at the latest, ms, oldest first
--   typed_at      when the last typing event left
--   paused_until  when the session may send again, after an answer about its rate
--   halvings      how often such answers have halved its pace; slowed_at: when the last pause ends, ms
--   known         1 once the channel has configured the session
--   closed        1 once the channel takes no more messages of the session
--   last          id of the last message that the channel accepted
--
-- The time of a message is that of its echo, not that of its departure: between the two the server
-- counts it. So the next message cannot be too early for the server, however long either took.
--
-- ARGV[1]  present time in ms, or '' for the clock of Redis; only tests give a time
-- ARGV[2]  key of the session   ARGV[3]  the run
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local key, run = ARGV[2], ARGV[3]

local function ms(moment)
  return string.format('%.3f', moment)
end

local function number_of(field)
  return tonumber(redis.call('HGET', key, field) or '') or 0
end

local function has_lease()
  return redis.call('HGET', key, 'owner') == run and number_of('lease_until') > now
end

-- Times of a list in a field, without those that a window has left behind.
local function recent_sends(window)
  local times = {}
  for time in string.gmatch(redis.call('HGET', key, 'sent') or '', '%S+') do
    if tonumber(time) > now - window then
      times[#times + 1] = time
    end
  end
  return times
end

-- The channel says that a session is too fast, and not which of its limits was reached. So the pace
-- is tried: each such answer halves it, down to an eighth of the setting, and each minute without
-- one doubles it again.
local MOST_HALVINGS, RECOVERY_MS = 3, 60000

local function halvings()
  local minutes = math.floor((now - number_of('slowed_at')) / RECOVERY_MS)
  return math.max(0, number_of('halvings') - math.max(0, minutes))
end

local function slow_down(pause_ms)
  local more = math.min(MOST_HALVINGS, halvings() + 1)
  redis.call('HSET', key, 'halvings', more, 'slowed_at', ms(now + pause_ms))
end

-- The limit at the present pace: fewer messages in a window, and a longer window for the last one.
local function at_pace(most, window)
  local part = 2 ^ halvings()
  local fewer = math.max(1, math.floor(most / part))
  return fewer, window * part * fewer / most
end

local function keep_for(life)
  if redis.call('PTTL', key) < life then
    redis.call('PEXPIRE', key, life)
  end
end
