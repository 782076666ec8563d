import type { Verdict } from '../../adapters/dynamodb/emulator.ts';
import type { Described } from './describe-request.ts';

const changesWhatIsThere = new Set(['UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/**
 * What the service's IAM policy denies: to change, delete or write by batch anything under `log#`. An unconditional
 * put over a commit cannot be denied by IAM; the chain of hashes finds it.
 * @returns the refusal; `undefined` when the policy has nothing against it.
 */
export function deniedByPolicy({ operation, keys }: Described): Verdict | undefined {
  if (!changesWhatIsThere.has(operation)) return undefined;
  if (!keys.some((key) => key.startsWith('log#'))) return undefined;
  return {
    do: 'answer',
    status: 400,
    body: {
      __type: 'com.amazon.coral.service#AccessDeniedException',
      Message: `User: arn:aws:sts::000000000000:assumed-role/amiable/sandbox is not authorized to perform: dynamodb:${operation} on resource: arn:aws:dynamodb:us-east-1:000000000000:table/amiable with an explicit deny in an identity-based policy`,
    },
  };
}
