import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readBy } from '../../src/cli/refuse-unread.ts';
import { usage } from '../../src/cli/usage.ts';

const text = readFileSync('docs/cli.md', 'utf8');
const headings = text.split('\n').filter((line) => line.startsWith('## '));

test('every command of the usage has a section', () => {
  const commands = [...usage.matchAll(/^ {2}amiable ((?:[a-z]+ ?)+)/gm)].map(([, name = '']) =>
    name.trim(),
  );
  expect(commands).toContain('images latest');
  for (const command of commands)
    expect(headings.some((line) => line.includes(`amiable ${command}`))).toBe(true);
});

test('every option of the usage is documented', () => {
  for (const [option] of usage.matchAll(/--(?!version)[a-z]+/g)) expect(text).toContain(option);
});

/** Options after each `amiable …` of a text, by command; `a|b` are two. */
function optionsShown(said: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    said.flatMap((one) => {
      const [, first = '', second = ''] =
        /^amiable ([a-z|-]+)(?: ([a-z]+)(?= |$))?/.exec(one) ?? [];
      const options = [...one.matchAll(/--([a-z-]+)/g)].map(([, name = '']) => name);
      const read = [...new Set(options)].filter((name) => name !== 'config').sort();
      return first.split('|').map((name) => {
        const both = `${name} ${second}`;
        return [both in readBy ? both : name, read] as const;
      });
    }),
  );
}

test.for([
  ['the usage', usage.split(/\n {2}(?=amiable )/).slice(1, -1)],
  [
    'docs/cli.md',
    headings.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, said = '']) => said)),
  ],
] as const)('%s shows each command with the options that it reads', ([, said]) => {
  const shown = optionsShown(said);
  for (const [name, { options }] of Object.entries(readBy)) {
    if (name === 'sandbox-service') continue;
    expect({ name, options: shown.get(name) }).toEqual({ name, options: [...options].sort() });
  }
});

test('every example of JSON is JSON', () => {
  const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => json);
  expect(examples).toHaveLength(5);
  for (const json of examples) expect(() => void JSON.parse(json)).not.toThrow();
});
