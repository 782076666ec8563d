import { join } from 'node:path';
import { z } from 'zod';
import type { Instant } from '../shared/time.ts';
import { readJson } from './read-json.ts';

const Slack = z.object({ newest: z.number() });
const Kubernetes = z.object({
  clusters: z.record(z.string(), z.object({ memory: z.object({ steppedAt: z.number() }) })),
});

/** The newest instant that Slack's messages or the clusters' controllers left in the sandbox's folder; `undefined`: none did. */
export function newestRecorded(dataDir: string): Instant | undefined {
  const slack = Slack.safeParse(jsonIn(dataDir, 'slack', 'slack.json'));
  const kubernetes = Kubernetes.safeParse(jsonIn(dataDir, 'kubernetes', 'kubernetes.json'));
  const found = [
    // In microseconds there.
    ...(slack.success && slack.data.newest > 0 ? [Math.ceil(slack.data.newest / 1_000)] : []),
    ...(kubernetes.success
      ? Object.values(kubernetes.data.clusters).map(({ memory }) => memory.steppedAt)
      : []),
  ];
  return found.length === 0 ? undefined : Math.max(...found);
}

function jsonIn(dataDir: string, ...path: readonly string[]): unknown {
  const found = readJson(join(dataDir, ...path));
  return typeof found === 'string' ? undefined : found.json;
}
