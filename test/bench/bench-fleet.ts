/** A cluster of a measured fleet. */
export type BenchCluster = {
  readonly name: string;
  readonly environment: 'staging' | 'production';
  readonly region: string;
  readonly kubernetes: string;
  readonly nodes: number;
  /** Watched files with one EC2NodeClass each. */
  readonly files: number;
  /** The selector term of a file, such as `alias: al2023@v20261021`; absent: every file names `oldRelease` by alias. */
  readonly term?: (file: number) => string;
};

export const oldRelease = 'v20261021';
export const newRelease = 'v20261118';
export const oldBottlerocket = '1.62.1';
export const newBottlerocket = '1.63.0';

/** Two environments, three clusters: a rollout of three waves. */
export function threeClusters(nodes: number, filesEach = 1): readonly BenchCluster[] {
  const of = (name: string, environment: BenchCluster['environment'], region: string) => ({
    name,
    environment,
    region,
    kubernetes: '1.35',
    files: filesEach,
  });
  const third = Math.floor(nodes / 3);
  return [
    { ...of('staging-eu-1', 'staging', 'eu-west-1'), nodes: nodes - 2 * third },
    { ...of('prod-eu-1', 'production', 'eu-west-1'), nodes: third },
    { ...of('prod-us-1', 'production', 'us-east-1'), nodes: third },
  ];
}

/** The watched files of a fleet, by path. */
export function filesOf(clusters: readonly BenchCluster[]): Record<string, string> {
  return Object.fromEntries(
    clusters.flatMap(({ name, environment, files, term }) =>
      Array.from({ length: files }, (_, i) => [
        `clusters/${environment}/${name}/karpenter/class-${i}.yaml`,
        nodeClass(name, `class-${i}`, term?.(i) ?? `alias: al2023@${oldRelease}`),
      ]),
    ),
  );
}

function nodeClass(cluster: string, name: string, term: string): string {
  return `apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: ${name}
spec:
  amiSelectorTerms:
    - ${term} # moved by pull request
  role: KarpenterNodeRole-${cluster}
  subnetSelectorTerms:
    - tags:
        karpenter.sh/discovery: ${cluster}
  securityGroupSelectorTerms:
    - tags:
        karpenter.sh/discovery: ${cluster}
`;
}
