/** One instruction of a Dockerfile: its word, its flags, and the rest as it stands there. */
export type Instruction = {
  readonly word: string;
  /** `--from=build` as `from` → `build`. */
  readonly flags: ReadonlyMap<string, string>;
  readonly rest: string;
};

/** Reads the instructions in order: comments dropped, continued lines joined, leading flags taken off. */
export function parseDockerfile(text: string): readonly Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [word = '', ...others] = line.trim().split(/\s+/);
    const flags = new Map<string, string>();
    let rest = line.trim().slice(word.length).trim();
    for (const other of others) {
      const [, name, value] = /^--([a-z-]+)=(.*)$/.exec(other) ?? [];
      if (name === undefined || value === undefined) break;
      flags.set(name, value);
      rest = rest.slice(other.length).trim();
    }
    return { word, flags, rest };
  });
}

/** The words of an exec form such as `["node", "a.mjs"]`. @throws Error for the shell form. */
export function execForm(rest: string): readonly string[] {
  const words: unknown = JSON.parse(rest);
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string'))
    throw new Error(`Not an exec form: ${rest}`);
  return words;
}

/** The paths of a .dockerignore. @throws Error for a pattern, which nothing here understands. */
export function parseDockerignore(text: string): readonly string[] {
  const paths = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  for (const path of paths)
    if (/[*?![\]]/.test(path)) throw new Error(`.dockerignore: ${path} is a pattern`);
  return paths;
}
