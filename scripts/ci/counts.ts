import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** The parts of vitest's JSON report that count. */
const Report = z.object({
  success: z.boolean(),
  numPassedTests: z.number().int(),
  numFailedTests: z.number().int(),
  numPendingTests: z.number().int(),
  numTodoTests: z.number().int(),
  numFailedTestSuites: z.number().int(),
  testResults: z
    .array(
      z.object({
        name: z.string(),
        assertionResults: z.array(z.object({ status: z.string() })).default([]),
      }),
    )
    .default([]),
});

export type Counts = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Files with skipped tests, and how many each. */
  readonly skippedIn: readonly (readonly [file: string, tests: number])[];
  /** What is wrong beside failed tests; each counts as one failure. */
  readonly troubles: readonly string[];
};

/**
 * What a run of vitest came to. A run that left no report, ran no test, or failed without a failed test (a file that does
 * not load, an error nobody caught) is a failure too.
 * @param text the report; absent: there is none.
 * @param exitCode vitest's own.
 */
export function countsOf(text: string | undefined, exitCode: number): Counts {
  const report = Report.safeParse(text === undefined ? undefined : jsonOf(text)).data;
  if (report === undefined)
    return { passed: 0, failed: 1, skipped: 0, skippedIn: [], troubles: ['there is no report'] };
  const { numPassedTests: passed, numFailedTests: failedTests } = report;
  const troubles: string[] = [];
  if (passed + failedTests === 0) troubles.push('no test ran');
  else if (
    failedTests === 0 &&
    (exitCode !== 0 || !report.success || report.numFailedTestSuites > 0)
  )
    troubles.push(`it failed (exit code ${exitCode}) although no test did`);
  return {
    passed,
    failed: failedTests + troubles.length,
    skipped: report.numPendingTests + report.numTodoTests,
    skippedIn: report.testResults.flatMap(({ name, assertionResults }) => {
      const left = assertionResults.filter(({ status }) => !['passed', 'failed'].includes(status));
      return left.length === 0 ? [] : [[name, left.length] as const];
    }),
    troubles,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The report at a path, if it is there. */
export function readReport(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
