import type { KitChangelogs } from '../../src/analysis/kit-notes.ts';
import { parseKitChangelog } from '../../src/analysis/kit-notes.ts';

/** Both changelogs, as if they had been read. */
export function kitChangelogs(core: string, kernel: string): KitChangelogs {
  return {
    'bottlerocket-core-kit': { status: 'read', releases: parseKitChangelog(core) },
    'bottlerocket-kernel-kit': { status: 'read', releases: parseKitChangelog(kernel) },
  };
}

const unread = { status: 'unavailable', reason: 'nobody asked.' } as const;

/** Where only other families are spoken of. */
export const unreadKits: KitChangelogs = {
  'bottlerocket-core-kit': unread,
  'bottlerocket-kernel-kit': unread,
};

/** A source that reads nothing. */
export const noKitNotes = { read: async () => unreadKits };
