import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emoji } from '../../src/sandbox/page/emoji.ts';
import { caughtIn, root } from '../infra/read-infra.ts';

test('the page draws every emoji that Amiable writes', () => {
  const files = ['blocks', 'handlers', 'src/workflow', 'src/tracking'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  );
  const written = caughtIn(files, /:([a-z]+(?:_[a-z]+)*):/g);
  expect(written).toContain('raised_hand');
  expect(written.filter((name) => !Object.hasOwn(emoji, name))).toEqual([]);
});
