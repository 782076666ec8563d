import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../src/config/parse-config.ts';
import { caughtIn, readJson, readText, root } from '../infra/read-infra.ts';

const documents = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

test.each(documents)('every relative link of %s leads somewhere', (document) => {
  const links = caughtIn([document], /\]\(([^)\s]+)\)/g)
    .filter((link) => !/^(https?:|#)/.test(link))
    // The browser tests take the pictures.
    .filter((link) => !link.startsWith('docs/images/'));
  const broken = links.filter(
    (link) => !existsSync(join(root, dirname(document), link.replace(/#.*$/, ''))),
  );
  expect(broken).toEqual([]);
});

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

test.each(documents)('every anchor that %s links to is a heading', (document) => {
  const broken = caughtIn([document], /\]\(([^)\s]*#[^)\s]+)\)/g).filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor = ''] = link.split('#');
    const target = path === '' ? document : join(dirname(document), path);
    return !caughtIn([target], /^#+ (.+)$/gm)
      .map(anchorOf)
      .includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('the configuration in the README is valid', () => {
  const [, indented = ''] = /```yaml\n([\s\S]*?)```/.exec(readText('README.md')) ?? [];
  const parsed = parseConfig(indented.replace(/^ {3}/gm, ''), {
    SLACK_BOT_TOKEN: 'xoxb-1-example',
    SLACK_APP_TOKEN: 'xapp-1-example',
    GITHUB_PRIVATE_KEY: '-----BEGIN RSA PRIVATE KEY-----\\nMIIB\\n-----END RSA PRIVATE KEY-----',
  });
  expect(parsed.ok ? [] : parsed.errors).toEqual([]);
});

const Package = z.object({
  scripts: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});
const manifest = Package.parse(readJson('package.json'));

test('every script a document names exists', () => {
  const named = caughtIn(documents, /npm run ([a-z:0-9]+)/g);
  expect(named).toContain('sandbox');
  expect(named.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
});

test('every command of amiable that a document names exists', () => {
  const known = caughtIn(['src/cli/run-command.ts'], /^ {4}case '([a-z-]+)'/gm);
  const named = caughtIn(documents, /(?:`|npx )amiable ([a-z]+(?:-[a-z]+)*)/g);
  expect(named).toContain('doctor');
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

test('docs/dependencies.md has a line for each dependency, and for no other', () => {
  const [runTime = '', development = ''] = readText('docs/dependencies.md')
    .split('## Traps')[0]
    ?.split('## For development') ?? [''];
  const namedIn = (section: string) =>
    [...section.matchAll(/^\| (`.*?) \|/gm)]
      .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name))
      .sort();
  expect(namedIn(runTime)).toEqual(Object.keys(manifest.dependencies).sort());
  expect(namedIn(development)).toEqual(Object.keys(manifest.devDependencies).sort());
});

test('a dependency that the list calls unused is unused, and no other is', () => {
  const unused = [...readText('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| not used/gm)].map(
    ([, name]) => name,
  );
  const folders = ['src', 'handlers', 'blocks'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  );
  const imported = new Set(caughtIn(files, /'((?:@[a-z0-9-]+\/)?[a-z0-9-]+)(?:\/[^']*)?'/g));
  const never = Object.keys(manifest.dependencies).filter((name) => !imported.has(name));
  expect(never.sort()).toEqual(unused.sort());
});
