import type { Fact, ImageMove, PackageMove, ReleaseFacts, Risk } from './types.ts';

/** More facts than these say nothing more to a model and cost money: the worst CVEs come first. */
const most = { cves: 40, pullRequests: 40, between: 20 };

/**
 * The facts as statements with ids that a claim can cite. `I` image, `P` package, `S` security, `C` vulnerability, `L`
 * support, `B` blast radius, `R` release in between, `K` risk by rules, `U` unknown; untrusted: `N1` and up callouts and
 * title, `M` merged pull requests.
 */
export function factsOf(facts: ReleaseFacts, risk: Risk): readonly Fact[] {
  const { images, packages, security, between, supportEndsInDays, blastRadius, unknowns } = facts;
  return [
    ...numbered(
      'I',
      images.map((image) => imageText(facts.release, image)),
    ),
    ...numbered(
      'P',
      packages.map((move) => packageText(move, images)),
    ),
    { id: 'S1', text: securityText(facts) },
    ...(security.status === 'checked' ? security.fixed : []).slice(0, most.cves).map(
      ({ id, severity, package: name, fixedIn, advisory, url, exploited }, index): Fact => ({
        id: `C${index + 1}`,
        text: `${id} (${severity}${exploited ? ', known to be exploited' : ''}) is fixed: ${name} ${fixedIn}, advisory ${advisory}.`,
        ...(url === undefined ? {} : { url }),
      }),
    ),
    ...(supportEndsInDays === undefined
      ? []
      : [
          {
            id: 'L1',
            text: supportText(supportEndsInDays),
          },
        ]),
    ...(blastRadius === undefined
      ? []
      : [
          {
            id: 'B1',
            text: `${blastRadius.nodes} nodes in ${blastRadius.clusters} clusters would be replaced.`,
          },
        ]),
    ...numbered(
      'R',
      between
        .slice(0, most.between)
        .map((one) => `${one.release} lies in between${one.recalled ? ' and was withdrawn' : ''}.`),
    ),
    ...numbered(
      'K',
      risk.reasons.map(({ level, text }) => `By rule, ${level}: ${text}.`),
    ),
    ...numbered('U', unknowns),
    ...notesFacts(facts),
  ];
}

function numbered(letter: string, texts: readonly string[]): readonly Fact[] {
  return texts.map((text, index) => ({ id: `${letter}${index + 1}`, text }));
}

function imageText(release: string, { kubernetes, amiType, from, clusters }: ImageMove): string {
  return `${amiType} for Kubernetes ${kubernetes} moves from ${from} to ${release} in ${clusters} ${clusters === 1 ? 'cluster' : 'clusters'}.`;
}

function packageText(
  { name, from, to, change, images }: PackageMove,
  all: readonly ImageMove[],
): string {
  const where =
    images.length === all.length ? 'all images' : images.map((index) => `I${index + 1}`).join(', ');
  return `${name}: ${from ?? (change === 'unknown' ? 'not known' : 'none')} to ${to ?? (change === 'unknown' ? 'not known' : 'none')} (${change}) in ${where}.`;
}

function supportText({ kubernetes, days }: NonNullable<ReleaseFacts['supportEndsInDays']>): string {
  const when = days <= 0 ? 'is over' : `ends in ${days} ${days === 1 ? 'day' : 'days'}`;
  return `Standard support of Kubernetes ${kubernetes} ${when}.`;
}

function securityText({ security }: ReleaseFacts): string {
  if (security.status === 'not-checked') {
    return `Which vulnerabilities are fixed was not checked: ${security.reason}`;
  }
  const counts = Object.entries(security.counts).filter(([, count]) => count > 0);
  const fixed = counts.map(([severity, count]) => `${count} ${severity}`).join(', ');
  const rest =
    security.unchecked.length === 0 ? '' : ` Not checked: ${security.unchecked.join(', ')}.`;
  const back =
    security.reopened.length === 0
      ? ''
      : ` Fixes lost: ${security.reopened.slice(0, 10).join(', ')}.`;
  return `Vulnerabilities fixed in the packages that were checked: ${fixed === '' ? 'none' : fixed}.${back}${rest}`;
}

/** What outsiders wrote: it can be cited for what it says, never for a version or a vulnerability. */
function notesFacts({ notes }: ReleaseFacts): readonly Fact[] {
  if (notes.status === 'missing') return [{ id: 'N1', text: notes.reason }];
  const { title, url, callouts, pullRequests, recalled } = notes;
  return [
    { id: 'N1', text: `${title}${recalled ? ' (withdrawn)' : ''}`, url, untrusted: true },
    ...callouts.map((text, index): Fact => ({ id: `N${index + 2}`, text, url, untrusted: true })),
    ...pullRequests.slice(0, most.pullRequests).map(
      ({ number, title: text }, index): Fact => ({
        id: `M${index + 1}`,
        text,
        url: `https://github.com/awslabs/amazon-eks-ami/pull/${number}`,
        untrusted: true,
      }),
    ),
  ];
}
