// Prints `PASSED FAILED` of one run of vitest for .ci/run, and on standard error what else there is to say.
//   tsx scripts/ci/print-counts.ts REPORT EXIT_CODE
import { countsOf, readReport } from './counts.ts';

const [path = '', exitCode = '1'] = process.argv.slice(2);
const { passed, failed, skipped, troubles } = countsOf(readReport(path), Number(exitCode));
for (const trouble of troubles) console.error(`!! ${trouble}`);
if (skipped > 0) console.error(`-- ${skipped} tests were skipped; the report above names them`);
console.log(`${passed} ${failed}`);
