import { reasonAgainstParameter } from './parameter-syntax.ts';
import {
  aliasLike,
  amiId,
  bareVersion,
  floatingAlias,
  imageName,
  isPlaceholder,
  isTemplated,
  pinnedAlias,
  releaseVersion,
} from './pin-syntax.ts';
import type { PinHint, PinKind } from './types.ts';

/**
 * Why a value cannot be moved, judged by its syntax alone; `undefined` when it can. Whether the image behind it is known
 * is decided where it is looked up.
 */
export function reasonAgainst(kind: PinKind, value: string, hint?: PinHint): string | undefined {
  if (kind === 'other') return 'whole term list injected by template';
  if (isPlaceholder(value)) return 'placeholder replaced by a script';
  if (kind !== 'tags' && isTemplated(value)) return 'templated expression';
  switch (kind) {
    case 'alias':
      return reasonAgainstAlias(value, hint);
    case 'id':
      return amiId.test(value) ? undefined : reasonAgainstId(value);
    case 'name':
      if (/[*?]/.test(value)) return 'wildcard name';
      return imageName.test(value) ? undefined : 'not a name EC2 allows';
    case 'ssmParameter':
      return reasonAgainstParameter(value);
    case 'releaseVersion':
      return releaseVersion.test(value) ? undefined : `malformed release version "${value}"`;
    case 'tags':
      return 'tag selector (resolved at run time, no version to bump)';
    case 'owner':
      return 'owner filter, not a version';
  }
}

function reasonAgainstAlias(value: string, hint: PinHint | undefined): string | undefined {
  if (pinnedAlias.test(value)) return undefined;
  if (value.startsWith('windows')) return 'a Windows alias can only be @latest';
  if (floatingAlias.test(value)) return '@latest is floating';
  if (bareVersion.test(value)) {
    if (hint?.family === undefined) return 'a version without its family: say it in a comment';
    return pinnedAlias.test(`${hint.family}@${value}`)
      ? undefined
      : `malformed alias "${hint.family}@${value}"`;
  }
  return aliasLike.test(value) ? `malformed alias "${value}"` : 'not an alias (family@version)';
}

function reasonAgainstId(value: string): string {
  if (value.includes(',')) return 'several ids in one value';
  return value.startsWith('ami-') ? 'placeholder, not a real AMI id' : 'not an AMI id';
}
