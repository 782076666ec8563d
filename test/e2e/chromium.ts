import { existsSync } from 'node:fs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser that the tests drive: the one `CHROMIUM` names, else one of the usual places. `undefined`: there is none. */
export function chromiumPath(): string | undefined {
  const named = process.env['CHROMIUM'];
  const candidates = named === undefined || named === '' ? places : [named];
  return candidates.find((path) => existsSync(path));
}
