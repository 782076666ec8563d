import type { BadScope, HoldScope } from '../../src/rollout/hold.ts';
import { longestHoldMs } from '../../src/rollout/hold.ts';
import { editDistance } from '../../src/shared/edit-distance.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import type { Instant } from '../../src/shared/time.ts';
import { untilOf } from './when.ts';

/** What somebody typed, read; or what to tell them instead. */
export type Read<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly say: string };

const variants = ['standard', 'nvidia', 'neuron', 'fips', 'nvidia-fips'];
const architectures = ['x86_64', 'arm64'];
const howToHold = 'For example `/ami hold prod-eu-1 until 2026-12-20 waiting for a GPU driver`.';

/** `prod-eu-1`, `prod-eu-1/gpu`, `pool:gpu`, `variant:nvidia`; a word alone is a cluster, a variant, else a pool. */
export function scopeOf(word: string, clusters: readonly string[]): HoldScope | undefined {
  const [, kind, named] = /^(cluster|pool|variant)[:=](.+)$/.exec(word) ?? [];
  if (kind === 'cluster')
    return named !== undefined && clusters.includes(named) ? { kind, name: named } : undefined;
  if (kind === 'variant' && named !== undefined) return { kind, name: named };
  const [cluster, pool] = (named ?? word).split('/');
  if (cluster !== undefined && pool !== undefined) {
    return clusters.includes(cluster) && pool !== ''
      ? { kind: 'pool', name: pool, cluster }
      : undefined;
  }
  if (kind === undefined && clusters.includes(word)) return { kind: 'cluster', name: word };
  if (kind === undefined && variants.includes(word)) return { kind: 'variant', name: word };
  const name = named ?? word;
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name) ? { kind: 'pool', name } : undefined;
}

/** The cluster that was meant, letters' case aside, where one or two letters are wrong; `undefined`: none, or it is one. */
function alike(word: string, clusters: readonly string[]): string | undefined {
  if (clusters.includes(word) || word.length < 5) return undefined;
  const given = word.slice(0, 64).toLowerCase();
  const near = clusters.map((name) => ({ name, edits: editDistance(given, name.toLowerCase()) }));
  const [best] = near.sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= 2 ? best.name : undefined;
}

/** `<cluster|pool|variant> until <date> <reason>`. */
export function readHold(
  text: string,
  clusters: readonly string[],
  now: Instant,
  offsetMs: number,
): Read<{ readonly scope: HoldScope; readonly until: Instant; readonly reason: string }> {
  const [, word = '', when = '', reason = ''] =
    /^(\S+)\s+(?:until\s+)?(\S+)(?:\s+([\s\S]+))?$/i.exec(text.trim()) ?? [];
  const scope = scopeOf(word, clusters);
  // A slip in a cluster's name must not pass for a NodePool that is nowhere, and hold nothing.
  const meant = scope === undefined || scope.name === word ? alike(word, clusters) : undefined;
  if (meant !== undefined) {
    const pool = scope === undefined ? '' : ` A NodePool of that name is \`pool:${word}\`.`;
    return { ok: false, say: `There is no such cluster. Did you mean \`${meant}\`?${pool}` };
  }
  if (scope === undefined) return { ok: false, say: `What is to be held? ${howToHold}` };
  if (scope.kind === 'variant' && !variants.includes(scope.name)) {
    return { ok: false, say: `There is no variant of that name: ${variants.join(', ')}.` };
  }
  const until = untilOf(when, now, offsetMs);
  if (until === undefined) return { ok: false, say: `Until when? ${howToHold}` };
  if (until > now + longestHoldMs)
    return { ok: false, say: 'At most 90 days, please: then it is asked anew.' };
  if (reason.trim().length < 3) return { ok: false, say: `Please say why. ${howToHold}` };
  return { ok: true, scope, until, reason: reason.trim().slice(0, 500) };
}

/** A mark for what no node has would be taken, announced, and keep nothing back. */
const allowed = {
  variant: (value: string) => variants.includes(value),
  architecture: (value: string) => architectures.includes(value),
  kubernetes: (value: string) => /^\d+\.\d+$/.test(value),
};
const notAllowed = {
  variant: `There is no variant of that name: ${variants.join(', ')}.`,
  architecture: `There is no architecture of that name: ${architectures.join(', ')}.`,
  kubernetes: 'A Kubernetes minor is written like 1.35.',
};

/** `<release> [variant=…] [arch=…] [kubernetes=…] [cluster=…] <reason>`. */
export function readBad(
  text: string,
  clusters: readonly string[],
): Read<{ readonly release: ReleaseId; readonly where: BadScope; readonly reason: string }> {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  const release = ReleaseId.safeParse(word);
  if (!release.success) {
    return {
      ok: false,
      say: 'Which release? For example `/ami bad al2023@v20261118 variant=nvidia the driver hangs`.',
    };
  }
  const where: { -readonly [Key in keyof BadScope]?: string } = {};
  const keys = {
    variant: 'variant',
    arch: 'architecture',
    architecture: 'architecture',
    kubernetes: 'kubernetes',
    minor: 'kubernetes',
    cluster: 'cluster',
  } as const;
  while (rest.length > 0) {
    const [, key, value] = /^(\w+)=(\S+)$/.exec(rest[0] ?? '') ?? [];
    const known = Object.entries(keys).find(([name]) => name === key)?.[1];
    if (known === undefined || value === undefined) break;
    if (known === 'cluster' && !clusters.includes(value)) {
      return { ok: false, say: `There is no cluster \`${value.replaceAll('`', '')}\`.` };
    }
    const fits = known === 'cluster' || allowed[known](value);
    if (!fits) return { ok: false, say: notAllowed[known] };
    where[known] = value;
    rest.shift();
  }
  const reason = rest.join(' ');
  if (reason.length < 10) return { ok: false, say: 'Please say why, in at least 10 characters.' };
  return { ok: true, release: release.data, where, reason: reason.slice(0, 1000) };
}
