-- Conclude a job that was ended or removed behind our back: the ledger learns that it will not be sent. Not so one that was
-- handed over once more meanwhile, or that the ledger knows to have ended.
--
-- ARGV   [1] [2] see bucket.lua   [3] job   [4] tenant   [5] the note in the list of what was lost   [6] life of a ledger
--        entry, ms
-- reply  none
-- cost   O(lost)
local job, note, life = ARGV[3], ARGV[5], ARGV[6]
local entry = ledger_entry(job) or 'again'
local word = string.match(entry, '^%a+')

redis.call('LREM', prefix .. 'lost', 1, note)
if not arrival_of(job) and (word == 'again' or word == 'running') then
  redis.call('SET', ledger_key(job), 'removed {}', 'PX', life)
end
