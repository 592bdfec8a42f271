-- Adopt lanes that a move has handed over with jobs that wait. Their older jobs are in front of those that were
-- accepted here meanwhile, so each lane has another head.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] ... lanes
-- reply  wakes
-- cost   O(lanes × log lanes), about fifteen commands each
local wakes = {}
for at = 4, #ARGV do
  local lane = ARGV[at]
  for _, class in ipairs(QUIET_CLASSES) do
    remove_lane(open_bucket(ARGV[3], class), lane)
  end
  local job, arrival, send_at = head_of(lane)
  if job then
    reserve_or_wait_elsewhere(lane, job, arrival, send_at, wakes)
  end
end
return wakes
