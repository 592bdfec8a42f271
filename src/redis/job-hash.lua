-- BullMQ's hash of a job, by its key. Flow control and endpoints share these functions.

-- Fields of the hash. They are empty where the key holds another type: an error here would stop
-- every script that meets the job.
local function fields_in(hash, ...)
  local reply = redis.pcall('HMGET', hash, ...)
  return reply.err and {} or reply
end

local NOTES = 'gwm:notes' -- field of the hash: what happened to the job besides its attempts

-- Removes what we noted for the runs of the job from the hash, and BullMQ's count of stalls. The notes for
-- people stay.
local function forget_past_in(hash)
  local names = redis.pcall('HKEYS', hash)
  for _, name in ipairs(names.err and {} or names) do
    if name == 'stc' or string.sub(name, 1, 4) == 'gwm:' and name ~= NOTES then
      redis.call('HDEL', hash, name)
    end
  end
end

-- When BullMQ accepted the job, ms; nil when it does not have it, or has ended it.
local function arrival_in(hash)
  local state = fields_in(hash, 'timestamp', 'finishedOn')
  return not state[2] and tonumber(state[1] or '') or nil
end
