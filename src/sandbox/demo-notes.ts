/** What one release of the demonstration ships, for the notes that its GitHub release carries. */
export type DemoRelease = {
  /** Such as `v20261118`. */
  readonly tag: string;
  readonly previous: string;
  readonly kubelet: Readonly<Record<string, string>>;
  readonly kernel: string;
  readonly containerd: string;
  readonly runc: string;
  readonly agent: string;
  readonly changes: readonly string[];
};

const types = [
  'AL2023_x86_64_NVIDIA',
  'AL2023_x86_64_NEURON',
  'AL2023_x86_64_STANDARD',
  'AL2023_ARM_64_NVIDIA',
  'AL2023_ARM_64_STANDARD',
] as const;

const names = [
  ['x86_64', 'nvidia'],
  ['x86_64', 'neuron'],
  ['x86_64', 'standard'],
  ['arm64', 'nvidia'],
  ['arm64', 'standard'],
] as const;

/** Release notes in the form of awslabs/amazon-eks-ami, unclosed header rows included. Source: reference, release-notes 1.2. */
export function demoNotes(release: DemoRelease): string {
  const date = release.tag.slice(1);
  const minors = Object.entries(release.kubelet)
    .map(([minor, kubelet]) => minorSection(release, minor, kubelet))
    .join('\n');
  const sources = types
    .map((type) => {
      const arch = type.includes('ARM') ? 'arm64' : 'x86_64';
      return `  <tr>\n    <td>${type}</td>\n    <td>al2023-ami-minimal-2023.12.${date}.0-kernel-6.12-${arch}</td>\n  </tr>`;
    })
    .join('\n');
  return [
    '<!-- Release notes generated using configuration in .github/release.yaml at 0000000000000000000000000000000000000000 -->',
    '',
    "## What's Changed",
    ...release.changes.map(
      (title, i) =>
        `* ${title} by @contributor in https://github.com/awslabs/amazon-eks-ami/pull/${2900 + i}`,
    ),
    '',
    `**Full Changelog**: https://github.com/awslabs/amazon-eks-ami/compare/${release.previous}...${release.tag}`,
    '',
    '---',
    '',
    '<h2>AMI Details</h2>',
    '',
    `<table>\n  <tr>\n    <th>AMI Type</th>\n    <th>Source AMI Name</th>\n  </tr>\n${sources}\n</table>`,
    '',
    minors,
  ].join('\n');
}

function minorSection(release: DemoRelease, minor: string, kubelet: string): string {
  const date = release.tag.slice(1);
  const images = names
    .map(([arch, variant], i) => {
      const shared =
        i === 0
          ? `\n      <td rowspan="5">${kubelet}-${date}</td>\n      <td rowspan="5">s3://amazon-eks/${kubelet}/2026-11-01/</td>`
          : '';
      return `    <tr>\n      <td>amazon-eks-node-al2023-${arch}-${variant}-${minor}-${release.tag}</td>${shared}\n    </tr>`;
    })
    .join('\n');
  const rows = [
    ['amazon-ssm-agent', release.agent],
    ['containerd', release.containerd],
    ['kernel6.12', release.kernel],
    ['runc', release.runc],
  ]
    .map(
      ([name, version]) =>
        `    <tr>\n      <td>${name}</td>\n      <td colspan="5">${version}</td>\n    </tr>`,
    )
    .join('\n');
  const head = types.map((type) => `      <th>${type}</th>`).join('\n');
  return `<details>\n<summary><b>Kubernetes ${minor}</b></summary>\n  <table>\n    <tr>\n      <th>AMI Names</th>\n      <th>Release version</th>\n      <th>Included artifacts</th>\n${images}\n  </table>\n  <table>\n    <tr>\n      <th>Package</th>\n${head}\n    </tr>\n${rows}\n  </table>\n</details>\n`;
}
