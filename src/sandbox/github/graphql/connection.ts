import { type Args, GraphqlRefusal, type Schema } from './execute.ts';
import { type Context, field } from './field.ts';

/** One page of a list, as GitHub's GraphQL gives lists. */
export type Connection<Node> = {
  readonly total: number;
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** @param name of the list, for GitHub's words when nobody says how much of it, or too much. */
export function connection<Node>(
  name: string,
  all: readonly Node[],
  { first, after }: Args,
): Connection<Node> {
  if (typeof first !== 'number') {
    throw new GraphqlRefusal(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  if (first > 100) {
    throw new GraphqlRefusal(
      'EXCESSIVE_PAGINATION',
      `Requesting ${first} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`,
    );
  }
  const start = typeof after === 'string' ? Number(Buffer.from(after, 'base64').toString()) : 0;
  const end = Math.min(all.length, start + first);
  return {
    total: all.length,
    nodes: all.slice(start, end),
    pageInfo: {
      hasNextPage: end < all.length,
      endCursor: end === 0 ? null : Buffer.from(String(end)).toString('base64'),
    },
  };
}

/** The fields of a list of such nodes. */
export function connectionOf(node: string): Schema<Context>[string] {
  return {
    totalCount: field(({ total }: Connection<unknown>) => total),
    pageInfo: field(({ pageInfo }: Connection<unknown>) => pageInfo, 'PageInfo'),
    nodes: field(({ nodes }: Connection<unknown>) => nodes, node),
  };
}
