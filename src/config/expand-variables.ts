import type { Finding } from './config-error.ts';

/** Stands where a variable was missing, so that the key is not called missing as well. */
export const unknownValue = '\u0000unknown';

/** Puts environment variables in: `${NAME}` anywhere in a value, never in keys; `$${` is a plain `${`. */
export function expandVariables(
  tree: unknown,
  env: Readonly<Record<string, string | undefined>>,
): { readonly value: unknown; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const expand = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof value === 'string') return expandText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, expand(member, [...path, key])]),
    );
  };
  const expandText = (text: string, path: readonly PropertyKey[]): string => {
    let complete = true;
    const say = (message: string) => {
      complete = false;
      findings.push({ path, message });
      return '';
    };
    const expanded = text.replaceAll(/\$\$\{|\$\{([^}]*)(\}?)/g, (whole, name, end) => {
      if (whole === '$${') return '${';
      if (end === '' || !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
        return say(
          `has a \${ without the name of an environment variable and } behind it; a plain \${ is written $\${.`,
        );
      }
      return env[name] ?? say(`uses the environment variable ${name}, which is not set.`);
    });
    return complete ? expanded : unknownValue;
  };
  return { value: expand(tree, []), findings };
}
