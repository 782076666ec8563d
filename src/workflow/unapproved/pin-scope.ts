/** The scope of a rollout that only pins what runs in one cluster: beside the fleet's own, and never in its way. */
export function pinScope(scope: string, cluster: string): string {
  return `${scope}/pin/${cluster}`;
}
