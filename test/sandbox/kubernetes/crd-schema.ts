import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';

type Schema = {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
};

/** Checks objects as the API server would: against the CRD's schema, and for fields it would drop in silence. */
export function crdChecker(path: string, version: string): (object: unknown) => readonly string[] {
  const crd = parse(readFileSync(path, 'utf8')) as {
    spec: { versions: { name: string; schema: { openAPIV3Schema: Schema } }[] };
  };
  const schema = crd.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
  if (schema === undefined) throw new Error(`${path} has no version ${version}`);
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  return (object) => {
    validate(object);
    const broken = (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath} ${message}`,
    );
    return [...broken, ...unknownFields(schema, object, '')];
  };
}

function unknownFields(schema: Schema, value: unknown, at: string): readonly string[] {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true || at === '/metadata') return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      schema.items === undefined ? [] : unknownFields(schema.items, item, `${at}/${index}`),
    );
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const known = schema.properties?.[key];
    return known === undefined
      ? [`${at}/${key} is not in the schema`]
      : unknownFields(known, member, `${at}/${key}`);
  });
}
