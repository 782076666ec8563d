import { expect, test } from 'vitest';
import { expediteText } from '../../blocks/expedite.ts';
import { holdEndsText, holdsText } from '../../blocks/holds.ts';
import { hoursText } from '../../blocks/merge-hours.ts';
import { ofSets } from '../../blocks/missing.ts';
import type { Hold } from '../../src/rollout/hold.ts';
import { ann, bo, noon } from '../rollout/story.ts';

const names = new Map([
  ['U0ANN', 'Ann Lee'],
  ['U0BO', 'Bo Chen'],
]);
const at = (text: string) => text.replaceAll(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1');
const hold = (name: string, more: Partial<Hold> = {}): Hold => ({
  kind: 'cluster',
  name,
  until: noon,
  reason: 'driver <@U1> test',
  by: 'U0ANN',
  ...more,
});

test('what is held says until when, why and who, soonest first, and cannot ping', () => {
  expect(
    at(
      holdsText(
        [
          hold('b', { until: noon + 1000 }),
          hold('gpu', { kind: 'pool', cluster: 'a', by: 'ml platform' }),
        ],
        names,
      ),
    ),
  ).toBe(
    'Held back: *pool gpu in a* until 2026-11-20 12:00 UTC (“driver &lt;@U1&gt; test”, ml platform); *b* until 2026-11-20 12:00 UTC (“driver &lt;@U1&gt; test”, Ann Lee).',
  );
  expect(holdsText([], names)).toBe('');
  expect(holdsText([hold('a'), hold('b'), hold('c'), hold('d'), hold('e')], names)).toContain(
    'and 2 more holds',
  );
  expect(at(holdEndsText(hold('a'), names))).toContain('ends then by itself');
});

test('why a merge waits for the clock names the next time that fits, or that there is none', () => {
  expect(at(hoursText('production', { because: 'window', opensAt: noon }))).toBe(
    'The window of *production* is closed. The next start that fits is 2026-11-20 12:00 UTC.',
  );
  expect(
    at(hoursText('production', { because: 'freeze', reason: 'peak', opensAt: noon })),
  ).toContain('frozen: “peak”');
  expect(hoursText('production', { because: 'forecast' })).toContain('No start within a year fits');
  expect(hoursText('production', 'forecast-unknown')).toContain('is not known');
});

test.each([
  [['sre'], 1, ', of sre'],
  [['platform', 'sre'], 1, ', of platform or sre'],
  [['platform', 'sre'], 2, ', of platform and sre'],
  [[], 1, ''],
])('of %s %i are missing: "%s"', (sets, missing, text) => {
  expect(ofSets(sets, missing)).toBe(text);
});

test('the fast lane says who asks, who opened it, and what it is for', () => {
  const ask = { by: ann, reason: 'exploited' };
  expect(expediteText('staging', { requests: [ask] }, names)).toBe(
    'The fast lane of *staging* was asked for (Ann Lee: “exploited”); 1 more may open it.',
  );
  const open = { by: [ann, bo], fixes: ['CVE-2026-0001'], at: noon };
  expect(expediteText('staging', { requests: [ask, { by: bo, reason: 'yes' }], open }, names)).toBe(
    'The window of *staging* is lifted (Ann Lee: “exploited”; Bo Chen: “yes”). It fixes CVE-2026-0001.',
  );
  expect(expediteText('staging', { requests: [], open: { ...open, by: [] } }, names)).toContain(
    'The policy opens the fast lane of',
  );
});
