import type { NodeClaim, NodeClass, ResolvedAmi } from '../objects.ts';

/** The images of a class that fit a NodeClaim's instance type, best first. */
export function compatibleImages(
  { status }: NodeClass,
  { metadata }: NodeClaim,
): readonly ResolvedAmi[] {
  const labels = metadata.labels ?? {};
  return (status?.amis ?? []).filter(({ requirements }) =>
    requirements.every(({ key, operator, values }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      return value !== undefined && values?.includes(value) === true;
    }),
  );
}
