import { aliasLike, amiId, bareVersion, isTemplated, releaseVersion } from './pin-syntax.ts';
import type { PinKind } from './types.ts';

/** Lower-case words of a key: `eksKarpenter_amiID` becomes `eks`, `karpenter`, `ami`, `id`. */
function wordsOf(key: string): readonly string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Words that say the image is not a Kubernetes node's. */
const otherMachine =
  /^(?:bastions?|jump(?:host|box)?|nat|vpn|runners?|jenkins|git(?:lab|hub)|packer|builder|launch(?:template)?|workstation|devbox|database|db|rds)$/;

/** A cheap look before a key is cut into words: nearly no key holds any of them. */
const maybeOtherMachine =
  /bastion|jump|nat|vpn|runner|jenkins|git|packer|builder|launch|workstation|devbox|database|db|rds/i;

/** Words that may follow and only say which of several images it is. */
const qualifiers = new Set(
  (
    'amd64 x86 64 x86_64 arm arm64 graviton gpu nvidia neuron fips standard default cpu al2 al2023 bottlerocket ' +
    'windows ubuntu node nodes worker workers'
  ).split(' '),
);

const tails =
  /^(?:selector_)?(id|ids|alias|name|version|release_version|ssm_parameter|parameter)?$/;

/** What a key of values, tfvars or the like says its value is; `undefined` when it names no node image. */
export type KeyMeaning = 'any' | 'literal' | 'id' | 'alias' | 'name' | 'version' | 'ssmParameter';

/** Reads a key. The list is documented in docs/pins.md. */
export function keyMeaning(key: string): KeyMeaning | undefined {
  if (!/ami|release_?version|^alias$/i.test(key) || key.length > 100) return undefined;
  const words = wordsOf(key);
  if (words.some((word) => otherMachine.test(word))) return undefined;
  const text = words.join('_');
  if (text === 'release_version') return 'version';
  if (text === 'alias') return 'literal';
  const at = words.findLastIndex((word) => word === 'ami' || word === 'amis');
  if (at === -1) return undefined;
  const tail = words.slice(at + 1);
  while (tail.length > 0 && qualifiers.has(tail.at(-1) ?? '')) tail.pop();
  const match = tails.exec(tail.join('_'));
  if (match === null) return undefined;
  switch (match[1]) {
    case undefined:
      return 'any';
    case 'id':
    case 'ids':
      return 'id';
    case 'alias':
      return 'alias';
    case 'name':
      return 'name';
    case 'ssm_parameter':
    case 'parameter':
      return 'ssmParameter';
    default:
      return 'version';
  }
}

/** True when a path has a segment that speaks of another machine than a node: a bastion, a runner. */
export function isOtherMachine(segment: string): boolean {
  if (!maybeOtherMachine.test(segment) || segment.length > 100) return false;
  return wordsOf(segment).some((word) => otherMachine.test(word));
}

/** Keys whose content names images without choosing one, or is what somebody measured, tested or wrote down. */
export const notRead: ReadonlySet<string> = new Set([
  'annotations',
  'labels',
  'nodeLabels',
  'matchLabels',
  'nodeSelector',
  'tags',
  'asserts',
  'env',
  'description',
]);

/** A key whose children are told apart by qualifiers or fields alone, such as `ami: { arm64: ami-… }`. */
export function isImageMap(key: string): boolean {
  const meaning = keyMeaning(key);
  return meaning !== undefined && meaning !== 'literal';
}

/** The meaning of a key inside such a map. */
export function innerMeaning(outer: KeyMeaning, key: string): KeyMeaning | undefined {
  const words = wordsOf(key);
  if (words.length > 0 && words.every((word) => qualifiers.has(word))) return outer;
  if (key === 'id' || key === 'aws-ids') return 'id';
  if (key === 'alias') return 'alias';
  if (key === 'name') return 'name';
  if (key === 'ssmParameter') return 'ssmParameter';
  return undefined;
}

/** The kind of pin a value is under a key of this meaning; `undefined` when it is something else after all. */
export function kindUnder(meaning: KeyMeaning, value: string): PinKind | undefined {
  if (value === '') return undefined;
  const templated = isTemplated(value) || /^<<.*>>$/.test(value);
  switch (meaning) {
    case 'any':
      if (templated) return 'id';
      return unmistakableKind(value);
    case 'literal':
      return unmistakableKind(value);
    case 'id':
      return templated || value.startsWith('ami-') ? 'id' : undefined;
    case 'alias':
      return templated || aliasLike.test(value) ? 'alias' : undefined;
    case 'name':
      return templated || /^[^\s:/]{3,}$/.test(value) ? 'name' : undefined;
    case 'ssmParameter':
      return templated || /^(?:\/|arn:)/.test(value) ? 'ssmParameter' : undefined;
    case 'version':
      if (releaseVersion.test(value)) return 'releaseVersion';
      return bareVersion.test(value) ? 'alias' : unmistakableKind(value);
  }
}

/** The kind of a literal that can be nothing else: an AMI id, or an alias of a family Karpenter knows. */
export function unmistakableKind(value: string): 'id' | 'alias' | undefined {
  if (amiId.test(value) || /^ami-[0-9a-zA-Z]{3,20}$/.test(value)) return 'id';
  return /^(?:al2|al2023|bottlerocket|windows20(?:19|22|25))@[^\s"'`]+$/.test(value)
    ? 'alias'
    : undefined;
}
