/** So many causes and characters are told; what is deeper down is a library's own business. */
const mostCauses = 4;
const mostCharacters = 400;

/**
 * Why a read failed: what the error says and what caused it, on one line. Names that `what` has already are not said
 * again, nor is a cause that only repeats.
 */
export function reasonOf(what: string, error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said: string[] = [];
  for (
    let one: unknown = error;
    one instanceof Error && said.length < mostCauses;
    one = one.cause
  ) {
    const text = withoutNamesOf(what, textOf(one));
    const last = text.split(': ').at(-1) ?? text;
    if (!said.some((line) => line.includes(last))) said.push(text);
  }
  return said.join(': ').slice(0, mostCharacters);
}

/** Several refused connections come as one error without words of its own. */
function textOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return (error.message || code).replaceAll(/\s+/g, ' ').trim();
}

function withoutNamesOf(what: string, text: string): string {
  const [, name, rest] = /^([^:]{1,80}): (.+)$/.exec(text) ?? [];
  return name !== undefined && rest !== undefined && namesIn(what).includes(name)
    ? withoutNamesOf(what, rest)
    : text;
}

/** `Argo CD: app for prod-1` names `Argo CD`, `app` and `prod-1`. */
function namesIn(what: string): readonly string[] {
  return what.split(/: | for | /).concat(what.split(': '));
}
