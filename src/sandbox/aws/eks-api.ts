import { ApiError } from './api-error.ts';
import type { Answer, Call, Context } from './call.ts';

/** EKS, describing clusters. One that is being created has neither endpoint nor certificate yet. */
export function eksApi({ world, account }: Context, call: Call): Answer {
  const name = call.path[1] ?? '';
  const cluster = world.clusters[call.region]?.[name];
  if (cluster === undefined)
    throw new ApiError('ResourceNotFoundException', `No cluster found for name: ${name}.`, 404);
  const { version, status, endpoint, certificateAuthority } = cluster;
  return {
    json: {
      cluster: {
        name,
        arn: `arn:aws:eks:${call.region}:${account}:cluster/${name}`,
        version,
        status,
        platformVersion: 'eks.9',
        ...(status !== 'CREATING' && {
          endpoint,
          certificateAuthority: { data: certificateAuthority },
        }),
      },
    },
  };
}
