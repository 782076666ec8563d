import type { Instant } from '../../shared/time.ts';
import { type AwsConnection, clientOptions, once, readAws } from './connection.ts';

/** SSM takes so many names a request. */
const namesPerRequest = 10;

/** A parameter that exists. */
export type PublicParameter = { readonly value: string; readonly writtenAt?: Instant };

/** The names that exist in a region, each asked for once. @throws AwsError */
export type ReadParameters = (
  region: string,
  names: readonly string[],
) => Promise<ReadonlyMap<string, PublicParameter>>;

/** Names of one region that are asked for together, and everybody who waits for them. */
type Gathering = {
  readonly names: Set<string>;
  readonly values: Promise<ReadonlyMap<string, PublicParameter>>;
};

/**
 * Reads SSM parameters, ten names a request. What is asked for in one turn of the event loop is asked together, each
 * name once: two questions of fifteen names take three requests, not four.
 */
export function createReadParameters(connection: AwsConnection): ReadParameters {
  const ssmOf = once(async (region) => {
    const { GetParametersCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient(clientOptions(connection, region));
    return (Names: string[], abortSignal: AbortSignal) =>
      client.send(new GetParametersCommand({ Names }), { abortSignal });
  });

  const readAll = async (region: string, names: ReadonlySet<string>) => {
    const values = new Map<string, PublicParameter>();
    const distinct = [...names];
    // one after another: the forty reads a second are shared with everything else in the account
    for (let i = 0; i < distinct.length; i += namesPerRequest) {
      const batch = distinct.slice(i, i + namesPerRequest);
      const send = await ssmOf(region);
      const { Parameters = [] } = await readAws(connection, 'SSM', 'GetParameters', (signal) =>
        send(batch, signal),
      );
      for (const { Name, Value: value, LastModifiedDate: written } of Parameters)
        if (Name !== undefined && value !== undefined)
          values.set(Name, { value, ...(written && { writtenAt: written.getTime() }) });
    }
    return values;
  };

  const gatherings = new Map<string, Gathering>();
  const gatheringIn = (region: string): Gathering => {
    const open = gatherings.get(region);
    if (open !== undefined) return open;
    const names = new Set<string>();
    const values = new Promise<void>((resolve) => void setImmediate(resolve)).then(() => {
      gatherings.delete(region);
      return readAll(region, names);
    });
    const fresh = { names, values };
    gatherings.set(region, fresh);
    return fresh;
  };

  return async (region, names) => {
    if (names.length === 0) return new Map();
    const gathering = gatheringIn(region);
    for (const name of names) gathering.names.add(name);
    const all = await gathering.values;
    const values = new Map<string, PublicParameter>();
    for (const name of names) {
      const value = all.get(name);
      if (value !== undefined) values.set(name, value);
    }
    return values;
  };
}
