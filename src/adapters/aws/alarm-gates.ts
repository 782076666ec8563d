import type { Log } from '../../workflow/log.ts';
import type { GateReading, Gates } from '../../workflow/ports/gates.ts';
import type { Alarm, AlarmNames } from './cloudwatch-alarms.ts';

export type AlarmGate = {
  /** What people read when it fires. */
  readonly name: string;
  /** Name of the alarm in CloudWatch; `$cluster` stands for the cluster's name. */
  readonly alarm: string;
  /** `undefined`: the cluster's own. */
  readonly region: string | undefined;
};

/** Reads each gate of an environment off its CloudWatch alarm, all of a region in one request. */
export function createAlarmGates(
  gates: ReadonlyMap<string, readonly AlarmGate[]>,
  {
    alarms,
    regionOf,
    log,
  }: {
    readonly alarms: (asked: AlarmNames) => Promise<ReadonlyMap<string, Alarm>>;
    /** Region of a cluster. */
    readonly regionOf: (cluster: string) => string;
    readonly log: Log;
  },
): Gates {
  return async (environment, cluster) => {
    const asked = (gates.get(environment) ?? []).map(({ name, alarm, region }) => ({
      name,
      alarm: alarm.replaceAll('$cluster', cluster),
      region: region ?? regionOf(cluster),
    }));
    const regions = [...new Set(asked.map(({ region }) => region))];
    const found = new Map(
      await Promise.all(regions.map(async (region) => [region, await alarmsOf(region)] as const)),
    );
    return asked.map(({ name, alarm, region }) => readingOf(name, found.get(region)?.get(alarm)));

    async function alarmsOf(region: string) {
      const names = asked.filter((one) => one.region === region).map(({ alarm }) => alarm);
      try {
        return await alarms({ region, names: [...new Set(names)] });
      } catch (cause) {
        log.warn({ region, cluster, cause }, 'CloudWatch alarms not checked');
        return undefined;
      }
    }
  };
}

function readingOf(name: string, alarm: Alarm | undefined): GateReading {
  switch (alarm?.state) {
    case undefined:
      return { name, verdict: 'not-checked', evidence: `${name} was not found (CloudWatch)` };
    case 'INSUFFICIENT_DATA':
      return { name, verdict: 'no-data', evidence: `${name} has too little data (CloudWatch)` };
    case 'OK':
      return { name, verdict: 'well', evidence: 'OK (CloudWatch)' };
    case 'ALARM':
      return {
        name,
        verdict: 'breached',
        evidence: `the alarm says ${alarm.reason.slice(0, 250).replace(/\.$/, '')} (CloudWatch)`,
      };
  }
}
