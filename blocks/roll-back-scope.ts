import { sha256 } from '../src/shared/canonical.ts';

/**
 * The value of a choice of the roll-back modal. A name longer than Slack takes (75 characters) stands as its hash: who reads
 * the choice looks for the name that has it, so that no list that changed meanwhile can make it mean another cluster.
 */
export function rollBackScope(kind: 'environment' | 'cluster', name: string): string {
  const value = `${kind} ${name}`;
  return value.length <= 75 ? value : `${kind} #${sha256(name).slice(0, 40)}`;
}
