/** Why no model answered: `intervened` is the guardrail's doing; `denied` wants a person to grant access. */
export type ModelUnavailableReason =
  | 'throttled'
  | 'timeout'
  | 'intervened'
  | 'denied'
  | 'end-of-life'
  | 'unavailable';

/** No usable words from Bedrock. Nothing of a rollout may depend on them, so this is never more than a remark. */
export class ModelUnavailableError extends Error {
  override readonly name = 'ModelUnavailableError';
  readonly reason: ModelUnavailableReason;

  constructor(reason: ModelUnavailableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
