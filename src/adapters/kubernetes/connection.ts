import type { RequestOptions } from 'node:https';
import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import type { buildConnector, Dispatcher } from 'undici';
import { Agent, ProxyAgent } from 'undici';
import { isLoopback } from '../../shared/loopback.ts';

/** How the API server of a cluster is reached, and who we are there. */
export type ClusterConnection =
  | {
      readonly kind: 'server';
      /** Base address, without a trailing slash; may have a path. */
      readonly server: string;
      /** A function is asked before each request: it caches and renews as it likes. */
      readonly token: string | (() => Promise<string>);
      /** PEM; absent: the usual public certificates vouch for the server. */
      readonly ca?: string;
    }
  /**
   * `path` absent: where kubectl looks (KUBECONFIG, then `~/.kube/config`). `context` absent: the current one. Exec
   * plug-ins work.
   */
  | { readonly kind: 'kubeconfig'; readonly path?: string; readonly context?: string }
  | { readonly kind: 'in-cluster' };

/** What one request needs to get there. */
export type Route = {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher?: Dispatcher;
};

/** Looks up, for each request anew, since tokens are renewed, how to reach a cluster. */
export type Connection = { route(): Promise<Route>; close(): Promise<void> };

export function connectionTo(connection: ClusterConnection): Connection {
  return connection.kind === 'server' ? toServer(connection) : toKubeConfig(connection);
}

function toServer({ server, token, ca }: ClusterConnection & { kind: 'server' }): Connection {
  const dispatcher = ca === undefined ? undefined : new Agent({ connect: { ca } });
  return {
    async route() {
      const bearer = typeof token === 'string' ? token : await token();
      return {
        server: server.replace(/\/$/, ''),
        headers: { authorization: `Bearer ${bearer}` },
        ...(dispatcher !== undefined && { dispatcher }),
      };
    },
    async close() {
      await dispatcher?.destroy();
    },
  };
}

function toKubeConfig(connection: Exclude<ClusterConnection, { kind: 'server' }>): Connection {
  let loading: Promise<KubeConfig> | undefined;
  let made: { readonly key: string; readonly dispatcher: Dispatcher | undefined } | undefined;
  return {
    async route() {
      loading ??= load(connection);
      const config = await loading.catch((cause: unknown) => {
        loading = undefined; // a file may be there at the next look
        throw cause;
      });
      const cluster = config.getCurrentCluster();
      if (cluster === null) throw new Error('the kubeconfig names no cluster for this context');
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      const tls = tlsOf(options);
      const fingerprint = JSON.stringify([tls, cluster.proxyUrl]);
      // client-node makes a new dispatcher, with connections of its own, for every request; one is enough until the
      // credentials change
      if (made?.key !== fingerprint) {
        const old = made?.dispatcher;
        made = { key: fingerprint, dispatcher: dispatcherOf(tls, cluster.proxyUrl) };
        await old?.close();
      }
      return {
        server: cluster.server.replace(/\/$/, ''),
        headers: headersOf(options),
        ...(made.dispatcher !== undefined && { dispatcher: made.dispatcher }),
      };
    },
    async close() {
      await made?.dispatcher?.destroy();
    },
  };
}

/** Loaded when first needed: the package takes a second to import and 90 MB to keep. */
async function load(
  connection: Exclude<ClusterConnection, { kind: 'server' }>,
): Promise<KubeConfig> {
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config = new Config();
  if (connection.kind === 'in-cluster') {
    config.loadFromCluster();
    return config;
  }
  if (connection.path === undefined) config.loadFromDefault();
  else config.loadFromFile(connection.path);
  config.clusters = config.clusters.map(withoutTlsOnLoopback);
  if (connection.context === undefined) return config;
  // setCurrentContext takes any name; a mistyped one must not fall back to another cluster
  if (config.getContextObject(connection.context) === null)
    throw new Error(`the kubeconfig has no context ${connection.context}`);
  config.setCurrentContext(connection.context);
  return config;
}

/** client-node refuses plain HTTP; `kubectl proxy` on this machine speaks it, and no TLS is there to be skipped. */
function withoutTlsOnLoopback(cluster: Cluster): Cluster {
  const { protocol, hostname } = new URL(cluster.server);
  return protocol === 'http:' && isLoopback(hostname)
    ? { ...cluster, skipTLSVerify: true }
    : cluster;
}

function dispatcherOf(
  tls: buildConnector.BuildOptions,
  proxyUrl: string | undefined,
): Dispatcher | undefined {
  if (proxyUrl?.startsWith('socks') === true)
    throw new Error('a SOCKS proxy in the kubeconfig is not supported');
  if (proxyUrl !== undefined && proxyUrl !== '')
    return new ProxyAgent({ uri: proxyUrl, requestTls: tls });
  return Object.keys(tls).length === 0 ? undefined : new Agent({ connect: tls });
}

function tlsOf(options: RequestOptions): buildConnector.BuildOptions {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(pfx !== undefined && { pfx }),
    ...(passphrase !== undefined && { passphrase }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
    ...(servername !== undefined && { servername }),
  };
}

function headersOf({ headers = {}, auth }: RequestOptions): Record<string, string> {
  const given = Array.isArray(headers) ? {} : headers;
  const basic =
    typeof auth === 'string'
      ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` }
      : {};
  const named = Object.entries(given).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return { ...basic, ...Object.fromEntries(named) };
}
