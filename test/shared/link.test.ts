import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkTarget, markdownLink, mrkdwnLink } from '../../src/shared/link.ts';

test.each([
  'javascript:alert(1)',
  'http://alas.aws.amazon.com/',
  'https://a:b@github.com/',
  '//github.com',
  'data:text/html,x',
  '',
])('%j is not linked', (url) => {
  expect(linkTarget(url)).toBeUndefined();
  expect(mrkdwnLink('the <label>', url)).toBe('the &lt;label&gt;');
  expect(markdownLink('the <label>', url)).toBe('the &lt;label&gt;');
});

test('links https, and this machine', () => {
  expect(mrkdwnLink('#482', 'https://github.com/acme/gitops/pull/482?a=1&b=2')).toBe(
    '<https://github.com/acme/gitops/pull/482?a=1&amp;b=2|#482>',
  );
  expect(markdownLink('a|b', 'http://127.0.0.1:8080/x_y')).toBe(
    '[a\\|b](http://127.0.0.1:8080/x%5Fy)',
  );
});

test('nothing in an address ends the link early', () => {
  fc.assert(
    fc.property(fc.string(), (tail) => {
      const slack = mrkdwnLink('label', `https://github.com/${tail}`);
      const markdown = markdownLink('label', `https://github.com/${tail}`);
      expect(slack === 'label' || /^<[^<>|\s]+\|label>$/.test(slack)).toBe(true);
      expect(markdown === 'label' || /^\[label\]\([^()[\]\s<>]+\)$/.test(markdown)).toBe(true);
    }),
  );
});
