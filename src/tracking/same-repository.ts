/** Whether both mean the same repository: https or ssh, with or without `.git`, in whatever case. */
export function isSameRepository(url: string, repository: string): boolean {
  const [a, b] = [url, repository].map(normalised);
  if (a === undefined || b === undefined || a === '' || b === '') return false;
  // `owner/name` alone does not say on which host
  return a === b || (b.split('/').length === 2 && a.endsWith(`/${b}`));
}

function normalised(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^/@]+@/, '')
    .replace(/^([^/:]+):(?:\d+\/)?/, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}
