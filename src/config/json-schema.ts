import { z } from 'zod';
import type { Json } from '../shared/canonical.ts';
import { Config } from './config.ts';

type Node = { readonly [key: string]: Json | undefined };

/**
 * JSON Schema (draft 7, which editors know best) of `amiable.yaml` as it is written: keys, forms, defaults and what each
 * key is for. What one key says of another only `parseConfig` knows.
 */
export function jsonSchema(): Node {
  const { $schema, ...schema } = z.toJSONSchema(Config, { io: 'input', target: 'draft-7' }) as Node;
  return {
    $schema: $schema ?? '',
    title: 'amiable.yaml',
    description: 'Configuration of Amiable.',
    ...asWritten(schema),
  };
}

const variable = { type: 'string', pattern: '\\$\\{' };
const notes = ['description', 'default', 'writeOnly'];

/** Leaves as people write them: durations as text, and `${VARIABLE}` wherever text may stand. */
function asWritten(node: Node): Node {
  const { amiable, ...rest } = node;
  if (isNode(amiable)) return orVariable({ ...pick(rest, notes), ...amiable });
  const isText = typeof rest['const'] === 'string' || rest['type'] === 'string';
  if (isText) return orVariable(rest);
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key === 'oneOf' ? 'anyOf' : key,
      below(key, value),
    ]),
  );
}

function below(key: string, value: Json | undefined): Json | undefined {
  if (key === 'default' || value === undefined) return value;
  if (key === 'properties' && isNode(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        isNode(member) ? asWritten(member) : member,
      ]),
    );
  }
  if (Array.isArray(value))
    return value.map((item: Json) => (isNode(item) ? asWritten(item) : item));
  return isNode(value) ? asWritten(value) : value;
}

function orVariable(node: Node): Node {
  const form = Object.fromEntries(Object.entries(node).filter(([key]) => !notes.includes(key)));
  const isFree = Object.keys(form).every((key) => key === 'type') && form['type'] === 'string';
  return isFree ? node : { ...pick(node, notes), anyOf: [form, variable] };
}

function pick(node: Node, keys: readonly string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([key]) => keys.includes(key)));
}

function isNode(value: Json | undefined): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
