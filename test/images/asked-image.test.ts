import { expect, test } from 'vitest';
import { askedImage, runsAsked } from '../../src/images/asked-image.ts';

test.each([
  ['al2023@v20251120', { by: 'release', text: 'al2023@v20251120' }],
  ['v20251120', { by: 'release', text: 'v20251120' }],
  ['20251120', { by: 'release', text: '20251120' }],
  ['release 1.50', { by: 'release', text: '1.50' }],
  ['Kernel 6.12', { by: 'kernel', text: '6.12' }],
  ['kernel=6.12.118-147', { by: 'kernel', text: '6.12.118-147' }],
  ['driver R580', { by: 'driver', text: '580' }],
  ['nvidia 580.95', { by: 'driver', text: '580.95' }],
  ['6.12.118', { by: 'any', text: '6.12.118' }],
  ['al', undefined],
  ['kernel', undefined],
  ['kernal 6.12', undefined],
  ['foo', undefined],
  ['bottlerocket', { by: 'release', text: 'bottlerocket' }],
  ['acme@', { by: 'release', text: 'acme@' }],
  ['driver none', undefined],
])('reads %s', (typed, asked) => {
  expect(askedImage(typed)).toEqual(asked);
});

const runs = {
  release: 'bottlerocket@1.50.0',
  kernel: '6.12.58-82.121.amzn2023.x86_64',
  driver: '580.95.05-1.amzn2023',
};

test.each([
  ['kernel 6.12', true],
  ['kernel 6.12.58', true],
  ['kernel 6.12.5', false],
  ['kernel 6.1', false],
  ['kernel 6.12.', true],
  ['driver 580', true],
  ['driver 58', false],
  ['1.50', true],
  ['6.12', true],
  ['580', true],
  ['6.18', false],
])('%s is run: %s', (typed, expected) => {
  const asked = askedImage(typed);
  expect(asked && runsAsked(asked, runs)).toBe(expected);
});

test('what is not known of a node is neither yes nor no, and an image without a driver has none', () => {
  const driver = askedImage('driver 580');
  const any = askedImage('6.12');
  if (driver === undefined || any === undefined) throw new Error('not read');
  expect(runsAsked(driver, { release: 'al2023@v20251120' })).toBe('unknown');
  expect(runsAsked(driver, { driver: null })).toBe(false);
  expect(runsAsked(any, { release: 'al2023@v20251120', driver: null })).toBe('unknown');
  expect(runsAsked(any, { kernel: '6.12.58' })).toBe(true);
});
