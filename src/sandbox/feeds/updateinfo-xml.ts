/** An advisory as the stand-in publishes it. */
export type StoredAdvisory = {
  /** `ALAS2023-2026-…` or `BRSA-…`. */
  readonly id: string;
  /** In the feed's own words: `Important` of Amazon Linux, `high` of Bottlerocket. */
  readonly severity: string;
  readonly cves: readonly string[];
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly release: string;
  }[];
  /** Bottlerocket: the kit that brought it, such as `bottlerocket-core-kit` 10.9.0. */
  readonly kit?: { readonly name: string; readonly version: string };
};

/** RPM's `updateinfo.xml` as both publishers write it. Source: reference, release-notes 2.4 and 3. */
export function updateinfoXml(advisories: readonly StoredAdvisory[]): string {
  return `<?xml version="1.0" ?>\n<updates>${advisories.map(updateXml).join('')}</updates>\n`;
}

function updateXml({ id, severity, cves, packages, kit }: StoredAdvisory): string {
  const references = cves.map(
    (cve) =>
      `<reference href="http://cve.mitre.org/cgi-bin/cvename.cgi?name=${cve}" id="${cve}" type="cve" />`,
  );
  const source =
    kit === undefined
      ? ''
      : `<reference href="https://github.com/bottlerocket-os/${kit.name}/blob/develop/advisories/${kit.version}/${id}.toml" id="${id}" type="brsa" />`;
  const prefixes = kit === undefined ? [''] : ['', 'bottlerocket-'];
  const files = ['x86_64', 'aarch64'].flatMap((arch) =>
    packages.flatMap(({ name, version, release }) =>
      prefixes.map(
        (prefix) =>
          `<package name="${prefix}${name}" version="${version}" release="${release}" epoch="0" arch="${arch}"><filename>Packages/${name}-${version}-${release}.${arch}.rpm</filename></package>`,
      ),
    ),
  );
  return `<update status="final" version="1.4" author="security" type="security" from="security"><id>${id}</id><title>${id}: ${severity} priority package update</title><issued date="2026-11-10 18:00" /><updated date="2026-11-10 18:00" /><severity>${severity}</severity><description>Package updates are available that fix the following vulnerabilities: ${cves.join(', ')}.</description><references>${references.join('')}${source}</references><pkglist><collection short="any"><name>Any</name>${files.join('')}</collection></pkglist></update>`;
}
