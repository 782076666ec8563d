import { type Advisory, advisoryUrl, isVulnerabilityId, severityOf } from './advisory.ts';
import { isKitVersion } from './bottlerocket-advisory.ts';
import { isVersion } from './eks-notes.ts';

/** Longest advisory that is read, in UTF-16 code units; a kernel's has 200,000. */
const maxUpdate = 2_000_000;

/**
 * Reads an RPM `updateinfo.xml` (ALAS, Bottlerocket) in one pass. What is not a security update, or makes no sense, is
 * left out.
 * @param wanted only products of these packages are kept, and advisories without any are dropped; absent: all.
 */
export function parseUpdateinfo(xml: string, wanted?: ReadonlySet<string>): readonly Advisory[] {
  const advisories: Advisory[] = [];
  for (let start = xml.indexOf('<update '); start !== -1; ) {
    const end = xml.indexOf('</update>', start);
    if (end === -1) break;
    // An update without its end would swallow the next one.
    const again = xml.lastIndexOf('<update ', end);
    const advisory =
      end - again <= maxUpdate ? readUpdate(xml.slice(again, end), wanted) : undefined;
    if (advisory !== undefined) advisories.push(advisory);
    start = xml.indexOf('<update ', end);
  }
  return advisories;
}

/** A feed that is not what it says, or not all of it: reading on could turn "not checked" into "none". */
class UpdateinfoError extends Error {
  override readonly name = 'UpdateinfoError';
}

/**
 * Reads an `updateinfo.xml` piece by piece, holding no more than one advisory of it.
 * @param wanted as in `parseUpdateinfo`.
 */
export function updateinfoReader(wanted?: ReadonlySet<string>): {
  /** @throws UpdateinfoError for what is no such feed, declares a document type or entities, or has an endless advisory. */
  push(text: string): void;
  /** @throws UpdateinfoError when the feed was cut short. */
  end(): readonly Advisory[];
} {
  const advisories: Advisory[] = [];
  let left = '';
  let begun = false;
  const refuseDeclarations = (text: string): void => {
    // Nothing we read needs them; entities are the one thing in XML that can make little text much.
    if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) {
      throw new UpdateinfoError('the feed declares a document type or entities');
    }
  };
  return {
    push(text) {
      left += text;
      if (!begun && left.length >= 100) {
        begun = true;
        if (!/^\uFEFF?\s*<(?:\?xml|updates)/.test(left)) {
          throw new UpdateinfoError('the feed is no updateinfo.xml');
        }
      }
      const end = left.lastIndexOf('</update>');
      if (end !== -1) {
        const whole = left.slice(0, end + '</update>'.length);
        left = left.slice(whole.length);
        refuseDeclarations(whole);
        advisories.push(...parseUpdateinfo(whole, wanted));
      }
      if (left.length > maxUpdate) throw new UpdateinfoError('an advisory of the feed has no end');
    },
    end() {
      refuseDeclarations(left);
      if (!begun || !/<\/updates>\s*$/.test(left)) {
        throw new UpdateinfoError('the feed is cut short');
      }
      return advisories;
    },
  };
}

function readUpdate(update: string, wanted: ReadonlySet<string> | undefined): Advisory | undefined {
  const packages = update.indexOf('<pkglist>');
  const head = packages === -1 ? update : update.slice(0, packages);
  const id = /<id>([A-Za-z0-9.-]{1,60})<\/id>/.exec(head)?.[1];
  if (id === undefined || !/^<update [^>]*\btype="security"/.test(head)) return undefined;
  const products = packages === -1 ? [] : productsOf(update.slice(packages), wanted);
  if (products.length === 0) return undefined;
  const references = elements(head, 'reference').map((attributes) => attribute(attributes, 'id'));
  const cves = [...new Set([id, ...references].filter(isVulnerabilityId))];
  const url = advisoryUrl(id) ?? sourceOf(head);
  const kit = kitOf(url);
  return {
    id,
    severity: severityOf(/<severity>([^<]{1,20})<\/severity>/.exec(head)?.[1] ?? ''),
    cves,
    products,
    ...(url === undefined ? {} : { url }),
    ...(kit === undefined ? {} : { kit }),
    // The published form has no mark for it; such advisories name no vulnerability and say so in words.
    ...(kit !== undefined && cves.length === 0 && /\bsupport ended\b|no longer included/.test(head)
      ? { endOfLife: true as const }
      : {}),
  };
}

/** The kit and its version are in the address of the source: `…/bottlerocket-core-kit/blob/develop/advisories/9.1.0/…`. */
function kitOf(url: string | undefined): Advisory['kit'] {
  const [, name = '', version = ''] =
    /\/(bottlerocket-(?:core|kernel)-kit)\/blob\/[^/]+\/advisories\/([^/]+)\//.exec(url ?? '') ??
    [];
  return isKitVersion(version) ? { name, version } : undefined;
}

/** Bottlerocket's entry names its own source on GitHub. */
function sourceOf(head: string): string | undefined {
  return /href="(https:\/\/github\.com\/bottlerocket-os\/[A-Za-z0-9./_-]{1,200})"/.exec(head)?.[1];
}

function productsOf(list: string, wanted: ReadonlySet<string> | undefined): Advisory['products'] {
  const found = new Map<string, Advisory['products'][number]>();
  for (const attributes of elements(list, 'package')) {
    // Bottlerocket lists each package twice, once under a prefix.
    const name = attribute(attributes, 'name').replace(/^bottlerocket-/, '');
    if (name === '' || (wanted !== undefined && !wanted.has(name))) continue;
    const [epoch, version, release] = ['epoch', 'version', 'release'].map((key) =>
      attribute(attributes, key),
    );
    const fixedIn = `${epoch === '0' || epoch === '' ? '' : `${epoch}:`}${version}-${release}`;
    if (isVersion(fixedIn)) found.set(`${name} ${fixedIn}`, { package: name, fixedIn });
  }
  return [...found.values()];
}

/** The attributes of every element of a name. */
function elements(text: string, name: 'reference' | 'package'): readonly string[] {
  const found: string[] = [];
  const begin = `<${name} `;
  for (let at = text.indexOf(begin); at !== -1; at = text.indexOf(begin, at + begin.length)) {
    const end = text.indexOf('>', at);
    if (end === -1) break;
    if (end - at < 2_000) found.push(text.slice(at + begin.length - 1, end));
  }
  return found;
}

function attribute(attributes: string, name: string): string {
  const begin = attributes.indexOf(` ${name}="`);
  if (begin === -1) return '';
  const from = begin + name.length + 3;
  return attributes.slice(from, Math.max(from, attributes.indexOf('"', from)));
}
