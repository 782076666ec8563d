import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeAskBlock,
  decodeCardKey,
  encodeAskBlock,
  encodeCardKey,
} from '../../blocks/card-key.ts';
import { limits } from '../../src/sandbox/slack/limits.ts';
import { RolloutId } from '../../src/shared/ids.ts';

const key = fc
  .record(
    {
      digits: fc.stringMatching(/^[0-9a-f]{10}$/),
      environment: fc.stringMatching(/^[a-z0-9-]{1,60}$/),
      ask: fc.integer({ min: 1, max: 10_000 }),
      cluster: fc.stringMatching(/^[a-z0-9-]{1,60}$/),
    },
    { requiredKeys: ['digits'] },
  )
  .map(({ digits, ...rest }) => ({ rolloutId: RolloutId.parse(`ro_${digits}`), ...rest }));

test('what is written into a button comes back, and fits it', () => {
  fc.assert(
    fc.property(key, (written) => {
      expect(decodeCardKey(encodeCardKey(written))).toEqual(written);
      expect(encodeCardKey(written).length).toBeLessThanOrEqual(limits.button.value);
    }),
  );
});

test('what names a row comes back', () => {
  fc.assert(
    fc.property(key, (written) => {
      expect(decodeAskBlock(encodeAskBlock(written))).toEqual(written);
      expect(encodeAskBlock(written).length).toBeLessThanOrEqual(limits.id);
    }),
  );
});

test('anything else is no key', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(decodeCardKey(text)).toBeUndefined();
      expect(decodeAskBlock(text)).toBeUndefined();
    }),
  );
});
