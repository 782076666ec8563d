import type { Bundle } from '../src/audit/bundle.ts';
import type { DecisionLine } from '../src/audit/decision-line.ts';
import { escapeMarkdown } from '../src/shared/text.ts';

/** A rollout's record for people: who asked, how risky it was, who approved what, and what came of it. */
export function bundleMarkdown(bundle: Bundle): string {
  const { rollout, made, request, risk, outcome, verification } = bundle;
  const parts = [
    `# Rollout ${code(rollout)}`,
    '',
    `Written ${made}. ${verificationText(verification)}`,
    '',
    '## Request',
    '',
    `${code(request.release)} for the fleet ${code(request.fleet)}, attempt ${request.attempt}, opened ${request.at} by ${request.by === undefined ? 'detection' : code(request.by)}.`,
    '',
    ...request.environments.map(
      ({ name, policyHash, waves, replaces }) =>
        `- **${escapeMarkdown(name)}**, policy ${code(policyHash)}: waves ${waves.map((wave) => `${code(wave.name)} (${wave.clusters.map(code).join(', ')})`).join(', then ')}; replaces ${replaces.map((one) => `${code(one.release)} on ${code(one.cluster)}`).join(', ')}.`,
    ),
    '',
    '## Risk',
    '',
    riskText(risk),
    '',
    '## What was to be changed',
    '',
    ...(bundle.changes.length === 0
      ? ['Nobody was asked about a change.']
      : bundle.changes.map(
          ({ digest }) => `- ${code(digest)}: in full in the JSON beside this text.`,
        )),
    '',
    '## Approvals, refusals and steering',
    '',
    ...table(bundle.approvals),
    '',
    '## Checks',
    '',
    ...(bundle.checks.length === 0
      ? ['No merge was decided.']
      : bundle.checks.map(
          ({ at, pullRequest, headSha, passed }) =>
            `- ${at} ${code(pullRequest)} at ${code(headSha)}: ${passed === undefined ? 'which checks had passed was not recorded' : passed.length === 0 ? 'no checks reported' : `passed: ${passed.map(escapeMarkdown).join(', ')}`}.`,
        )),
    '',
    '## Merges',
    '',
    ...table(bundle.merges),
    '',
    '## Outcome',
    '',
    outcome.at === undefined
      ? 'The rollout is still open.'
      : `${code(outcome.name)}, ${outcome.at}.`,
    '',
    ...outcome.waves.map(
      ({ environment, name, phase, proven }) =>
        `- ${escapeMarkdown(environment)} ${code(name)}: ${code(phase)}${proven === false ? ', not proven' : ''}`,
    ),
    '',
    '## Everything, in order',
    '',
    ...table(bundle.decisions),
    '',
  ];
  return parts.join('\n');
}

function verificationText({ anchored, findings }: Bundle['verification']): string {
  if (findings.length > 0) {
    return `**This record is not as it was written:** ${findings.map(({ says }) => escapeMarkdown(says)).join('; ')}.`;
  }
  return anchored === 0
    ? 'Each record follows from the one before; no anchor vouches for them yet.'
    : `Each record follows from the one before; an anchor vouches for the first ${anchored}.`;
}

function riskText(risk: Bundle['risk']): string {
  if (risk === undefined) return 'It was not analysed.';
  const level =
    risk.level === undefined ? 'The risk was not assessed.' : `Risk by the rules: ${risk.level}.`;
  return risk.unavailable === undefined
    ? level
    : `${level} Without a summary by a model: ${escapeMarkdown(risk.unavailable)}.`;
}

function table(lines: readonly DecisionLine[]): readonly string[] {
  if (lines.length === 0) return ['None.'];
  return [
    '| when | what | where | who | change | pull requests | why |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines.map((line) => {
      const { at, what, environment = '', wave = '', slack, github, cloud, digest } = line;
      const who = [slack, github, cloud].filter((one) => one !== undefined).map(code);
      const why = [line.wanted, line.scope, line.reason].filter((one) => one !== undefined);
      return `| ${[
        at,
        code(what),
        escapeMarkdown(`${environment} ${wave}`.trim()),
        who.length === 0 ? 'Amiable' : who.join(', '),
        (digest?.split(' ') ?? []).map((one) => code(one.slice(0, 12))).join(', '),
        line.pullRequests.map(code).join(', '),
        escapeMarkdown(why.join(': ')),
      ].join(' | ')} |`;
    }),
  ];
}

/** As code, in which nothing is linked; escaped where it holds more than names do. */
function code(text: string): string {
  return /^[\w@.:/#+=,[\]-]{1,600}$/.test(text) ? `\`${text}\`` : escapeMarkdown(text);
}
