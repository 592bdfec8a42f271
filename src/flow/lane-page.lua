-- A page of the jobs of a lane, by sequence number. It changes nothing.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] lane   [5] [6] from and to which moment of acceptance, ms,
--        or '-inf' and '+inf'   [7] sequence number behind which the page begins, or ''
--        [8] jobs at most   [9] 'newest' or 'oldest' first
-- reply  {jobs looked at, sequence number and job of the last of them, then sequence number and job of each
--        with such a moment, in order}
-- cost   O(log lane + jobs of the page × log jobs of the tenant), three commands
local tenant, key = ARGV[3], lane_key(ARGV[4])
local from, to = tonumber(ARGV[5]) or -math.huge, tonumber(ARGV[6]) or math.huge
local after, limit, newest = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9] == 'newest'

-- Jobs behind the cursor, of those that wait or of those that have ended: `shift` is what a score lacks
-- to a sequence number.
local function take(entries, lowest, highest, shift)
  local range
  if newest then
    local high = after and '(' .. ms(after - shift) or highest
    range = redis.call('ZREVRANGEBYSCORE', key, high, lowest, 'WITHSCORES', 'LIMIT', 0, limit)
  else
    local low = after and '(' .. ms(after - shift) or lowest
    range = redis.call('ZRANGEBYSCORE', key, low, highest, 'WITHSCORES', 'LIMIT', 0, limit)
  end
  for at = 1, #range, 2 do
    entries[#entries + 1] = { sequence = tonumber(range[at + 1]) + shift, job = range[at] }
  end
end

local function comes_first(one, other)
  if newest then
    return one.sequence > other.sequence
  end
  return one.sequence < other.sequence
end

local function jobs_looked_at()
  local entries = {}
  take(entries, '0', '+inf', 0)
  take(entries, '-inf', '(0', ENDED)
  table.sort(entries, comes_first)
  local jobs = {}
  for at = 1, math.min(limit, #entries) do
    jobs[at] = entries[at]
  end
  return jobs
end

-- The moments at which the jobs were accepted, in the same order; false for a job that is not in the
-- index of the tenant, because BullMQ no longer has it.
local function moments_of(jobs)
  local names = {}
  for at, entry in ipairs(jobs) do
    names[at] = entry.job
  end
  return #names > 0 and redis.call('ZMSCORE', index_key(tenant), unpack(names)) or {}
end

local jobs = jobs_looked_at()
local moments = moments_of(jobs)

local function number(sequence)
  return string.format('%d', sequence)
end

local last = jobs[#jobs]
local reply = { #jobs, last and number(last.sequence) or '', last and last.job or '' }
for at, entry in ipairs(jobs) do
  local score = tonumber(moments[at] or '')
  local moment = score and (score < 0 and score + ENDED or score)
  if moment and moment >= from and moment <= to then
    reply[#reply + 1], reply[#reply + 2] = number(entry.sequence), entry.job
  end
end
return reply
