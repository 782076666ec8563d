import { expect, test } from 'vitest';
import { parseSchedule } from '../../src/config/schedule.ts';

test.each([
  ['Mon 09:00', '0 9 * * 1'],
  ['monday 9:05', '5 9 * * 1'],
  ['Mon,Thu 17:30', '30 17 * * 1,4'],
  ['Mon-Fri 08:30', '30 8 * * 1,2,3,4,5'],
  ['Fri-Mon 08:30', '30 8 * * 0,1,5,6'],
  ['09:00', '0 9 * * *'],
  ['0  9 * * 1', '0 9 * * 1'],
])('%j is the cron expression %j', (text, cron) => {
  expect(parseSchedule(text)).toBe(cron);
});

test.each([
  '',
  'Mon',
  'Mon 24:00',
  'Mon 09:60',
  'Mo 09:00',
  'Mon-Tue-Wed 09:00',
  'Monkey 09:00',
  '* * * * * *',
  '61 * * * *',
  '0 0 31 2 *',
  'every day',
])('%j is no schedule', (text) => {
  expect(parseSchedule(text)).toBeUndefined();
});
