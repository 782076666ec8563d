import type { ModelRequest } from './aws/model-reply.ts';

/**
 * The model of the sandbox: it behaves well and knows nothing but the facts it is given, of which it explains the first
 * few package moves. Its modes of misbehaviour are the stand-in's.
 */
export function demoModel({ messages }: ModelRequest): string {
  const text = messages
    .flatMap(({ content }) => content.flatMap((part) => part.text ?? []))
    .join('\n');
  const facts = [...text.matchAll(/^([A-Z]\d+): (.+)$/gm)].map(([, id = '', said = '']) => ({
    id,
    said,
  }));
  if (text.includes('"statements"')) return answerOf(text, facts);
  const packages = facts.filter(({ id }) => id.startsWith('P'));
  const first = packages[0] ?? facts[0];
  if (first === undefined) return '{}';
  const kernel = packages.find(({ said }) => said.includes('kernel')) ?? first;
  return JSON.stringify({
    sentence: { text: plain(kernel.said), facts: [kernel.id] },
    bullets: packages
      .filter(({ id }) => id !== kernel.id)
      .slice(0, 3)
      .map(({ id, said }) => ({ text: plain(said), facts: [id] })),
    unknowns: facts
      .filter(({ id }) => id.startsWith('U'))
      .slice(0, 1)
      .map(({ id, said }) => ({ text: plain(said), facts: [id] })),
    risk: { level: 'low', text: 'patch releases of the same series', facts: [kernel.id] },
  });
}

/** The facts that share a word with the question, which stands behind `Q1`. */
function answerOf(text: string, facts: readonly { readonly id: string; readonly said: string }[]) {
  const question = /^Q1: (.+)$/m.exec(text)?.[1] ?? '';
  const words = question.toLowerCase().match(/[a-z]{4,}/g) ?? [];
  const matching = facts
    .filter(
      ({ id, said }) => id !== 'Q1' && words.some((word) => said.toLowerCase().includes(word)),
    )
    .slice(0, 3);
  return JSON.stringify({
    statements: matching.map(({ id, said }) => ({ text: plain(said), facts: [id] })),
  });
}

/** A fact in the words of a person: `kernel: 1.1 to 1.2 (patch) in all images` as a sentence. */
function plain(said: string): string {
  const told = said.replace(
    /^(\S+): (\S+) to (\S+) \((\w+)\)/,
    'The $1 package moves from $2 to $3, a $4 release,',
  );
  return told.replace(/\.$/, '').slice(0, 190).concat('.');
}
