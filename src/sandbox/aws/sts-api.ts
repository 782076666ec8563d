import { ApiError } from './api-error.ts';
import type { Answer, Call, Context } from './call.ts';
import { element } from './encode-answer.ts';

/** STS, telling who asks. It needs no permission, so it never refuses a valid signature. */
export function stsApi({ account }: Context, { operation }: Call): Answer {
  if (operation !== 'GetCallerIdentity')
    throw new ApiError('InvalidAction', `Could not find operation ${operation}`);
  return {
    xml:
      element('Arn', `arn:aws:sts::${account}:assumed-role/amiable/sandbox`) +
      element('UserId', 'AROASANDBOXSANDBOXSAN:sandbox') +
      element('Account', account),
  };
}
