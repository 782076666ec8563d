import { createRequire } from 'node:module';
import { closeIterators, type Iterators } from './close-iterators.ts';

/** The database under the emulator, as far as we touch it. */
export type Level = { open(): Promise<void>; close(): Promise<void> };

/**
 * Loads the emulator and the LevelDB it brings, from `node_modules` also when we are bundled: the native part is found
 * beside its own package only. Called when an embedded store is opened, so that a service on a real table never has it
 * in memory.
 */
export function loadDynalite(): {
  readonly dynalite: typeof import('dynalite');
  readonly Level: new (path: string) => Level;
} {
  const ownRequire = createRequire(import.meta.url);
  const itsRequire = createRequire(ownRequire.resolve('dynalite'));
  const { Level } = itsRequire('level') as { readonly Level: new (path: string) => Level };
  closeIterators(createRequire(itsRequire.resolve('level'))('abstract-level') as Iterators);
  return { dynalite: ownRequire('dynalite') as typeof import('dynalite'), Level };
}
