import type { KnownBlock } from '@slack/types';
import type { Analysis } from '../src/analysis/types.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import { analysisOf } from './analysis-of.ts';
import { type ImageTables, imageTables, whereItRuns } from './analysis-rows.ts';
import { analysisSections } from './analysis-sections.ts';
import { section } from './block-kit.ts';
import { count } from './phrases.ts';
import { textTable } from './text-table.ts';

/** Kinds of image with tables of their own; a fleet has rarely more than four. */
const mostImages = 10;

/** All of the analysis, with tables of packages and vulnerabilities for the clusters of each kind of image. */
export function analysisDetails(rollout: Rollout): KnownBlock[] {
  const analysis = analysisOf(rollout);
  if (analysis === undefined) return [];
  const tables = imageTables(analysis);
  const shown = tables.slice(0, mostImages);
  const more = tables.length - shown.length + analysis.left.images;
  return [
    ...analysisSections(rollout),
    ...shown.flatMap((one) => imageBlocks(one, analysis)),
    ...(more > 0 ? [section(`and ${count(more, 'more kind')} of image`)] : []),
    ...leftOver(analysis),
  ];
}

function imageBlocks({ image, packages, cves }: ImageTables, analysis: Analysis): KnownBlock[] {
  const { amiType, kubernetes, from } = image;
  const title = `*${escapeMrkdwn(`${amiType}, Kubernetes ${kubernetes}`)}* from ${escapeMrkdwn(from)}\n${escapeMrkdwn(clamp(whereItRuns(image), 500))}`;
  return [
    section(title),
    ...(packages.length > 0 ? [textTable(packages)] : [section('No package move is known.')]),
    ...(cves.length > 0 ? [textTable(cves)] : [section(noCves(image, analysis))]),
  ];
}

/** "Not checked", and what was cut, are never "none"; each kind of image for itself. */
function noCves(
  image: ImageTables['image'],
  { images, packages, security, left }: Analysis,
): string {
  const at = images.indexOf(image);
  const moves = packages.filter((move) => move.images.includes(at));
  if (security.status === 'not-checked') return 'CVEs were not checked.';
  const { unchecked } = security;
  const dark = moves.filter(({ name, change }) => change === 'unknown' || unchecked.includes(name));
  if (moves.length > 0 && dark.length === moves.length) return 'CVEs were not checked.';
  if (left.cves > 0) return 'Its fixed CVEs, if there are any, are among those not listed.';
  return 'No fixed CVE was found in what was checked.';
}

/** What was too much to be kept. */
function leftOver({ left }: Analysis): KnownBlock[] {
  const parts = [
    ...(left.packages > 0 ? [count(left.packages, 'package move')] : []),
    ...(left.cves > 0 ? [count(left.cves, 'less severe CVE')] : []),
  ];
  return parts.length === 0 ? [] : [section(`Not listed: ${parts.join(' and ')}.`)];
}
