import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Faults } from '../faults.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import { type StoredAdvisory, updateinfoXml } from './updateinfo-xml.ts';

/** How the files are spoilt: `doctype` declares entities, `cut` ends early, `bomb` unpacks to very much, `swapped` is not what its index names. */
export type FeedSpoil = 'none' | 'doctype' | 'cut' | 'bomb' | 'swapped' | 'prose';

/** What the feeds publish. */
export type FeedContents = {
  readonly amazonLinux: readonly StoredAdvisory[];
  readonly bottlerocket: readonly StoredAdvisory[];
  /** CVE ids. */
  readonly exploited: readonly string[];
  /** CHANGELOG.md of Bottlerocket's kits. */
  readonly coreKit: string;
  readonly kernelKit: string;
};

export type FeedsStandIn = {
  /** Addresses as a configuration names them. */
  readonly amazonLinux: string;
  readonly bottlerocket: string;
  readonly exploited: string;
  readonly coreKit: string;
  readonly kernelKit: string;
  publish(contents: Partial<FeedContents>): void;
  spoil(how: FeedSpoil): void;
  /** Requests so far, each as `GET /path 200`. */
  requests(): readonly string[];
  close(): Promise<void>;
};

/** Where GitHub serves a file as it is: no redirect, a weak ETag, no date. */
const changelogs = {
  coreKit: '/bottlerocket-os/bottlerocket-core-kit/develop/CHANGELOG.md',
  kernelKit: '/bottlerocket-os/bottlerocket-kernel-kit/develop/CHANGELOG.md',
};
const mirror = '/al2023/core/guids/0f3a/x86_64';

/**
 * The repository of Amazon Linux 2023, Bottlerocket's advisories (behind a redirect, as the real ones), CISA's
 * catalogue and the changelogs of Bottlerocket's kits, over HTTP with validators. It takes the faults ordered of AWS whose `match` begins with `Feed`.
 */
export async function startFeedsStandIn({
  faults,
  contents: given = {},
  port = 0,
}: {
  readonly faults: Faults;
  readonly contents?: Partial<FeedContents>;
  readonly port?: number;
}): Promise<FeedsStandIn> {
  let contents: FeedContents = {
    amazonLinux: [],
    bottlerocket: [],
    exploited: [],
    coreKit: '',
    kernelKit: '',
    ...given,
  };
  let spoilt: FeedSpoil = 'none';
  const seen: string[] = [];
  let origin = '';

  const fileAt = (
    path: string,
  ): { readonly body: Buffer; readonly raw?: true } | { readonly to: string } | undefined => {
    switch (path) {
      case '/al2023/core/mirrors/latest/x86_64/mirror.list':
        return { body: Buffer.from(`${origin}${mirror}\n`) };
      case `${mirror}/repodata/repomd.xml`:
        return { body: Buffer.from(repomdXml(packed(contents.amazonLinux, 'none'))) };
      case `${mirror}/repodata/updateinfo.xml.gz`:
        return { body: packed(contents.amazonLinux, spoilt) };
      case '/updateinfo.xml.gz':
        return { to: `${origin}/2026/updateinfo.xml.gz` };
      case '/2026/updateinfo.xml.gz':
        return { body: packed(contents.bottlerocket, spoilt) };
      case '/known_exploited_vulnerabilities.json':
        return { body: Buffer.from(spoilt === 'prose' ? 'Sorry.' : catalogue(contents.exploited)) };
      case changelogs.coreKit:
        return { body: changelog(contents.coreKit, spoilt), raw: true };
      case changelogs.kernelKit:
        return { body: changelog(contents.kernelKit, spoilt), raw: true };
      default:
        return undefined;
    }
  };

  const answer = (request: IncomingMessage, response: ServerResponse): unknown => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const what = `Feed GET ${path}`;
    const say = (status: number, headers: Record<string, string>, body: Buffer | string = '') => {
      seen.push(`GET ${path} ${status}`);
      response.writeHead(status, headers);
      return response.end(body);
    };
    const fault = faults.takeMatching(what, 'Feed');
    if (fault === 'hang') return undefined;
    if (fault === 'lost-reply') return request.socket.destroy();
    if (fault === 'error-500') return say(503, {}, 'Slow Down');
    if (fault === 'rate-limited') return say(429, { 'retry-after': '60' }, 'Too Many Requests');
    const found = request.method === 'GET' ? fileAt(path) : undefined;
    if (found === undefined) return say(404, {}, 'Not Found');
    if ('to' in found) return say(301, { location: found.to });
    const digest = createHash('md5').update(found.body).digest('hex');
    const etag = found.raw === true ? `W/"${digest}"` : `"${digest}"`;
    const headers: Record<string, string> =
      found.raw === true
        ? { etag, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'max-age=300' }
        : { etag, 'last-modified': 'Tue, 10 Nov 2026 18:00:00 GMT' };
    if (request.headers['if-none-match'] === etag) return say(304, headers);
    return say(200, { ...headers, 'content-length': String(found.body.length) }, found.body);
  };

  const server = createServer(answer);
  const bound = await listenOnLoopback(server, port);
  origin = `http://127.0.0.1:${bound}`;
  return {
    amazonLinux: `${origin}/al2023/core/mirrors/latest/x86_64/mirror.list`,
    bottlerocket: `${origin}/updateinfo.xml.gz`,
    exploited: `${origin}/known_exploited_vulnerabilities.json`,
    coreKit: `${origin}${changelogs.coreKit}`,
    kernelKit: `${origin}${changelogs.kernelKit}`,
    publish(more) {
      contents = { ...contents, ...more };
    },
    spoil(how) {
      spoilt = how;
    },
    requests: () => [...seen],
    close: () => closeServer(server),
  };
}

