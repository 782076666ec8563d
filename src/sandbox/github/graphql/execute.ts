import type { Operation, Selection } from './parse-query.ts';

/** One error of a GraphQL answer, as GitHub has them. */
export type GraphqlError = {
  readonly type?: string;
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
};

/** Thrown by a resolver: the field becomes `null` and the error is listed. */
export class GraphqlRefusal extends Error {
  override readonly name = 'GraphqlRefusal';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export type Args = Readonly<Record<string, unknown>>;
/** A field: what it gives, and the object type of it where it is no leaf. */
export type Field<Context> = {
  readonly of?: string;
  readonly resolve: (parent: unknown, args: Args, context: Context) => unknown;
};
export type Schema<Context> = Readonly<Record<string, Readonly<Record<string, Field<Context>>>>>;

/** Unknown fields are refused before anything runs, as GraphQL demands. */
export function validate<C>(
  schema: Schema<C>,
  { kind, selections }: Operation,
): readonly GraphqlError[] {
  const root = kind === 'query' ? 'Query' : 'Mutation';
  return check(schema, root, selections, [kind]);
}

function check<C>(
  schema: Schema<C>,
  type: string,
  selections: readonly Selection[],
  path: readonly string[],
): readonly GraphqlError[] {
  return selections.flatMap((selection): readonly GraphqlError[] => {
    if (selection.kind === 'fragment') {
      if (schema[selection.on] === undefined) {
        return [
          { path, message: `No such type ${selection.on}, so it can't be a fragment condition` },
        ];
      }
      return check(schema, selection.on, selection.selections, path);
    }
    if (selection.name === '__typename') return [];
    const below = [...path, selection.alias];
    const field = schema[type]?.[selection.name];
    if (field === undefined) {
      const message = `Field '${selection.name}' doesn't exist on type '${type}'`;
      return [
        {
          path: below,
          message,
          extensions: { code: 'undefinedField', typeName: type, fieldName: selection.name },
        },
      ];
    }
    if (field.of === undefined) return [];
    if (selection.selections.length === 0) {
      return [
        {
          path: below,
          message: `Field must have selections (field '${selection.name}' returns ${field.of} but has no selections.)`,
        },
      ];
    }
    return check(schema, field.of, selection.selections, below);
  });
}

export function execute<C>(
  schema: Schema<C>,
  operation: Operation,
  variables: Args,
  context: C,
): { readonly data: unknown; readonly errors?: readonly GraphqlError[] } {
  const errors: GraphqlError[] = [];
  const run = (
    type: string,
    value: unknown,
    selections: readonly Selection[],
    path: readonly (string | number)[],
  ): unknown => {
    const concrete = typeOf(value) ?? type;
    const result: Record<string, unknown> = {};
    for (const selection of selections) {
      if (selection.kind === 'fragment') {
        if (selection.on === concrete)
          Object.assign(result, run(concrete, value, selection.selections, path));
        continue;
      }
      const at = [...path, selection.alias];
      const field = schema[concrete]?.[selection.name];
      if (field === undefined) {
        if (selection.name === '__typename') result[selection.alias] = concrete;
        continue;
      }
      try {
        const args = Object.fromEntries(
          Object.entries(selection.args).map(([name, arg]) => [
            name,
            arg.kind === 'variable' ? variables[arg.name] : arg.value,
          ]),
        );
        const got = field.resolve(value, args, context);
        result[selection.alias] = complete(field.of, got, selection.selections, at);
      } catch (error) {
        if (!(error instanceof GraphqlRefusal)) throw error;
        errors.push({ type: error.type, path: at, message: error.message });
        result[selection.alias] = null;
      }
    }
    return result;
  };
  const complete = (
    of: string | undefined,
    got: unknown,
    selections: readonly Selection[],
    path: readonly (string | number)[],
  ): unknown => {
    if (got === null || got === undefined) return null;
    if (of === undefined) return got;
    if (Array.isArray(got)) return got.map((item, i) => run(of, item, selections, [...path, i]));
    return run(of, got, selections, path);
  };
  const root = operation.kind === 'query' ? 'Query' : 'Mutation';
  const data = run(root, {}, operation.selections, []);
  return { data, ...(errors.length > 0 && { errors }) };
}

function typeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('__typename' in value)) return undefined;
  return typeof value.__typename === 'string' ? value.__typename : undefined;
}
