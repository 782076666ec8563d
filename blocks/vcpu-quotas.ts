import type { Room, VcpuQuota } from '../src/tracking/room.ts';
import type { VcpuCharge } from '../src/tracking/vcpu-kind.ts';
import { named } from './phrases.ts';

type Line = {
  readonly room?: Room;
  readonly forecast: {
    readonly surge: readonly { readonly cpu?: number; readonly vcpu?: readonly VcpuCharge[] }[];
  };
};

/** A quota with the most that clusters which run side by side may take of it at once. */
export type TakenQuota = VcpuQuota & { readonly needed: number };

/** @param waves clusters of a wave take from one quota together, waves one after another. */
export function takenQuotas(waves: readonly (readonly Line[])[]): readonly TakenQuota[] {
  const taken = new Map<string, TakenQuota>();
  for (const lines of waves) {
    const wave = new Map<string, TakenQuota>();
    for (const { room, forecast } of lines)
      for (const quota of room?.vcpu ?? []) {
        const key = `${quota.region} ${quota.kind}`;
        const needed = forecast.surge
          .filter(({ vcpu = [] }) => vcpu.includes(quota.kind))
          .reduce((sum, { cpu = 0 }) => sum + cpu, wave.get(key)?.needed ?? 0);
        wave.set(key, { ...quota, needed });
      }
    for (const [key, one] of wave)
      if (one.needed > (taken.get(key)?.needed ?? -1)) taken.set(key, one);
  }
  return [...taken.values()];
}

/** `vCPU quota Standard/OnDemand of eu-west-1 leaves 12 of 640 where the peak may take 32`, where one may not do. */
export function scarceQuotaTexts(quotas: readonly TakenQuota[]): readonly string[] {
  return quotas
    .filter(({ needed, quota, running }) => needed > quota - running)
    .map((one) => `vCPU quota ${leftText(one)} where the peak may take ${one.needed}`);
}

/** `, where the vCPU quota leaves 208`; empty where one may not do, or the quota of any node to come is not known. */
export function enoughQuotaText(waves: readonly (readonly Line[])[]): string {
  const quotas = takenQuotas(waves);
  const isTold = quotas.length > 0 && waves.flat().every(isWholeOf);
  if (!isTold || scarceQuotaTexts(quotas).length > 0) return '';
  const least = Math.min(...quotas.map(({ quota, running }) => quota - running));
  return quotas.length === 1
    ? `, where the vCPU quota leaves ${least}`
    : `, where each of ${quotas.length} vCPU quotas leaves ${least} at least`;
}

/** Whether a quota is known for all that a cluster's new nodes may count against. */
function isWholeOf({ room, forecast }: Line): boolean {
  const known = new Set<VcpuCharge>(['reserved', ...(room?.vcpu ?? []).map(({ kind }) => kind)]);
  return forecast.surge.every(
    ({ cpu, vcpu = ['unknown'] }) => cpu !== undefined && vcpu.every((one) => known.has(one)),
  );
}

/** `Standard/OnDemand of eu-west-1 leaves 12 of 640`. */
export function leftText({ kind, region, running, quota }: VcpuQuota): string {
  return `${kind} of ${named(region)} leaves ${Math.max(0, quota - running)} of ${quota}`;
}
