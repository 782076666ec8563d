import type { Answer, Caller } from '../route.ts';
import type { World } from '../world.ts';
import { type Args, execute, validate } from './execute.ts';
import { githubSchema } from './github-schema.ts';
import { type Operation, parseQuery, type Selection } from './parse-query.ts';

/** What a GraphQL request is called in faults and counters: a mutation's field, else the operation's name. */
export function operationName(body: Readonly<Record<string, unknown>>): string {
  try {
    const { kind, name, selections } = parseQuery(String(body['query'] ?? ''));
    const [first] = selections;
    if (kind === 'mutation' && first?.kind === 'field') return first.name;
    return name ?? 'query';
  } catch {
    return 'query';
  }
}

/** Answers `POST /graphql`: 200 also with `errors`, as GitHub does. */
export function graphqlAnswer(
  world: World,
  caller: Caller,
  body: Readonly<Record<string, unknown>>,
): Answer {
  if (typeof body['query'] !== 'string') {
    return {
      status: 400,
      body: { message: 'A query attribute must be specified and must be a string.' },
    };
  }
  let operation: Operation;
  try {
    operation = parseQuery(body['query']);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return failed([{ message: error.message, locations: [{ line: 1, column: 1 }] }]);
  }
  const variables =
    typeof body['variables'] === 'object' && body['variables'] !== null
      ? (body['variables'] as Args)
      : {};
  const missing = operation.variables.filter(
    ({ name, required }) => required && (variables[name] ?? null) === null,
  );
  if (missing.length > 0) {
    return failed(
      missing.map(({ name }) => ({
        message: `Variable $${name} was provided invalid value`,
        extensions: {
          value: null,
          problems: [{ path: [], explanation: 'Expected value to not be null' }],
        },
      })),
    );
  }
  const problems = validate(githubSchema, operation);
  if (problems.length > 0) return failed(problems);
  if (objectsIn(operation.selections) > world.objectLimit) {
    return failed([
      { type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits for this query exceeded.' },
    ]);
  }
  return { status: 200, body: execute(githubSchema, operation, variables, { world, caller }) };
}

function failed(errors: readonly unknown[]): Answer {
  return { status: 200, body: { errors } };
}

function objectsIn(selections: readonly Selection[]): number {
  return selections.reduce(
    (n, x) => n + (x.kind === 'field' && x.name === 'object' ? 1 : 0) + objectsIn(x.selections),
    0,
  );
}
