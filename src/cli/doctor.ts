import { composeStore } from '../compose/store.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../shared/clock.ts';
import { silentLog } from '../workflow/log.ts';
import { adviceFor } from './advice.ts';
import type { Attempt, Finding } from './attempts.ts';
import { createAttempts, works } from './attempts.ts';
import { tryAnalysis } from './doctor-analysis.ts';
import { tryBrake } from './doctor-brake.ts';
import { tryClusters, tryReads } from './doctor-fleet.ts';
import { tryGates } from './doctor-gates.ts';
import { trySlack } from './doctor-slack.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';
import { reasonOf } from './reason-of.ts';

/**
 * Tries each read once, changes nothing, and says what is missing, all of it at once: what does not work keeps nothing
 * else from being tried, except what would only say the same again.
 * @param options.brake also rehearses the brake, and says how long a way back took.
 * @param path of the configuration, to say what comes next.
 * @throws CommandError (1) when anything is missing.
 */
export async function doctor(
  config: Config,
  path: string,
  { out }: Output,
  { brake = false }: { readonly brake?: boolean } = {},
): Promise<void> {
  const { attempt, findings } = createAttempts();
  const seen = { clock: systemClock, log: silentLog };
  await Promise.all([
    tryRecords(config, attempt),
    trySlack(config, attempt, seen),
    tryReads(config, attempt, seen),
    tryClusters(config, attempt, seen),
    tryAnalysis(config, attempt, seen),
    tryGates(config, attempt, seen),
    brake ? tryBrake(config, attempt, seen) : undefined,
  ]);
  const all = findings();
  for (const finding of all) out(lineOf(finding));
  const troubles = all.flatMap(({ what, missing }) =>
    missing === undefined ? [] : [adviceFor(`${what}: ${missing}`)],
  );
  for (const advice of new Set(troubles.filter((one) => one !== undefined))) {
    out(`advice   ${advice}`);
  }
  const broken = all.filter((finding) => !works(finding));
  if (broken.length === 0) {
    out(`All ${all.length} things work. Next: amiable serve --config ${path}`);
    return;
  }
  const missing = broken.filter((finding) => finding.missing !== undefined).length;
  const skipped = broken.length - missing;
  const untried = skipped === 0 ? '' : `, ${skipped} could not be tried`;
  throw new CommandError(
    `${missing} of ${all.length} things ${missing === 1 ? 'is' : 'are'} missing${untried}. Mend ${missing === 1 ? 'it' : 'them'}, then: amiable doctor --config ${path}`,
    1,
  );
}

function lineOf({ what, missing, needs, note }: Finding): string {
  if (note !== undefined) return `note     ${what}: ${note}`;
  if (missing !== undefined) return `missing  ${what}: ${missing}`;
  return needs === undefined
    ? `ok       ${what}`
    : `skipped  ${what}: not checked without ${needs}`;
}

async function tryRecords(config: Config, attempt: Attempt): Promise<void> {
  const { store } = config;
  const what = `records: ${store.kind === 'dynamodb' ? `table ${store.table}` : store.folder}`;
  await attempt(what, async () => {
    const records = await composeStore(config, { clock: systemClock, log: silentLog });
    try {
      await records.store.heads.open();
      return undefined;
    } catch (cause) {
      const reason = reasonOf(what, cause);
      return reason.includes('ResourceNotFoundException')
        ? `there is no such table (${reason})`
        : reason;
    } finally {
      await records.close();
    }
  });
}
