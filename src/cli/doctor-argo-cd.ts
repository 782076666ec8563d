import { composeReads } from '../compose/reads.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { ApplicationView } from '../tracking/types.ts';
import { argoCdMismatches } from '../workflow/argo-cd-mismatch.ts';
import { readElsewhere } from '../workflow/further-readers.ts';
import type { Log } from '../workflow/log.ts';
import type { Readers } from '../workflow/ports/clusters.ts';
import type { Attempt } from './attempts.ts';

/**
 * Whether Argo CD, as far as it answered, agrees with the file patterns on who reads which file: by every Application
 * that manages an EC2NodeClass, and by those that the configuration names.
 */
export async function tryBindings(
  config: Config,
  attempt: Attempt,
  {
    seen,
    readers,
    named,
  }: {
    readonly seen: { readonly clock: Clock; readonly log: Log };
    readonly readers: () => Promise<Readers>;
    /** Applications that the configuration names, by cluster. */
    readonly named: ReadonlyMap<string, readonly ApplicationView[]>;
  },
): Promise<void> {
  if (config.clusters.every(({ delivery }) => delivery === 'external')) return;
  const { fleet, pins } = composeReads(config, seen);
  // Why the files cannot be read stands in the findings of GitHub.
  const watched = await pins.read().catch(() => undefined);
  if (watched === undefined) return;
  await attempt('Argo CD: who reads the watched files', async () => {
    const said = await readers();
    const found = argoCdMismatches(fleet, watched, applicationsOf(named, said));
    if (found.size > 0) {
      return [...found].map(([cluster, all]) => `${cluster}: ${all.join('; ')}`).join('; ');
    }
    const notes = [...silenceOf(said), ...readElsewhere(said, watched.pins).map(problemText)];
    return notes.length === 0 ? undefined : { note: notes.join('; ') };
  });
}

function problemText({ path, reason }: { readonly path: string; readonly reason: string }): string {
  return `${path}: ${reason}`;
}

function applicationsOf(
  named: ReadonlyMap<string, readonly ApplicationView[]>,
  { readers }: Readers,
): ReadonlyMap<string, readonly ApplicationView[]> {
  const found = new Map([...named].map(([cluster, all]) => [cluster, [...all]]));
  for (const { cluster, application } of readers) {
    const known = found.get(cluster) ?? [];
    const isKnown = known.some(
      ({ name, namespace }) => name === application.name && namespace === application.namespace,
    );
    if (!isKnown) found.set(cluster, [...known, application]);
  }
  return found;
}

/** Where nobody could be asked, only the patterns say who reads a file. */
function silenceOf({ neverHeard, refused, readers, tooMany }: Readers): readonly string[] {
  const patterns = 'only the file patterns say who reads which file';
  const closing = neverHeard.filter(({ named }) => named).map(({ cluster }) => cluster);
  if (closing.length > 0) {
    const answer = closing.length === 1 ? 'answers' : 'answer';
    return [`nothing is proposed or merged before Argo CD in ${closing.join(' and ')} ${answer}`];
  }
  if (tooMany !== undefined) {
    return [`${tooMany} Argo CDs are too many to ask (argocd.cluster names one): ${patterns}`];
  }
  if (neverHeard.length > 0) {
    return [
      `no answer in ${neverHeard.map(({ cluster }) => cluster).join(' and ')}: there ${patterns}`,
    ];
  }
  return readers.length === 0 && refused.length > 0
    ? [`no Applications may be listed in ${refused.join(' and ')}: ${patterns}`]
    : [];
}
