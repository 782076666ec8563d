import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clamp,
  escapeMarkdown,
  escapeMrkdwn,
  markdown,
  oneLine,
  stripControl,
} from '../../src/shared/text.ts';

/** Any text, with what could hurt in it far more often than chance would put it there. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        '<!channel>',
        '<@U123>',
        '@octocat',
        '#12',
        'fixes #1',
        'Closes: acme/gitops#7',
        'GH-9',
        '://',
        'https://evil.example/x',
        'www.evil.example',
        '</td><script>',
        '<!--',
        '[a](https://b)',
        '`',
        '```',
        '|',
        '\n',
        '\n# ',
        '\u202e',
        '\u200b',
        '\u0007',
        '&lt;',
        '&',
        '\\',
        '*',
        '_',
        '~~',
        'deadbeef1',
        '1. ',
        '- ',
        '$x$',
        '\ud800',
        'ann@example.com',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('stripControl', () => {
  test('removes controls, bidi marks and zero-width characters, and keeps lines', () => {
    expect(stripControl('a\r\n\tb\u0000\u202ec\u2066\u200bd\u00ad\ufeffe')).toBe('a\n\tbcde');
    expect(oneLine(' a\r\n\tb\u2028 c ')).toBe('a b c');
  });

  test('keeps every script and emoji', () => {
    expect(stripControl('čeština 日本語 🚀')).toBe('čeština 日本語 🚀');
  });

  test('leaves nothing unseen of any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(stripControl(text)).not.toMatch(/[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\u2028\u2029]/u);
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });
});

describe('clamp', () => {
  test.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['🚀🚀🚀', 3, '🚀🚀🚀'],
    ['🚀🚀🚀🚀', 3, '🚀🚀…'],
    ['a b c', 3, 'a…'],
    ['ab', 1, '…'],
    ['', 1, ''],
  ])('%j at most %d is %j', (text, max, wanted) => expect(clamp(text, max)).toBe(wanted));

  test('never exceeds the bound and never cuts a character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const cut = clamp(text, max);
        expect([...cut].length).toBeLessThanOrEqual(max);
        expect(cut).toSatisfy((value: string) => value.isWellFormed());
        expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true);
      }),
    );
  });
});

describe('escapeMrkdwn', () => {
  test('turns the three signs into entities, once', () => {
    expect(escapeMrkdwn('<!channel> & <@U1> &lt;')).toBe(
      '&lt;!channel&gt; &amp; &lt;@U1&gt; &amp;lt;',
    );
  });

  test('keeps marks inside words, so that names can be copied', () => {
    expect(escapeMrkdwn('AL2023_x86_64 arn:aws:ssm at 10:31')).toBe(
      'AL2023_x86_64 arn:aws:ssm at 10:31',
    );
    expect(escapeMrkdwn('*bold* :tada:')).toBe('*\u2060bold*\u2060 :\u2060tada:');
  });

  test('leaves no angle bracket and no stray ampersand in any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = escapeMrkdwn(text);
        expect(safe).not.toMatch(/[<>\n]|&(?!amp;|lt;|gt;)/);
        const shown = safe.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
        expect(shown.replaceAll('\u2060', '')).toBe(oneLine(text));
      }),
    );
  });
});

/** What GitHub's renderer leaves of escaped text before it looks for mentions, references and addresses. */
function rendered(safe: string): string {
  return safe
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&#8203;/g, '\u200b')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

describe('escapeMarkdown', () => {
  test.each([
    ['fixes #12 by @octocat', 'fixes \\#&#8203;12 by @&#8203;octocat'],
    ['x86_64 *new* [a](https://b.example)', 'x86\\_64 \\*new\\* \\[a\\](https:&#8203;//b.example)'],
    ['<img src=x> a|b', '&lt;img src=x&gt; a\\|b'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['closes GH-3, see www.a.example', 'closes GH-&#8203;3, see www&#8203;.a.example'],
    ['a\n\n# b', 'a \\#&#8203; b'],
    ['Revert e27d1b03', 'Revert e27d&#8203;1b03'],
    ['6.12.94-123.180.amzn2023 of 20260714', '6.12.94-123.180.amzn2023 of 20260714'],
  ])('%j becomes %j', (text, wanted) => expect(escapeMarkdown(text)).toBe(wanted));

  test('leaves no mention, reference, address or HTML in any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = escapeMarkdown(text);
        expect(safe).not.toMatch(/[<>\n]|&(?!amp;|lt;|gt;|#8203;)/);
        expect(safe).not.toMatch(/(?<!\\)(?:\\\\)*[`*_[\]{}|~$]/);
        const text2 = rendered(safe);
        expect(text2).not.toMatch(/@[a-z0-9-]|#\d|gh-\d|:\/\/|www\./i);
        expect(text2.replaceAll('\u200b', '')).toBe(oneLine(text));
      }),
      { numRuns: 500 },
    );
  });

  test('lets safe pieces be put together, and nothing else', () => {
    const safe = markdown`**${escapeMarkdown('a*b')}**: ${3}`;
    expect(safe).toBe('**a\\*b**: 3');
    expect(markdown`${1}\n\n${2}`).toBe('1\n\n2');
    // @ts-expect-error plain text is not safe yet
    markdown`${'plain'}`;
  });
});
