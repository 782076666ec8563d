/** An error answer in GitHub's words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** GitHub's `errors` member: what exactly was wrong. */
  readonly errors: readonly unknown[] | undefined;

  constructor(status: number, message: string, errors?: readonly unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = () => new Refusal(404, 'Not Found');

/** 422 as GitHub words a rule of its own that was broken. */
export function unprocessable(resource: string, message: string): Refusal {
  return new Refusal(422, 'Validation Failed', [{ resource, code: 'custom', message }]);
}

/** 422 for a field that is missing or wrong. */
export function invalidField(
  resource: string,
  field: string,
  code: 'missing_field' | 'invalid',
): Refusal {
  return new Refusal(422, 'Validation Failed', [{ resource, field, code }]);
}
