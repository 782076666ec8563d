import type { DemoRelease } from './demo-notes.ts';
import type { FeedContents } from './feeds/feeds-stand-in.ts';

/** The fleet that the sandbox shows: two environments, three clusters, one repository. All of it is made up. */
export const demo = {
  repository: 'acme/gitops',
  branch: 'main',
  channel: { id: 'C0NODES', name: 'node-images' },
  oldRelease: 'v20261021',
  newRelease: 'v20261118',
  kubernetes: '1.35',
  clusters: [
    { name: 'staging-eu-1', environment: 'staging', region: 'eu-west-1', nodes: 4 },
    { name: 'prod-eu-1', environment: 'production', region: 'eu-west-1', nodes: 5 },
    { name: 'prod-us-1', environment: 'production', region: 'us-east-1', nodes: 6 },
  ],
  groups: [
    { id: 'S0PLATFORM', name: 'platform', users: ['U0ANN', 'U0DANA'] },
    { id: 'S0SRE', name: 'sre', users: ['U0BO', 'U0ANN'] },
  ],
  users: [
    { id: 'U0ANN', name: 'Ann Lee' },
    { id: 'U0BO', name: 'Bo Chen' },
    { id: 'U0CY', name: 'Cy Park' },
    { id: 'U0DANA', name: 'Dana Ito' },
    { id: 'U0GUEST', name: 'Gus Visitor', isGuest: true },
  ],
  releases: [
    {
      tag: 'v20261021',
      previous: 'v20261008',
      kubelet: { '1.35': '1.35.8', '1.34': '1.34.11' },
      kernel: '6.12.110-140.180.amzn2023',
      containerd: '2.2.5-1.amzn2023.0.1',
      runc: '1.3.6-1.amzn2023.0.1',
      agent: '3.3.5100.0-1.amzn2023',
      changes: ['chore: update instance type limits'],
    },
    {
      tag: 'v20261103',
      previous: 'v20261021',
      kubelet: { '1.35': '1.35.8', '1.34': '1.34.11' },
      kernel: '6.12.114-143.184.amzn2023',
      containerd: '2.2.5-1.amzn2023.0.1',
      runc: '1.3.6-1.amzn2023.0.1',
      agent: '3.3.5100.0-1.amzn2023',
      changes: ['fix: retry the metadata service for longer at boot'],
    },
    {
      tag: 'v20261118',
      previous: 'v20261103',
      kubelet: { '1.35': '1.35.9', '1.34': '1.34.12' },
      kernel: '6.12.118-147.190.amzn2023',
      containerd: '2.2.6-1.amzn2023.0.1',
      runc: '1.3.7-1.amzn2023.0.1',
      agent: '3.3.5210.0-1.amzn2023',
      changes: [
        'fix: raise the default number of inotify watches',
        'chore: update the CNI version',
      ],
    },
  ] satisfies readonly DemoRelease[],
} as const;

/** Where a cluster's EC2NodeClass and NodePool stand in Git. */
export function demoPath(environment: string, cluster: string): string {
  return `clusters/${environment}/${cluster}/karpenter/nodeclass.yaml`;
}

/** A cluster as EKS describes it. */
export function demoEksCluster(name: string, version: string) {
  return {
    name,
    version,
    status: 'ACTIVE',
    endpoint: `https://${name}.sandbox`,
    certificateAuthority: '',
  } as const;
}

/** An EC2NodeClass and its NodePool as a team would write them: comments, quotes and all. */
export function demoManifest(
  cluster: string,
  pin: { readonly alias: string } | { readonly id: string },
): string {
  const term =
    'alias' in pin
      ? `    - alias: ${pin.alias} # moved by Amiable, one environment after the other`
      : `    - id: ${pin.id} # x86_64 standard`;
  const family = 'alias' in pin ? '' : '  amiFamily: AL2023\n';
  return `# Node class of ${cluster}. The pull request template lists who to ask.
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: default
spec:
${family}  amiSelectorTerms:
${term}
  role: "KarpenterNodeRole-${cluster}"
  subnetSelectorTerms:
    - tags:
        karpenter.sh/discovery: ${cluster}
  securityGroupSelectorTerms:
    - tags:
        karpenter.sh/discovery: ${cluster}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      expireAfter: 720h
      nodeClassRef:
        group: karpenter.k8s.aws
        kind: EC2NodeClass
        name: default
      requirements:
        - key: kubernetes.io/arch
          operator: In
          values: [amd64]
        - key: kubernetes.io/os
          operator: In
          values: [linux]
        - key: karpenter.sh/capacity-type
          operator: In
          values: [on-demand]
  disruption:
    consolidationPolicy: WhenEmpty
    consolidateAfter: 1h
    budgets:
      - nodes: "2"
`;
}

/** What Amazon Linux published about the packages of these releases. Made up, as the releases are. */
export const demoAdvisories: FeedContents = {
  amazonLinux: [
    {
      id: 'ALAS2023-2026-9001',
      severity: 'Important',
      cves: ['CVE-2026-90001', 'CVE-2026-90002'],
      packages: [{ name: 'kernel6.12', version: '6.12.114', release: '143.184.amzn2023' }],
    },
    {
      id: 'ALAS2023-2026-9002',
      severity: 'Medium',
      cves: ['CVE-2026-90003'],
      packages: [{ name: 'kernel6.12', version: '6.12.118', release: '147.190.amzn2023' }],
    },
    {
      id: 'ALAS2023-2026-9003',
      severity: 'Important',
      cves: ['CVE-2026-90004'],
      packages: [{ name: 'runc', version: '1.3.7', release: '1.amzn2023.0.1' }],
    },
    {
      // Not fixed by any of them yet.
      id: 'ALAS2023-2026-9004',
      severity: 'Critical',
      cves: ['CVE-2026-90005'],
      packages: [{ name: 'containerd', version: '2.2.7', release: '1.amzn2023.0.1' }],
    },
  ],
  bottlerocket: [
    {
      id: 'BRSA-sandbox00001',
      severity: 'high',
      cves: ['CVE-2026-90006'],
      packages: [{ name: 'runc', version: '1.3.7', release: '1.1773716061.e2e9d7a9.br1' }],
      kit: { name: 'bottlerocket-core-kit', version: '17.3.0' },
    },
  ],
  exploited: ['CVE-2026-90001'],
  coreKit: `# v17.3.0 (2026-11-05)

## OS Changes
### Third Party Package Updates
- Update \`runc\` from 1.3.6 to 1.3.7 ([#1101])
- Update \`containerd-2.2\`, \`kubernetes-1.35\` ([#1102])

# v17.2.0 (2026-10-12)

## OS Changes
- Update \`amazon-ssm-agent\` ([#1090])
`,
  kernelKit: `# v9.5.0 (2026-11-04)
## OS Changes
* Update kernel from 6.12.112-139.180 to 6.12.118-147.190 ([#612])

# v9.4.1 (2026-10-10)
## OS Changes
* Update kernel from 6.12.108-133.171 to 6.12.112-139.180 ([#601])
`,
};
