/** The part of GraphQL our client speaks: one operation, variables, arguments, aliases, inline fragments. */
export type ArgumentValue =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null };

export type Selection =
  | {
      readonly kind: 'field';
      readonly alias: string;
      readonly name: string;
      readonly args: Readonly<Record<string, ArgumentValue>>;
      readonly selections: readonly Selection[];
    }
  | { readonly kind: 'fragment'; readonly on: string; readonly selections: readonly Selection[] };

export type Operation = {
  readonly kind: 'query' | 'mutation';
  readonly name: string | undefined;
  readonly variables: readonly { readonly name: string; readonly required: boolean }[];
  readonly selections: readonly Selection[];
};

type Tokens = { readonly list: readonly string[]; at: number };

/** @throws SyntaxError when it is not such an operation. */
export function parseQuery(text: string): Operation {
  const list =
    text.match(/\.\.\.|"(?:[^"\\\n]|\\.)*"|-?\d+|[A-Za-z_]\w*|[{}()[\]:$!=]|[^\s,]/g) ?? [];
  const tokens: Tokens = { list, at: 0 };
  const kind = peek(tokens) === '{' ? 'query' : take(tokens);
  if (kind !== 'query' && kind !== 'mutation') throw unexpected(kind);
  const name = /^\w/.test(peek(tokens)) ? take(tokens) : undefined;
  const variables = peek(tokens) === '(' ? parseVariables(tokens) : [];
  const selections = parseSelections(tokens);
  if (tokens.at < list.length) throw unexpected(peek(tokens));
  return { kind, name, variables, selections };
}

function peek({ list, at }: Tokens): string {
  return list[at] ?? '';
}

function take(tokens: Tokens, wanted?: string): string {
  const token = peek(tokens);
  if (token === '' || (wanted !== undefined && token !== wanted)) throw unexpected(token);
  tokens.at += 1;
  return token;
}

function unexpected(token: string): SyntaxError {
  return new SyntaxError(token === '' ? 'Unexpected end of document' : `Parse error on "${token}"`);
}

function parseVariables(tokens: Tokens): Operation['variables'] {
  const variables: { name: string; required: boolean }[] = [];
  take(tokens, '(');
  while (peek(tokens) !== ')') {
    take(tokens, '$');
    const name = take(tokens);
    take(tokens, ':');
    let type = '';
    while (peek(tokens) !== '$' && peek(tokens) !== ')') type += take(tokens);
    variables.push({ name, required: type.endsWith('!') });
  }
  take(tokens, ')');
  return variables;
}

function parseSelections(tokens: Tokens): readonly Selection[] {
  const selections: Selection[] = [];
  take(tokens, '{');
  while (peek(tokens) !== '}') selections.push(parseSelection(tokens));
  take(tokens, '}');
  return selections;
}

function parseSelection(tokens: Tokens): Selection {
  if (peek(tokens) === '...') {
    take(tokens);
    take(tokens, 'on');
    return { kind: 'fragment', on: take(tokens), selections: parseSelections(tokens) };
  }
  const first = takeName(tokens);
  const aliased = peek(tokens) === ':';
  if (aliased) take(tokens);
  const name = aliased ? takeName(tokens) : first;
  const args = peek(tokens) === '(' ? parseArguments(tokens) : {};
  const selections = peek(tokens) === '{' ? parseSelections(tokens) : [];
  return { kind: 'field', alias: first, name, args, selections };
}

function takeName(tokens: Tokens): string {
  const name = take(tokens);
  if (!/^[A-Za-z_]\w*$/.test(name)) throw unexpected(name);
  return name;
}

function parseArguments(tokens: Tokens): Record<string, ArgumentValue> {
  const args: Record<string, ArgumentValue> = {};
  take(tokens, '(');
  while (peek(tokens) !== ')') {
    const name = takeName(tokens);
    take(tokens, ':');
    args[name] = parseValue(tokens);
  }
  take(tokens, ')');
  return args;
}

function parseValue(tokens: Tokens): ArgumentValue {
  const token = take(tokens);
  if (token === '$') return { kind: 'variable', name: takeName(tokens) };
  if (token.startsWith('"')) return { kind: 'literal', value: JSON.parse(token) as string };
  if (/^-?\d+$/.test(token)) return { kind: 'literal', value: Number(token) };
  if (token === 'true' || token === 'false') return { kind: 'literal', value: token === 'true' };
  if (token === 'null') return { kind: 'literal', value: null };
  throw unexpected(token);
}
