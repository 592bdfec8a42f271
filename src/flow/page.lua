-- A page of the index of a tenant's jobs. It changes nothing.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] 'waiting', 'ended' or '' for both
--        [5] [6] from and to which moment of acceptance, ms, or '-inf' and '+inf'
--        [7] [8] moment and job behind which the page begins, or ''   [9] jobs at most
--        [10] 'newest' or 'oldest' first
-- reply  moment and job of each, in order
-- cost   O(log jobs + jobs of the page), one or two commands, and one more for each page of jobs with
--        the moment of the cursor
local key, which, limit = index_key(ARGV[3]), ARGV[4], tonumber(ARGV[9])
local from, to = tonumber(ARGV[5]) or -math.huge, tonumber(ARGV[6]) or math.huge
local after, after_job = tonumber(ARGV[7]), ARGV[8]
local newest = ARGV[10] == 'newest'

local function text(number)
  if number == math.huge or number == -math.huge then
    return number > 0 and '+inf' or '-inf'
  end
  return string.format('%.17g', number)
end

-- Whether the page may have the entry: the cursor is before it.
local function is_behind_cursor(moment, job)
  if not after or moment ~= after then
    return true
  end
  if newest then
    return job < after_job
  end
  return job > after_job
end

-- Entries with a score from low to high, as moments: `shift` is added to each score.
local function take(low, high, shift)
  local entries, offset = {}, 0
  if after and newest then
    high = math.min(high, after - shift)
  elseif after then
    low = math.max(low, after - shift)
  end
  if low > high then
    return entries
  end
  while true do
    local range
    if newest then
      range = redis.call('ZREVRANGEBYSCORE', key, text(high), text(low), 'WITHSCORES', 'LIMIT', offset, limit)
    else
      range = redis.call('ZRANGEBYSCORE', key, text(low), text(high), 'WITHSCORES', 'LIMIT', offset, limit)
    end
    for at = 1, #range, 2 do
      local moment = tonumber(range[at + 1]) + shift
      if is_behind_cursor(moment, range[at]) and #entries < limit then
        entries[#entries + 1] = { moment, range[at] }
      end
    end
    offset = offset + limit
    if #entries >= limit or #range < 2 * limit then
      return entries
    end
  end
end

local function comes_first(one, other)
  if newest then
    one, other = other, one
  end
  if one[1] == other[1] then
    return one[2] < other[2]
  end
  return one[1] < other[1]
end

local entries = {}
local function add(more)
  for _, entry in ipairs(more) do
    entries[#entries + 1] = entry
  end
end
if which ~= 'ended' then
  add(take(math.max(from, 0), to, 0))
end
if which ~= 'waiting' then
  add(take(math.max(from, 0) - ENDED, math.min(to - ENDED, -TICK), ENDED))
end
table.sort(entries, comes_first)

local reply = {}
for at = 1, math.min(limit, #entries) do
  reply[#reply + 1], reply[#reply + 2] = text(entries[at][1]), entries[at][2]
end
return reply
