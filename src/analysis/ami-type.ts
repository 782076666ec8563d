/** EKS `AMITypes` value of an image; `undefined` for families and variants whose notes have no such column. */
export function amiTypeOf(
  family: string,
  architecture: 'x86_64' | 'arm64',
  variant: string,
): string | undefined {
  const machine = architecture === 'arm64' ? 'ARM_64' : 'x86_64';
  if (family === 'al2023' && /^(?:standard|nvidia|neuron)$/.test(variant)) {
    return `AL2023_${machine}_${variant.toUpperCase()}`;
  }
  if (family !== 'al2') return undefined;
  if (variant === 'standard') return `AL2_${machine}`;
  return architecture === 'x86_64' && variant !== 'fips' ? 'AL2_x86_64_GPU' : undefined;
}
