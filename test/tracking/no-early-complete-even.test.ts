import { test } from 'vitest';
import { expectNoEarlyComplete, runsTimeout } from './seeded-runs.ts';

test(
  'nothing is called complete too early in the other half of the runs, by even seeds',
  () => expectNoEarlyComplete(0),
  runsTimeout,
);
