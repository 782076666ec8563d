import { type AwsConnection, clientOptions, readAws } from './connection.ts';

/** Who we are to AWS; needs no permission, so it tells missing credentials from missing rights. @throws AwsError */
export async function callerIdentity(
  connection: AwsConnection & { readonly region: string },
): Promise<{ readonly account: string; readonly arn: string }> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(clientOptions(connection, connection.region));
  const { Account = '', Arn = '' } = await readAws(
    connection,
    'STS',
    'GetCallerIdentity',
    (signal) => client.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
  );
  client.destroy();
  return { account: Account, arn: Arn };
}
