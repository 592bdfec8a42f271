-- Counts of accepted jobs, for accept.lua. Needs the table SPANS of spans.ts, and `now` and `prefix`
-- of state.lua.
--
-- cost   one command for each span, and two more when a hash is new

local function count_accepted(tenant, kind_code, jobs)
  for _, span in ipairs(SPANS) do
    local slot = string.format('%s%d', span[1], math.floor(now / span[2]))
    local key = prefix .. 'counts:' .. tenant .. ':' .. kind_code .. ':' .. slot
    -- A key that another program changed must not refuse the jobs. Only the first count of this field
    -- can be in a new hash.
    if redis.pcall('HINCRBY', key, 'accepted', jobs) == jobs and redis.call('PTTL', key) < 0 then
      redis.call('PEXPIRE', key, span[3])
    end
  end
end
