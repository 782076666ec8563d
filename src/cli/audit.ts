import { composeStore } from '../compose/store.ts';
import type { RecordsConfig } from '../config/records-config.ts';
import { systemClock } from '../shared/clock.ts';
import { createAnchoring } from '../workflow/anchor.ts';
import { silentLog } from '../workflow/log.ts';
import { auditBundle } from './audit-bundle.ts';
import { auditExport } from './audit-export.ts';
import { auditVerify } from './audit-verify.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

const use =
  'Use: amiable audit export|verify|anchor --config FILE, or amiable audit bundle ROLLOUT --config FILE';

/** `audit export`, `audit verify`, `audit bundle` and `audit anchor`: all read; the last one writes today's anchor. */
export async function audit(
  [what, ...rest]: readonly string[],
  options: Options,
  output: Output,
  config: () => Promise<RecordsConfig>,
): Promise<void> {
  if (what !== 'export' && what !== 'verify' && what !== 'bundle' && what !== 'anchor') {
    throw new CommandError(use, 2);
  }
  const read = await config();
  const { store, close } = await composeStore(read, { clock: systemClock, log: silentLog });
  try {
    switch (what) {
      case 'export':
        return await auditExport(store, options, output, read.people);
      case 'verify':
        return await auditVerify(store, options, output);
      case 'bundle':
        return await auditBundle(store, rest[0], options, output, read.people);
      case 'anchor': {
        const anchoring = createAnchoring({ records: store, clock: systemClock, log: silentLog });
        const made = await anchoring.run();
        const newest = await anchoring.newest();
        output.out(`${made ? 'Anchored' : 'Anchored already'}: ${newest?.day} ${newest?.hash}`);
        return;
      }
    }
  } finally {
    await close();
  }
}
