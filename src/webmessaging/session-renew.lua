-- Renew: the run that has the lease gives the conversation another session in place of one that is
-- over. The pace goes on: it belongs to the conversation.
--
-- ARGV   [1] to [3] see session.lua   [4] the encrypted token of the new session
-- reply  1 when the run has the lease; 0 when nothing was written
-- cost   four commands
if not has_lease() then
  return 0
end
redis.call('HSET', key, 'token', ARGV[4])
redis.call('HDEL', key, 'known', 'closed', 'last')
return 1
