import { aliasOf } from '../images/alias.ts';
import { parameterOf } from '../images/parameter-path.ts';
import { familyOf, versionOf } from '../images/releases.ts';
import type { Image } from '../images/types.ts';
import type { Pin } from '../pins/types.ts';
import type { PinEdit } from '../rollout/change.ts';
import type { ReleaseId } from '../shared/ids.ts';

/**
 * What a pin is to say for a release, spelled as it is spelled now: with its family or without, with a `v` or without.
 * @param image what the release has for the pin; needed for an id, a name or a parameter.
 * @returns `undefined` when nothing of its kind can say it.
 */
export function newValue(
  { kind, value, hint }: Pick<Pin, 'kind' | 'value' | 'hint'>,
  release: ReleaseId,
  image: Image | undefined,
): Pick<PinEdit, 'kind' | 'to' | 'family'> | undefined {
  switch (kind) {
    case 'alias': {
      const alias = aliasOf(release);
      if (alias === undefined) return undefined;
      if (!value.includes('@'))
        return hint?.family === familyOf(release)
          ? { kind, to: withV(versionOf(release), value), family: hint.family }
          : undefined;
      const [family = '', version = ''] = value.split('@');
      if (version === 'latest')
        return family === familyOf(release) ? { kind, to: alias } : undefined;
      return { kind, to: `${family}@${withV(versionOf(release), version)}` };
    }
    case 'id':
      return image === undefined ? undefined : { kind, to: image.imageId };
    case 'name':
      return image === undefined ? undefined : { kind, to: image.name };
    case 'ssmParameter': {
      const to = image === undefined ? undefined : parameterOf(image, value);
      return to === undefined ? undefined : { kind, to };
    }
    case 'tags':
    case 'owner':
    case 'releaseVersion':
    case 'other':
      return undefined;
  }
}

/** The version with a `v` exactly where the old one has it. */
function withV(version: string, like: string): string {
  const plain = version.replace(/^v/, '');
  return like.startsWith('v') ? `v${plain}` : plain;
}
