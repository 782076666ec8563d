import { parseAllDocuments } from 'yaml';
import type { NodeClass, NodePool, SelectorTerm } from '../objects.ts';
import type { Git } from './git.ts';
import type { Application, ApplicationSet } from './objects.ts';

/** Something an Application delivers; kinds other than these are compared as if they always agreed. */
export type Manifest =
  | { readonly plural: 'ec2nodeclasses'; readonly object: NodeClass }
  | { readonly plural: 'nodepools'; readonly object: NodePool }
  | { readonly plural: 'applications'; readonly object: Application }
  | { readonly plural: 'applicationsets'; readonly object: ApplicationSet }
  | { readonly plural: 'other'; readonly object: OtherObject };

type OtherObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

/**
 * The objects in a folder's YAML and JSON files, as Argo CD's directory source reads them.
 * @throws Error where a file does not parse or holds no Kubernetes object.
 */
export function manifestsAt(
  git: Git,
  repo: string,
  commit: string,
  path: string,
): readonly Manifest[] {
  const folder = path === '' || path === '.' ? '' : `${path.replace(/\/$/, '')}/`;
  return git
    .files(repo, commit, folder)
    .filter(
      (file) =>
        // a directory source does not look into folders below, unless told to
        file.path.startsWith(folder) &&
        /^[^/]+\.(ya?ml|json)$/.test(file.path.slice(folder.length)),
    )
    .flatMap((file) =>
      parseAllDocuments(file.content).flatMap((document) => {
        if ('errors' in document && document.errors[0] !== undefined)
          throw new Error(`failed to parse ${file.path}: ${document.errors[0].message}`);
        const value: unknown = document.toJS();
        if (value === null || value === undefined) return [];
        return [manifestOf(value, file.path)];
      }),
    );
}

/** @param from where it was read. @throws Error for what is no Kubernetes object. */
export function manifestOf(object: unknown, from = 'a value'): Manifest {
  if (!isObject(object)) throw new Error(`${from} holds no Kubernetes object`);
  // the casts are checked by `refusalOf` before anything is applied
  if (object.kind === 'EC2NodeClass')
    return { plural: 'ec2nodeclasses', object: object as unknown as NodeClass };
  if (object.kind === 'NodePool')
    return { plural: 'nodepools', object: object as unknown as NodePool };
  if (object.kind === 'Application')
    return { plural: 'applications', object: object as unknown as Application };
  if (object.kind === 'ApplicationSet')
    return { plural: 'applicationsets', object: object as unknown as ApplicationSet };
  return { plural: 'other', object };
}

function isObject(value: unknown): value is OtherObject {
  const object = value as { apiVersion?: unknown; kind?: unknown; metadata?: { name?: unknown } };
  return (
    typeof object === 'object' &&
    typeof object.apiVersion === 'string' &&
    typeof object.kind === 'string' &&
    typeof object.metadata?.name === 'string'
  );
}

/** Why the API server would not take it (the CRD's rules for selectors and references); `undefined`: it would. */
export function refusalOf({ plural, object }: Manifest): string | undefined {
  if (plural === 'other') return undefined;
  const said = (rule: string) =>
    `${object.kind}.${object.apiVersion.split('/')[0]} "${object.metadata.name}" is invalid: ${rule}`;
  if (plural === 'nodepools') {
    const ref = object.spec?.template?.spec?.nodeClassRef;
    const requirements = object.spec?.template?.spec?.requirements;
    if (ref?.name === undefined || ref.group === undefined || ref.kind === undefined)
      return said('spec.template.spec.nodeClassRef: Required value');
    return Array.isArray(requirements)
      ? undefined
      : said('spec.template.spec.requirements: Required value');
  }
  if (plural === 'applications')
    return object.spec?.destination === undefined || object.spec.project === undefined
      ? said('spec.destination: Required value')
      : undefined;
  if (plural === 'applicationsets')
    return object.spec?.template === undefined ? said('spec.template: Required value') : undefined;
  const terms: unknown = object.spec?.amiSelectorTerms;
  if (!Array.isArray(terms)) return said('spec.amiSelectorTerms: Required value');
  const rule = brokenRule(terms as readonly SelectorTerm[], object.spec['amiFamily'] !== undefined);
  return rule === undefined ? undefined : said(rule);
}

function brokenRule(terms: readonly SelectorTerm[], hasFamily: boolean): string | undefined {
  const list = (rule: string) => `spec.amiSelectorTerms: Invalid value: "array": ${rule}`;
  if (terms.length === 0)
    return 'spec.amiSelectorTerms: Invalid value: 0: spec.amiSelectorTerms in body should have at least 1 items';
  const aliases = terms.filter(({ alias }) => alias !== undefined);
  for (const { alias, id, tags, name, owner, ssmParameter } of terms) {
    const others = [tags, name, owner].filter((field) => field !== undefined).length;
    if ([tags, id, name, alias, ssmParameter].every((field) => field === undefined))
      return list(
        "expected at least one, got none, ['tags', 'id', 'name', 'alias', 'ssmParameter']",
      );
    if (id !== undefined && (others > 0 || alias !== undefined))
      return list(
        "'id' is mutually exclusive, cannot be set with a combination of other fields in amiSelectorTerms",
      );
    if (id !== undefined && !/^ami-[0-9a-z]+$/.test(id))
      return `spec.amiSelectorTerms[0].id: Invalid value: "${id}": should match 'ami-[0-9a-z]+'`;
    if (alias !== undefined && others > 0)
      return list(
        "'alias' is mutually exclusive, cannot be set with a combination of other fields in amiSelectorTerms",
      );
    if (alias === undefined) continue;
    if (alias.length > 30 || !/^[a-zA-Z0-9]+@.+$/.test(alias))
      return list("'alias' is improperly formatted, must match the format 'family@version'");
    if (!/^(al2|al2023|bottlerocket|windows(2019|2022|2025))@/.test(alias))
      return list("family is not supported, must be one of the following: 'al2', 'al2023', ...");
    if (alias.startsWith('windows') && !alias.endsWith('@latest'))
      return list("windows families may only specify version 'latest'");
  }
  if (aliases.length > 0 && terms.length > 1)
    return list(
      "'alias' is mutually exclusive, cannot be set with a combination of other amiSelectorTerms",
    );
  if (aliases.length === 0 && !hasFamily)
    return 'spec: Invalid value: "object": must specify amiFamily if amiSelectorTerms does not contain an alias';
  return undefined;
}
