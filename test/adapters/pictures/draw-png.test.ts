import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { nodesPicture } from '../../../blocks/nodes-picture.ts';
import { drawPng } from '../../../src/adapters/pictures/draw-png.ts';
import { RolloutId } from '../../../src/shared/ids.ts';
import { minute } from '../../../src/shared/time.ts';

const start = Date.parse('2026-11-20T12:00:00Z');

/** Width and height, and the image's rows as PNG keeps them. */
function read(png: Uint8Array) {
  const bytes = Buffer.from(png);
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const size = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return { size, rows: inflateSync(Buffer.concat(parts)) };
}

const svg = (inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60" font-family="DejaVu Sans"><rect width="300" height="60" fill="#fff"/>${inside}</svg>`;

test('letters are drawn, in both weights, with the fonts that come along', async () => {
  const blank = read(await drawPng(svg(''))).rows;
  const plain = read(await drawPng(svg('<text y="40" font-size="30">nodes</text>'))).rows;
  const bold = read(
    await drawPng(svg('<text y="40" font-size="30" font-weight="bold">nodes</text>')),
  ).rows;
  expect(plain.equals(blank)).toBe(false);
  expect(bold.equals(blank)).toBe(false);
  expect(bold.equals(plain)).toBe(false);
});

test('the picture of a rollout is 1,600 by 800, and each of its texts is drawn', async () => {
  const picture = nodesPicture(RolloutId.parse('ro_0123456789'), {
    release: 'al2023@v20261118',
    before: ['al2023@v20261021'],
    total: 4,
    points: [0, 2, 4].map((moved, i) => ({ at: start + i * minute, moved })),
    merges: [{ environment: 'staging', at: start }],
  });
  const whole = read(await drawPng(picture.svg()));
  expect(whole.size).toEqual([1600, 800]);
  const texts = picture.svg().match(/<text.*?<\/text>/g) ?? [];
  expect(texts.length).toBeGreaterThan(10);
  for (const text of texts) {
    const without = read(await drawPng(picture.svg().replace(text, ''))).rows;
    expect(without.equals(whole.rows), text).toBe(false);
  }
}, 30_000);
