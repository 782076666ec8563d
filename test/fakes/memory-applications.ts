import type { NodeClassSyncs } from '../../src/workflow/ports/node-class-syncs.ts';

type What = Parameters<NodeClassSyncs['syncNodeClasses']>[1];

/** Argo CDs that remember which syncs they were asked for; `forbidding` says where that is not permitted, and how. */
export function memoryApplications(forbidding: ReadonlyMap<string, string>) {
  const asked: (What & { readonly hub: string })[] = [];
  const applications: NodeClassSyncs = {
    async syncNodeClasses(hub, what) {
      const words = forbidding.get(hub);
      if (words !== undefined) return { kind: 'refused', words };
      if (asked.some(({ mark }) => mark === what.mark)) return { kind: 'already' };
      asked.push({ hub, ...what });
      return { kind: 'started' };
    },
  };
  return { applications, asked };
}
