import { z } from 'zod';
import type { ApplicationView } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { readApplication } from './application-view.ts';
import { Metadata, type Read } from './kube-object.ts';
import { listAll } from './list-all.ts';
import type { WatchedKind } from './watched-kinds.ts';

/** An Application and the EC2NodeClasses it manages. */
export type OwningApplication = {
  readonly application: ApplicationView;
  readonly nodeClasses: readonly string[];
};

const Resources = z.object({
  status: z
    .object({
      resources: z
        .array(z.object({ kind: z.string().default(''), name: z.string().default('') }))
        .nullish(),
    })
    .nullish(),
});

const applications: WatchedKind<OwningApplication> = {
  kind: 'Application',
  path: '/apis/argoproj.io/v1alpha1/applications',
  read: readOwning,
};

/** The Applications of this cluster that manage an EC2NodeClass. @throws ClusterUnreachableError as every list does. */
export async function owningApplications(
  api: ApiClient,
  set: { readonly cluster: string; readonly log: Log },
): Promise<readonly OwningApplication[]> {
  const { items } = await listAll(api, applications, set);
  return [...items.values()].filter(({ nodeClasses }) => nodeClasses.length > 0);
}

/** An Application, however little of it can be read. @throws Error for an object without a name. */
export function readOwning(object: unknown): Read<OwningApplication> {
  const managed = Resources.safeParse(object).data?.status?.resources ?? [];
  const nodeClasses = managed.filter(({ kind }) => kind === 'EC2NodeClass').map(({ name }) => name);
  try {
    return { value: { application: readApplication(object), nodeClasses } };
  } catch (cause) {
    const metadata = Metadata.safeParse((object as { metadata?: unknown }).metadata).data;
    const application: ApplicationView = {
      name: metadata?.name ?? '',
      namespace: metadata?.namespace ?? '',
      sync: 'Unknown',
      health: 'Unknown',
      autoSync: false,
      conditions: [],
    };
    const trouble = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
    return { value: { application, nodeClasses }, trouble };
  }
}
