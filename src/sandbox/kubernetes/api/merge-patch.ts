import { ApiError, badRequest } from './api-error.ts';

/** A merge patch as it was sent. @throws ApiError 415 for another form, 400 for what is no object. */
export function readMergePatch(
  contentType: string | undefined,
  body: string,
  forms: readonly string[] = ['application/merge-patch+json'],
): Record<string, unknown> {
  const type = contentType?.split(';')[0]?.trim() ?? '';
  if (!forms.includes(type))
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${forms.join(', ')}`,
    );
  try {
    const value: unknown = JSON.parse(body);
    if (isRecord(value)) return value;
  } catch {
    // answered below
  }
  throw badRequest('error decoding patch: json: cannot unmarshal');
}

/** RFC 7396: null removes, objects merge, anything else replaces. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatched(result[key], value);
  }
  return result;
}

/** The optimistic lock, where a patch carries one. @throws ApiError 409 when somebody wrote since. */
export function demandVersion(
  resource: string,
  { metadata }: { readonly metadata: { readonly name: string; readonly resourceVersion?: string } },
  patch: Record<string, unknown>,
): void {
  const wanted = patch['metadata'];
  const version = isRecord(wanted) ? wanted['resourceVersion'] : undefined;
  if (version === undefined || version === metadata.resourceVersion) return;
  throw new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource} "${metadata.name}": the object has been modified; please apply your changes to the latest version and try again`,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
