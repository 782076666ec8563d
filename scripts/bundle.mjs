// Bundles the service for Node: one file that starts fast, with the heavy clients split off and loaded when first needed.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { build } from 'esbuild';

/** `node scripts/bundle.mjs [FOLDER]`: tests build into a folder of their own. */
const out = process.argv[2] ?? 'dist';

const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  "import { dirname as __pathDirname } from 'node:path';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  'const __dirname = __pathDirname(__filename);',
].join('\n');

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: { cli: 'src/cli.ts' },
  bundle: true,
  splitting: true,
  platform: 'node',
  // The ES modules of packages that have both: named exports survive a dynamic import only there.
  mainFields: ['module', 'main'],
  target: 'node20',
  format: 'esm',
  outdir: out,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  // Source text stays in memory: without its white space it takes some 15 MB less. Lines stay short enough for stacks.
  minifyWhitespace: true,
  lineLimit: 200,
  logLevel: 'warning',
  banner: { js: banner },
  // Native: found beside its own package only.
  external: ['@resvg/resvg-js'],
});

// Pictures with text need fonts of their own: a server has none.
mkdirSync(`${out}/fonts`, { recursive: true });
const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
  copyFileSync(`${fonts}/ttf/${file}`, `${out}/fonts/${file}`);
}
copyFileSync(`${fonts}/LICENSE`, `${out}/fonts/LICENSE`);

// The sandbox's page, for the browser.
mkdirSync(`${out}/page`, { recursive: true });
await build({
  entryPoints: { page: 'src/sandbox/page/page.ts' },
  bundle: true,
  target: 'es2022',
  format: 'esm',
  outdir: `${out}/page`,
  tsconfig: 'src/sandbox/page/tsconfig.json',
  logLevel: 'warning',
});
for (const file of ['index.html', 'page.css']) {
  copyFileSync(`src/sandbox/page/${file}`, `${out}/page/${file}`);
}