function packed(advisories: readonly StoredAdvisory[], how: FeedSpoil): Buffer {
  const xml = updateinfoXml(advisories);
  switch (how) {
    case 'none':
      return gzipSync(xml);
    case 'doctype':
      return gzipSync(xml.replace('<updates>', '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><updates>'));
    case 'cut':
      return gzipSync(xml.slice(0, -40));
    case 'bomb':
      return gzipSync(`${xml.slice(0, -11)}${' '.repeat(30_000_000)}</updates>`);
    case 'swapped':
      return gzipSync(xml.replaceAll('CVE-2026', 'CVE-2025'));
    case 'prose':
      return Buffer.from('<html><title>Sorry</title>This page is not here just now. '.repeat(5));
  }
}

function changelog(text: string, how: FeedSpoil): Buffer {
  switch (how) {
    case 'none':
    case 'doctype':
    case 'swapped':
      return Buffer.from(text);
    case 'cut':
      return Buffer.from(text.slice(0, 12));
    case 'bomb':
      return Buffer.from(`${text}${'* Update `a` to 1.2.3\n'.repeat(1_000_000)}`);
    case 'prose':
      return Buffer.from('<html><title>Sorry</title>This page is not here just now.');
  }
}

function repomdXml(updateinfo: Buffer): string {
  const checksum = createHash('sha256').update(updateinfo).digest('hex');
  return `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo">
  <data type="primary"><checksum type="sha256">${'0'.repeat(64)}</checksum><location href="repodata/primary.xml.gz" /></data>
  <data type="updateinfo">
    <checksum type="sha256">${checksum}</checksum>
    <location href="repodata/updateinfo.xml.gz" />
    <size>${updateinfo.length}</size>
  </data>
</repomd>
`;
}

function catalogue(ids: readonly string[]): string {
  return JSON.stringify({
    title: 'CISA Catalog of Known Exploited Vulnerabilities',
    count: ids.length,
    vulnerabilities: ids.map((cveID) => ({ cveID, dateAdded: '2026-11-12' })),
  });
}
