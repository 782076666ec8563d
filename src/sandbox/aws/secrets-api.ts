import { z } from 'zod';
import { sha256 } from '../../shared/canonical.ts';
import { ApiError } from './api-error.ts';
import { type Answer, type Call, type Context, inputOf } from './call.ts';

const GetSecretValue = z.object({
  SecretId: z.string().min(1).max(2_048),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});

/** Secrets Manager, reading the current version. */
export function secretsApi({ world }: Context, call: Call): Answer {
  if (call.operation !== 'GetSecretValue') throw new ApiError('UnknownOperationException', '');
  const { SecretId, VersionId, VersionStage } = inputOf(GetSecretValue, call);
  const secrets = Object.entries(world.secrets[call.region] ?? {});
  const found = secrets.find(([name, { arn }]) => name === SecretId || arn === SecretId);
  if (found === undefined)
    throw new ApiError(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    );
  const [name, { arn, value, at }] = found;
  const versionId = sha256(value).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  if ((VersionStage ?? 'AWSCURRENT') !== 'AWSCURRENT' || (VersionId ?? versionId) !== versionId)
    throw new ApiError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${VersionId === undefined ? `staging label: ${VersionStage}` : `VersionId: ${VersionId}`}`,
    );
  return {
    json: {
      ARN: arn,
      Name: name,
      VersionId: versionId,
      SecretString: value,
      VersionStages: ['AWSCURRENT'],
      CreatedDate: at / 1_000,
    },
  };
}

/** ARNs end in six characters that the name does not tell. */
export function secretArn(region: string, account: string, name: string): string {
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${sha256(name).slice(0, 6)}`;
}
