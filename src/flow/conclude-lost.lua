-- Conclude a lost job: another program removed it, or BullMQ ended it. The ledger learns that the
-- job will not be sent. The entry stays as it is when a producer has enqueued the job once more, or
-- when the job had ended before.
--
-- ARGV   [1] [2] see state.lua   [3] job   [4] tenant   [5] its note in the list of lost jobs
--        [6] life of a ledger entry, ms
-- reply  none
-- cost   O(lost)
local job, note, life = ARGV[3], ARGV[5], ARGV[6]
local entry = ledger_entry(job) or 'again'
local word = string.match(entry, '^%a+')

redis.call('LREM', prefix .. 'lost', 1, note)
if not arrival_of(job) and (word == 'again' or word == 'running') then
  redis.call('SET', ledger_key(job), 'removed {}', 'PX', life)
end
