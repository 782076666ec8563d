// Prints `PASSED FAILED` of one run of vitest for .ci/run, and on standard error what else there is to say.
//   tsx scripts/ci/print-counts.ts REPORT EXIT_CODE
import { relative } from 'node:path';
import { countsOf, readReport } from './counts.ts';

const [path = '', exitCode = '1'] = process.argv.slice(2);
const { passed, failed, skipped, skippedIn, troubles } = countsOf(
  readReport(path),
  Number(exitCode),
);
for (const trouble of troubles) console.error(`!! ${trouble}`);
if (skipped > 0) console.error(`-- ${skipped} tests were skipped:`);
for (const [file, tests] of skippedIn) console.error(`--   ${tests} in ${relative('.', file)}`);
console.log(`${passed} ${failed}`);
