import type { AnyObject } from '../objects.ts';
import { badRequest } from './api-error.ts';

export type Matches = (object: AnyObject) => boolean;

/**
 * Reads `labelSelector` and `fieldSelector` of a list or watch.
 * @throws ApiError for what cannot be read, and for fields the API server does not select by.
 */
export function selectorOf(query: URLSearchParams): Matches {
  const labels = partsOf(query.get('labelSelector')).map(labelRequirement);
  const fields = partsOf(query.get('fieldSelector')).map(fieldRequirement);
  return (object) => [...labels, ...fields].every((matches) => matches(object));
}

/** Splits at commas that are not inside parentheses: `a in (b,c),d`. */
function partsOf(text: string | null): readonly string[] {
  return (text ?? '')
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function labelRequirement(part: string): Matches {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
  if (set !== null) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    const isIn = (object: AnyObject) => values.includes(labelOf(object, set[1] ?? '') ?? '');
    return set[2] === 'in' ? isIn : (object) => !isIn(object);
  }
  const equality = /^([^=!\s]+)\s*(==|=|!=)\s*([^=!\s]*)$/.exec(part);
  if (equality !== null) {
    const equal = (object: AnyObject) => labelOf(object, equality[1] ?? '') === equality[3];
    return equality[2] === '!=' ? (object) => !equal(object) : equal;
  }
  const existence = /^(!?)([A-Za-z0-9][\w./-]*)$/.exec(part);
  if (existence === null) throw badRequest(`unable to parse requirement: found '${part}'`);
  const wanted = existence[1] === '';
  return (object) => (labelOf(object, existence[2] ?? '') !== undefined) === wanted;
}

function labelOf({ metadata }: AnyObject, key: string): string | undefined {
  return metadata.labels?.[key];
}

function fieldRequirement(part: string): Matches {
  const [, field = '', sign, value] = /^([\w.]+)(==|=|!=)(.*)$/.exec(part) ?? [];
  const read = fields[field];
  if (read === undefined) throw badRequest(`field label not supported: ${field}`);
  return (object) => (read(object) === value) === (sign !== '!=');
}

const fields: Readonly<Record<string, (object: AnyObject) => string | undefined>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
  'spec.nodeName': (object) => (object.kind === 'Pod' ? (object.spec.nodeName ?? '') : undefined),
  'involvedObject.name': (object) =>
    object.kind === 'Event' ? object.involvedObject.name : undefined,
  'involvedObject.kind': (object) =>
    object.kind === 'Event' ? object.involvedObject.kind : undefined,
  'status.phase': (object) => (object.kind === 'Pod' ? (object.status?.phase ?? '') : undefined),
  source: (object) => (object.kind === 'Event' ? object.source.component : undefined),
  reportingComponent: (object) => (object.kind === 'Event' ? object.reportingComponent : undefined),
  type: (object) => (object.kind === 'Event' ? object.type : undefined),
  reason: (object) => (object.kind === 'Event' ? object.reason : undefined),
};
