import { expect, test } from 'vitest';
import { createSightings } from '../../src/workflow/sightings.ts';
import { id } from '../rollout/story.ts';

test('what was seen of a rollout is kept until nobody follows it any more', () => {
  const sightings = createSightings();
  sightings(id).troubles.set('stg', { what: 'stg does not answer' } as never);
  expect(sightings(id).troubles.size).toBe(1);
  sightings.forget(id);
  expect(sightings(id).troubles.size).toBe(0);
});
