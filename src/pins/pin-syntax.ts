/** An AMI id: `ami-` and 8 (before 2016) or 17 hexadecimal digits. */
export const amiId = /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** An alias Karpenter can resolve to one release; source: reference of karpenter-provider-aws, `amiSelectorTerms`. */
export const pinnedAlias = /^(?:(?:al2|al2023)@v[0-9]{8}|bottlerocket@v?[0-9]+\.[0-9]+\.[0-9]+)$/;

/** `family@latest`, which follows every publication by itself. */
export const floatingAlias = /^(?:al2|al2023|bottlerocket|windows(?:2019|2022|2025))@latest$/;

/** The version of a release without its family, as people keep it in a variable. */
export const bareVersion = /^(?:v[0-9]{8}|v?[0-9]+\.[0-9]+\.[0-9]+)$/;

/** A node group's release: EKS (`1.33.0-20250704`), Bottlerocket (`1.62.1-5f13b929`), Windows (`1.35-2026.04.18`). */
export const releaseVersion =
  /^[0-9]+\.[0-9]+(?:\.[0-9]+-(?:[0-9]{8}|[0-9a-f]{8})|-[0-9]{4}[.-][0-9]{2}[.-][0-9]{2})$/;

/** An AMI's name as EC2 allows it, without wildcards. */
export const imageName = /^[A-Za-z0-9()[\] ./'@_-]{3,128}$/;

/** Looks like an alias at all, right or wrong. */
export const aliasLike = /^[A-Za-z0-9]+@\S+$/;

const expression = /\{\{|\$\{|%\{|\$\(|\[\[|<%|^\$[A-Za-z_]|^(?:var|local|module|data|each)\./;
const placeholder = /<<[^<>]*>>|^<[^<>]*>$|^__\w+__$|^@@?\w+@@?$|^%\w+%$/;

/** Filled in by a template engine, a shell or Terraform. */
export function isTemplated(value: string): boolean {
  return expression.test(value);
}

/** Filled in by a script that replaces the text. */
export function isPlaceholder(value: string): boolean {
  return placeholder.test(value);
}
