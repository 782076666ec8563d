import { expect, test } from 'vitest';
import { enoughQuotaText, scarceQuotaTexts, takenQuotas } from '../../blocks/vcpu-quotas.ts';
import type { VcpuQuota } from '../../src/tracking/room.ts';
import type { VcpuCharge } from '../../src/tracking/vcpu-kind.ts';

const onDemand: VcpuQuota = {
  kind: 'Standard/OnDemand',
  region: 'eu-west-1',
  running: 608,
  quota: 640,
};
const spot: VcpuQuota = { ...onDemand, kind: 'Standard/Spot', running: 0 };
const line = (cpu: number, { vcpu = [onDemand], of = ['Standard/OnDemand' as const] } = {}) => ({
  room: { vcpu },
  forecast: { surge: [{ cpu, vcpu: of }] },
});

test('clusters of a wave take from one quota together, and waves one after another', () => {
  const aside = takenQuotas([[line(16), line(17)]]);
  expect(aside).toEqual([{ ...onDemand, needed: 33 }]);
  expect(scarceQuotaTexts(aside)).toEqual([
    'vCPU quota Standard/OnDemand of eu-west-1 leaves 32 of 640 where the peak may take 33',
  ]);
  const inTurn = takenQuotas([[line(16)], [line(17)]]);
  expect(inTurn).toEqual([{ ...onDemand, needed: 17 }]);
  expect(scarceQuotaTexts(inTurn)).toEqual([]);
});

test('what just fits is enough', () => {
  expect(enoughQuotaText([[line(32)]])).toBe(', where the vCPU quota leaves 32');
  expect(enoughQuotaText([[line(33)]])).toBe('');
});

test('each region has quotas of its own', () => {
  const far = { ...onDemand, region: 'us-east-1', running: 0 };
  const waves = [[line(20), line(20, { vcpu: [far] })]];
  const quotas = takenQuotas(waves);
  expect(quotas.map(({ region, needed }) => [region, needed])).toEqual([
    ['eu-west-1', 20],
    ['us-east-1', 20],
  ]);
  expect(enoughQuotaText(waves)).toBe(', where each of 2 vCPU quotas leaves 32 at least');
});

test('nodes take from the quota of their own kind only', () => {
  const quotas = takenQuotas([[line(64, { vcpu: [onDemand, spot] })]]);
  expect(scarceQuotaTexts(quotas)).toHaveLength(1);
  expect(quotas.find(({ kind }) => kind === 'Standard/Spot')?.needed).toBe(0);
});

test('where more runs than the quota has, nothing is left, and never less than that', () => {
  const over = { ...onDemand, running: 700 };
  expect(scarceQuotaTexts(takenQuotas([[line(1, { vcpu: [over] })]]))[0]).toContain(
    'leaves 0 of 640',
  );
});

test('no quota, no word', () => {
  expect(enoughQuotaText([[line(8, { vcpu: [] })], []])).toBe('');
});

test('what is left is not told as enough while a quota of some nodes is not known', () => {
  const also = (charge: VcpuCharge) => ({
    room: { vcpu: [onDemand] },
    forecast: { surge: [{ cpu: 8, vcpu: ['Standard/OnDemand' as const, charge] }] },
  });
  expect(enoughQuotaText([[also('reserved')]])).toBe(', where the vCPU quota leaves 32');
  expect(enoughQuotaText([[also('unknown')]])).toBe('');
  expect(enoughQuotaText([[also('Standard/Spot')]])).toBe('');
  expect(enoughQuotaText([[line(8)], [{ forecast: { surge: [{ cpu: 8 }] } }]])).toBe('');
});
