-- Wake jobs whose time is over, wherever they wait. The worker that takes such a job asks for its
-- admission, gets the verdict `expired`, and ends the job. Any replica may run this at any time.
--
-- `expiring` has the jobs that expire → the moment at which they do. A job stays there until it has
-- ended: a job that a worker runs cannot be woken, and that worker may die. So it is woken again
-- after ten seconds, and after twice as long each further time. Its tenant may have got another
-- `maxAge` meanwhile, and the job then does not expire yet. The fraction of the score counts how
-- often the job was woken, in sixteenths.
--
-- ARGV   [1] [2] see state.lua   [3] jobs at most
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
    local again_at = math.floor(now) + CHECK_AFTER * 2 ^ times + math.min(times + 1, MOST_TIMES) / 16
    redis.call('ZADD', key, string.format('%.4f', again_at), job)
  else
    redis.call('ZREM', key, job)
  end
end
return { #due / 2, wakes }
