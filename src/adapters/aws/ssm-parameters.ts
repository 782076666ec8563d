import { type AwsConnection, clientOptions, once, readAws } from './connection.ts';

/** SSM takes so many names a request. */
const namesPerRequest = 10;

/** Values of the names that exist in a region, each asked for once. @throws AwsError */
export type ReadParameters = (
  region: string,
  names: readonly string[],
) => Promise<ReadonlyMap<string, string>>;

/** Reads SSM parameters, ten names a request. */
export function createReadParameters(connection: AwsConnection): ReadParameters {
  const ssmOf = once(async (region) => {
    const { GetParametersCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient(clientOptions(connection, region));
    return (Names: string[], abortSignal: AbortSignal) =>
      client.send(new GetParametersCommand({ Names }), { abortSignal });
  });
  return async (region, names) => {
    const values = new Map<string, string>();
    const distinct = [...new Set(names)];
    // one after another: the forty reads a second are shared with everything else in the account
    for (let i = 0; i < distinct.length; i += namesPerRequest) {
      const batch = distinct.slice(i, i + namesPerRequest);
      const send = await ssmOf(region);
      const { Parameters = [] } = await readAws(connection, 'SSM', 'GetParameters', (signal) =>
        send(batch, signal),
      );
      for (const { Name, Value } of Parameters)
        if (Name !== undefined && Value !== undefined) values.set(Name, Value);
    }
    return values;
  };
}
