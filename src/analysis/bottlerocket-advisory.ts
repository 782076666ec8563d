import { type Advisory, advisoryUrl, isVulnerabilityId, severityOf } from './advisory.ts';
import { isVersion } from './eks-notes.ts';
import { parseSmallToml, type TomlTable } from './small-toml.ts';

/** The kits that hold advisories; everything in an image of Bottlerocket comes from them. */
export type KitName = 'bottlerocket-core-kit' | 'bottlerocket-kernel-kit';

/**
 * Reads one advisory in its source form, `advisories/<kit version>/BRSA-….toml`.
 * @returns `undefined` when it is no such advisory; callers count these, since what cannot be read is not "none".
 */
export function parseBottlerocketAdvisory(toml: string, kit: KitName): Advisory | undefined {
  const tables = parseSmallToml(toml);
  const advisory = tables?.find(({ name }) => name === 'advisory')?.values;
  const version = text(tables?.find(({ name }) => name === 'updateinfo')?.values, 'version');
  const id = text(advisory, 'id');
  if (!/^(?:BRSA-[0-9a-z]{8,12}|GHSA-[0-9a-z-]{14})$/.test(id) || !isKitVersion(version))
    return undefined;
  const products = (tables ?? [])
    .filter(({ name }) => name === 'advisory.products')
    .map(({ values }) => productOf(values));
  if (products.length === 0 || !products.every((product) => product !== undefined))
    return undefined;
  const home = { name: kit, version };
  const url = advisoryUrl(id, home);
  return {
    id,
    severity: severityOf(text(advisory, 'severity')),
    cves: [text(advisory, 'cve'), text(advisory, 'ghsa')].filter(isVulnerabilityId),
    products,
    kit: home,
    ...(url === undefined ? {} : { url }),
    ...(advisory?.['end-of-life'] === true ? { endOfLife: true as const } : {}),
  };
}

function productOf(values: TomlTable): Advisory['products'][number] | undefined {
  const [epoch, release] = [text(values, 'patched-epoch'), text(values, 'patched-release')];
  const version = text(values, 'patched-version');
  const fixedIn = `${epoch === '' || epoch === '0' ? '' : `${epoch}:`}${version}${release === '' ? '' : `-${release}`}`;
  const name = text(values, 'package-name');
  return /^[a-z0-9][a-z0-9.+_-]{0,80}$/.test(name) && isVersion(fixedIn)
    ? { package: name, fixedIn }
    : undefined;
}

function text(values: TomlTable | undefined, key: string): string {
  const value = values?.[key];
  return typeof value === 'string' ? value : '';
}

/** Three numbers, as kits and releases of Bottlerocket have them. */
export function isKitVersion(version: string): boolean {
  return /^\d{1,5}\.\d{1,5}\.\d{1,5}$/.test(version);
}
