import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fleetOf } from '../../src/compose/fleet.ts';
import { configOf } from '../config/minimal-config.ts';

test('owners of the configuration are those whose channels are told', () => {
  const example = readFileSync(new URL('../../amiable.example.yaml', import.meta.url), 'utf8');
  expect(fleetOf(configOf(example)).owners).toEqual([
    { namespaces: ['payments', 'payments-*'], nodePools: [], channel: 'C0444PAYMENTS' },
    { namespaces: [], nodePools: ['gpu-*'], channel: 'C0555MLPLATFORM' },
  ]);
});
