import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplicationPlan } from './argocd/runner.ts';
import type { SavedCluster } from './cluster.ts';

/** Everything that survives a restart, by name of cluster and of Application. */
export type SavedState = {
  readonly clusters: Readonly<Record<string, SavedCluster>>;
  readonly applications: Readonly<Record<string, ApplicationPlan>>;
  readonly randomState: number;
};

/** Trusted, since only `saveState` writes it; `undefined` when there is none. */
export function loadState(dataDir: string | undefined): SavedState | undefined {
  if (dataDir === undefined || !existsSync(fileIn(dataDir))) return undefined;
  return JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as SavedState;
}

/** Writes it whole or not at all. */
export function saveState(dataDir: string, state: SavedState): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${fileIn(dataDir)}.tmp`, JSON.stringify(state));
  renameSync(`${fileIn(dataDir)}.tmp`, fileIn(dataDir));
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'kubernetes.json');
}
