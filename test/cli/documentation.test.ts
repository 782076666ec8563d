import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
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

test('every example of JSON is JSON', () => {
  const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => json);
  expect(examples).toHaveLength(5);
  for (const json of examples) expect(() => void JSON.parse(json)).not.toThrow();
});
