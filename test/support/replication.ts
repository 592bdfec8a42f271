/**
 * Whether the one replica of a master has all of its data.
 * @param replication what INFO of the master says
 */
export function isInStep(replication: string): boolean {
  const [, own] = /^master_repl_offset:(\d+)/m.exec(replication) ?? [];
  const [, ofReplica] = /^slave0:.*state=online,offset=(\d+)/m.exec(replication) ?? [];
  return own !== undefined && own === ofReplica;
}
