import { expect, test } from 'vitest';
import { vcpuChargeOf } from '../../src/tracking/vcpu-kind.ts';

test.each([
  ['m7g.xlarge', 'on-demand', 'Standard/OnDemand'],
  ['c6i.large', 'spot', 'Standard/Spot'],
  ['t3a.medium', 'on-demand', 'Standard/OnDemand'],
  ['i4i.large', 'on-demand', 'Standard/OnDemand'],
  ['im4gn.large', 'on-demand', 'Standard/OnDemand'],
  ['is4gen.large', 'on-demand', 'Standard/OnDemand'],
  ['d3en.xlarge', 'on-demand', 'Standard/OnDemand'],
  ['inf2.xlarge', 'on-demand', 'Inf/OnDemand'],
  ['g6e.2xlarge', 'spot', 'G/Spot'],
  ['gr6.4xlarge', 'on-demand', 'G/OnDemand'],
  ['vt1.3xlarge', 'on-demand', 'G/OnDemand'],
  ['p5.48xlarge', 'on-demand', 'P/OnDemand'],
  ['x2idn.16xlarge', 'on-demand', 'X/OnDemand'],
  ['f2.6xlarge', 'spot', 'F/Spot'],
])('%s, %s, counts against %s', (type, capacity, kind) => {
  expect(vcpuChargeOf(type, capacity)).toBe(kind);
});

test('an instance in a capacity reservation takes nothing more of a quota', () => {
  expect(vcpuChargeOf('p5.48xlarge', 'reserved')).toBe('reserved');
});

test.each([
  ['trn1.32xlarge', 'on-demand'],
  ['dl1.24xlarge', 'on-demand'],
  ['hpc7g.4xlarge', 'on-demand'],
  ['u-6tb1.metal', 'on-demand'],
  ['mac2.metal', 'on-demand'],
  ['m7g.xlarge', undefined],
  ['m7g.xlarge', 'capacity-block'],
  [undefined, 'spot'],
  ['', 'spot'],
])('of %s, %s, it is not known', (type, capacity) => {
  expect(vcpuChargeOf(type, capacity)).toBe('unknown');
});
