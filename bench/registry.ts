import { audit } from './audit.ts';
import type { Benchmark } from './benchmark.ts';
import { callbacks } from './callbacks.ts';
import { cluster } from './cluster.ts';
import { enqueue } from './enqueue.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { noisyNeighbour } from './noisy-neighbour.ts';
import { order } from './order.ts';
import { profile } from './profile.ts';
import { recovery } from './recovery.ts';
import { restart } from './restart.ts';
import { sizes } from './sizes.ts';
import { throughput } from './throughput.ts';
import { utilisation } from './utilisation.ts';

/** All benchmarks, in the order of their run. */
export const BENCHMARKS: readonly Benchmark[] = [
  throughput,
  latency,
  enqueue,
  ingest,
  callbacks,
  noisyNeighbour,
  utilisation,
  order,
  recovery,
  growth,
  restart,
  memory,
  sizes,
  cluster,
  audit,
  profile,
];
