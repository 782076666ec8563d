import type { KitChangelogs } from '../../analysis/kit-notes.ts';

/** The changelogs of Bottlerocket's kits. Never throws: what could not be read says so, with the reason. */
export type KitNotesSource = { read(): Promise<KitChangelogs> };
