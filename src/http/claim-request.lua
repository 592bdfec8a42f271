--[[
Claims an idempotency key for a request. A key whose job Redis has needs no claim: the ledger answers
for it.

  ARGV[1]  key of the claim
  ARGV[2]  name of the request
  ARGV[3]  milliseconds after which the claim ends by itself
  ARGV[4]  key of the job in its queue
  ARGV[5]  key of the job in the ledger

Reply: 1 when the request may go on, 0 while another request has the claim. A second run of the same
request is harmless. Cost: O(1).
]]
if redis.call('EXISTS', ARGV[4], ARGV[5]) > 0 then
  return 1
end
if redis.call('SET', ARGV[1], ARGV[2], 'NX', 'PX', ARGV[3]) then
  return 1
end
return redis.call('GET', ARGV[1]) == ARGV[2] and 1 or 0
