import { expect, test } from 'vitest';
import { countsOf } from '../../../scripts/ci/counts.ts';

function report(given: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    success: true,
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numFailedTestSuites: 0,
    ...given,
  });
}

test('a good run counts its tests', () => {
  const counts = countsOf(report({}), 0);
  expect(counts).toEqual({ passed: 3, failed: 0, skipped: 0, skippedIn: [], troubles: [] });
});

test('skipped tests are counted, and their files named', () => {
  const assertionResults = ['passed', 'skipped', 'todo'].map((status) => ({ status }));
  const text = report({
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [
      { name: 'a.test.ts', assertionResults },
      { name: 'b.test.ts', assertionResults: [{ status: 'passed' }] },
    ],
  });
  expect(countsOf(text, 0)).toMatchObject({ failed: 0, skipped: 2, skippedIn: [['a.test.ts', 2]] });
});

test.each([
  { run: 'left no report', text: undefined, code: 0, passed: 0, failed: 1 },
  { run: 'left half a report', text: '{"success":', code: 0, passed: 0, failed: 1 },
  { run: 'ran no test', text: report({ numPassedTests: 0 }), code: 0, passed: 0, failed: 1 },
  {
    run: 'had failed tests',
    text: report({ success: false, numFailedTests: 2 }),
    code: 1,
    passed: 3,
    failed: 2,
  },
  {
    run: 'has a file that does not load',
    text: report({ success: false, numFailedTestSuites: 1 }),
    code: 1,
    passed: 3,
    failed: 1,
  },
  { run: 'was killed after its report', text: report({}), code: 124, passed: 3, failed: 1 },
])('a run that $run fails', ({ text, code, passed, failed }) => {
  expect(countsOf(text, code)).toMatchObject({ passed, failed });
});
