-- A batch of acts of workers on jobs, in the order in which they came: admissions (admit.lua) and conclusions
-- (conclude.lua). What they share, such as the clock and the state of a bucket, is read once.
--
-- ARGV   [1] [2] see state.lua
--        [3] after this time, ms, a request of a dead worker is certainly over (FlowOptions.requestMs)
--        [4] life of a ledger entry, ms
--        then the acts, each with its kind in front: 'admit' and nine fields, or 'conclude' and fifteen
-- reply  that of each act; {'failed', error} in the place of one that failed. The others are done
-- cost   that of each act, less what they share
local request_ms, ledger_life = tonumber(ARGV[3]), ARGV[4]
local acts, replies = {}, {}

local function read_admit(at)
  return {
    perform = admit, wakes = {}, request_ms = request_ms, ledger_life = ledger_life,
    job = ARGV[at], tenant = ARGV[at + 1], lane = ARGV[at + 2], run = ARGV[at + 3],
    expires_at = tonumber(ARGV[at + 4]), on_unknown = ARGV[at + 5],
    is_ready = ARGV[at + 6] == 'ready', retry_for = tonumber(ARGV[at + 7]), send_at = tonumber(ARGV[at + 8]),
  }
end

local function read_conclude(at)
  return {
    perform = conclude, wakes = {}, ledger_life = ledger_life,
    job = ARGV[at], tenant = ARGV[at + 1], lane = ARGV[at + 2], run = tonumber(ARGV[at + 3]),
    ending = ARGV[at + 4], delay = tonumber(ARGV[at + 5]), verdict = ARGV[at + 6],
    asked = tonumber(ARGV[at + 7]), on_failure = ARGV[at + 8], said = ARGV[at + 9],
    expires = ARGV[at + 10] == '1', retry_for = tonumber(ARGV[at + 11]), elapsed = tonumber(ARGV[at + 12]),
    record = ARGV[at + 13], failure = ARGV[at + 14],
  }
end

local at = 5
while at <= #ARGV do
  if ARGV[at] == 'admit' then
    acts[#acts + 1] = read_admit(at + 1)
    at = at + 10
  else
    acts[#acts + 1] = read_conclude(at + 1)
    at = at + 16
  end
end
for _, act in ipairs(acts) do
  if act.perform == conclude then
    pcall(end_request_of, act)
  end
end
for index, act in ipairs(acts) do
  local is_done, reply = pcall(act.perform, act)
  if not is_done then
    forget_buckets()
    reply = { 'failed', type(reply) == 'table' and reply.err or reply }
  end
  replies[index] = reply
end
return replies
