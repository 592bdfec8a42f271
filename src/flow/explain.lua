-- Explain why a job waits. It changes nothing.
--
-- ARGV   [1] [2] see state.lua   [3] job   [4] tenant   [5] lane
-- reply  {now, ledger's entry, sequence, head of the lane, its sequence, 1 when it halts the lane,
--         1 when the bucket is configured, paused until, reason of the pause, 1 when the lane may try
--         now, its reservation, lanes before it in the wait queue, lanes of the wait queue,
--         1 below the concurrency limit, requests under way, the concurrency limit, the partition with the
--         older jobs while the bucket is held, `sendAt` of the head and of the job if it is to come, end of
--         the quiet hours that the head has then}; texts, '' for what there is not. From the seventh on it is
--         the bucket of the head, whose turn the lane waits for
-- cost   O(log lanes), about ten commands
local job, tenant, lane = ARGV[3], ARGV[4], ARGV[5]

local function flag(condition)
  return condition and '1' or ''
end

local function moment(value)
  return value and value > 0 and ms(value) or ''
end

local function sequence_text(of)
  local sequence = of and sequence_in(lane, of)
  return sequence and string.format('%d', sequence) or ''
end

local head = first_in(lane)
local bucket = open_bucket(tenant, kind_of(head or job).class)
local before = redis.call('ZRANK', bucket.waiting, lane)
local is_below = is_below_limit(bucket)
local subject = head or job
local _, head_at = arrival_of(subject)
local _, own_at = arrival_of(job)
local quiet_end = quiet_end_of(bucket, tenant, kind_of(subject).class, string.sub(subject, 2, 2) == '!', head_at or now)
return {
  ms(now),
  ledger_entry(job) or '',
  sequence_text(job),
  head or '',
  sequence_text(head),
  flag(head and redis.call('HEXISTS', prefix .. 'halted', head) == 1),
  flag(bucket.interval),
  moment(bucket.paused_until),
  bucket.reason or '',
  flag(may_try(bucket, lane)),
  redis.call('ZSCORE', bucket.reserved, lane) or '',
  before and tostring(before) or '',
  tostring(redis.call('ZCARD', bucket.waiting)),
  flag(is_below),
  tostring(under_way(bucket)),
  bucket.in_flight < math.huge and tostring(bucket.in_flight) or '',
  bucket.held or '',
  moment(head_at),
  moment(own_at),
  moment(quiet_end),
}
