-- Wake jobs whose time is over, wherever they stand: behind others, in a line, with a slot behind a pause, before their next
-- attempt. The worker that takes one asks for its admission, is told that it has expired, and ends it.
--
-- `expiring` has the jobs that expire, by that moment. A job stays there until it has ended: one that a worker has in its
-- hands cannot be woken, and who should wake it may die. It is woken again after ten seconds, and twice as long each time,
-- since its tenant may have got another `maxAge` meanwhile; how often it was stands behind the point of its score,
-- in sixteenths. Any replica may call this at any time.
--
-- ARGV   [1] [2] see bucket.lua   [3] jobs at most
-- reply  {jobs looked at, wakes}
-- cost   O(jobs × log jobs that expire), three commands each
local MOST_TIMES = 15
local key = prefix .. 'expiring'
local wakes = {}
local due = redis.call('ZRANGEBYSCORE', key, '-inf', ms(now), 'WITHSCORES', 'LIMIT', 0, ARGV[3])

for at = 1, #due, 2 do
  local job, score = due[at], tonumber(due[at + 1])
  if arrival_of(job) then
    local times = math.floor((score - math.floor(score)) * 16 + 0.5)
    wake(wakes, job, 0)
    local again_at = math.floor(now) + LOOK_AFTER * 2 ^ times + math.min(times + 1, MOST_TIMES) / 16
    redis.call('ZADD', key, string.format('%.4f', again_at), job)
  else
    redis.call('ZREM', key, job)
  end
end
return { #due / 2, wakes }
