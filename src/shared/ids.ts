import { z } from 'zod';

/** One version of a family, spelled as an EC2NodeClass alias spells it: `al2023@v20251103`. */
export const ReleaseId = z
  .string()
  .regex(/^[a-z0-9]+@v?[0-9][0-9.]*$/)
  .brand<'ReleaseId'>();
export type ReleaseId = z.infer<typeof ReleaseId>;

/** `ro_` and ten hexadecimal digits: the start of a hash of family, release, scope and attempt. */
export const RolloutId = z
  .string()
  .regex(/^ro_[0-9a-f]{10}$/)
  .brand<'RolloutId'>();
export type RolloutId = z.infer<typeof RolloutId>;

/** A member of the workspace: `U…`, or `W…` in an Enterprise organisation. */
export const SlackUserId = z
  .string()
  .regex(/^[UW][A-Z0-9]{2,20}$/)
  .brand<'SlackUserId'>();
export type SlackUserId = z.infer<typeof SlackUserId>;

/** A Slack user group: `S…`. */
export const SlackGroupId = z
  .string()
  .regex(/^S[A-Z0-9]{2,20}$/)
  .brand<'SlackGroupId'>();
export type SlackGroupId = z.infer<typeof SlackGroupId>;

/** SHA-256 of a change's canonical JSON, 64 hexadecimal digits: what people approve. */
export const Digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Digest'>();
export type Digest = z.infer<typeof Digest>;

/** A repository on GitHub, as `owner/name`. */
export const RepositoryName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/)
  .brand<'RepositoryName'>();
export type RepositoryName = z.infer<typeof RepositoryName>;
