import { ApiError } from './api-error.ts';

/** In which form a client wants objects: whole, as rows of a table, or their metadata alone. */
export type Form = 'whole' | 'table' | 'metadata';

/** The first form of the Accept header that is served; @throws ApiError 406 when none is. */
export function formOf(accept: string | undefined): Form {
  if (accept === undefined || accept === '') return 'whole';
  for (const part of accept.split(',')) {
    const [type = '', ...parameters] = part.trim().split(';');
    if (!['application/json', 'application/*', '*/*'].includes(type.trim())) continue;
    const given = new Map(parameters.map((one) => one.trim().split('=') as [string, string]));
    const as = given.get('as');
    if (as === undefined) return 'whole';
    if (given.get('g') !== 'meta.k8s.io' || given.get('v') !== 'v1') continue;
    if (as === 'Table') return 'table';
    if (as === 'PartialObjectMetadataList' || as === 'PartialObjectMetadata') return 'metadata';
  }
  throw new ApiError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  );
}
