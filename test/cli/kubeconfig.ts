import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** A kubeconfig with a context a server; the first is the current one. */
export function kubeconfigFor(
  contexts: Readonly<Record<string, { readonly server: string; readonly token: string }>>,
): string {
  const names = Object.keys(contexts);
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: names.map((name) => ({ name, cluster: { server: contexts[name]?.server } })),
    users: names.map((name) => ({ name, user: { token: contexts[name]?.token } })),
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
    'current-context': names[0],
  };
  return join(temporaryFolder({ config: JSON.stringify(content) }), 'config');
}
