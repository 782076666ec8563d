/**
 * Instances that share one of EC2's quotas of vCPU, as CloudWatch's dimension `Class` spells them.
 * Source: EC2's On-Demand and Spot quotas; metrics `AWS/Usage`.
 */
export type VcpuKind = `${Family}/${'OnDemand' | 'Spot'}`;
type Family = 'Standard' | 'F' | 'G' | 'Inf' | 'P' | 'X';

/**
 * What an instance's vCPU count against. `reserved`: its capacity reservation, which is counted already. `unknown`: not
 * told, or instances whose use EC2 does not publish (Trn, DL, HPC, high memory).
 */
export type VcpuCharge = VcpuKind | 'reserved' | 'unknown';

const families: readonly (readonly [RegExp, Family])[] = [
  // before the one letter that they begin with
  [/^inf\d/, 'Inf'],
  [/^(?:g|gr|vt)\d/, 'G'],
  [/^f\d/, 'F'],
  [/^p\d/, 'P'],
  [/^x\d/, 'X'],
  [/^(?:[acdhimrtz]|im|is)\d/, 'Standard'],
];

/**
 * @param instanceType such as `m7g.xlarge`.
 * @param capacityType Karpenter's label: `on-demand`, `spot` or `reserved`.
 */
export function vcpuChargeOf(
  instanceType: string | undefined,
  capacityType: string | undefined,
): VcpuCharge {
  if (capacityType === 'reserved') return 'reserved';
  const family = families.find(([begins]) => begins.test(instanceType ?? ''))?.[1];
  if (family === undefined) return 'unknown';
  if (capacityType === 'on-demand') return `${family}/OnDemand`;
  return capacityType === 'spot' ? `${family}/Spot` : 'unknown';
}
