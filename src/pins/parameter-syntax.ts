/** A name, or the ARN that Karpenter takes as well; public parameters have no account in theirs. */
const arn = '(?:arn:aws(?:-cn|-us-gov)?:ssm:[a-z0-9-]+::parameter)?';
const minor = String.raw`1\.[0-9]{1,3}`;

/** The public parameters that hold the id of one image for good; the folder says what the image's name repeats. */
const versioned = [
  String.raw`/aws/service/eks/optimized-ami/(${minor})/amazon-linux-2023/(x86_64|arm64)/(standard|nvidia|neuron)/amazon-eks-node-al2023-\2-\3-\1-v[0-9]{8}/image_id`,
  String.raw`/aws/service/eks/optimized-ami/(${minor})/amazon-linux-2(?:/amazon-eks|-arm64/amazon-eks-arm64|-gpu/amazon-eks-gpu)-node-\1-v[0-9]{8}/image_id`,
  String.raw`/aws/service/bottlerocket/aws-k8s-${minor}(?:-nvidia)?(?:-fips)?/(?:x86_64|arm64)/[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9a-f]{8})?/image_id`,
].map((path) => new RegExp(`^${arn}${path}$`));

/**
 * Why an SSM parameter cannot be moved; `undefined` for a public one that names a release. Any other has its value
 * changed under the same name, so there is nothing in the file to move.
 */
export function reasonAgainstParameter(value: string): string | undefined {
  if (versioned.some((path) => path.test(value))) return undefined;
  if (/\/(?:recommended|latest|current)(?:\/|$)|\/ami-windows-latest\//.test(value)) {
    return 'floating SSM parameter (recommended/latest)';
  }
  if (/\/aws\/service\/canonical\//.test(value)) {
    return 'SSM parameter of Ubuntu, read only: pin an id';
  }
  if (/\/aws\/service\/(?:eks|bottlerocket)\//.test(value)) {
    return 'not an SSM parameter that names a release and ends in image_id';
  }
  return 'SSM parameter of your own, read only: its value decides, not its name';
}

/**
 * What a parameter says apart from release and Kubernetes minor: an edit must not change any of it. Only of one that can
 * be moved.
 */
export function parameterWithoutRelease(value: string): string {
  return value
    .replaceAll(new RegExp(`(?<=[/-])${minor}(?=[/-])`, 'g'), '*')
    .replace(/(?:-v[0-9]{8}|\/[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9a-f]{8})?)(?=\/image_id$)/, '*');
}
