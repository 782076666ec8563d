import { expect, test } from 'vitest';
import { cronLog } from '../../src/compose/cron-log.ts';

test('what the scheduler says goes to our log, each under a message that can be counted', () => {
  const lines: unknown[] = [];
  const keep = (level: string) => (fields: object, message: string) =>
    void lines.push([level, message, fields]);
  const log = cronLog({ info: keep('info'), warn: keep('warn'), error: keep('error') });
  const cause = new Error('broken');
  log.info('started');
  log.warn('missed execution at 09:00');
  log.error(cause);
  log.error('a task failed', cause);
  log.debug('nothing');
  expect(lines).toEqual([
    ['info', 'the scheduler says', { said: 'started' }],
    ['warn', 'the scheduler warns', { said: 'missed execution at 09:00' }],
    ['error', 'the scheduler failed', { cause, said: 'Error: broken' }],
    ['error', 'the scheduler failed', { cause, said: 'a task failed' }],
  ]);
});
