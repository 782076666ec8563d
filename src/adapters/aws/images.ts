import type { CustomLine } from '../../images/custom-line.ts';
import {
  bottlerocketParameter,
  type Lookup,
  recommendedLookup,
  releaseLookup,
} from '../../images/parameters.ts';
import {
  type Parsed,
  parseBottlerocketId,
  parseBottlerocketVersion,
  parseDocument,
  parseLeaf,
  parseNamed,
} from '../../images/published-image.ts';
import { compareReleases, familyOf } from '../../images/releases.ts';
import { distinctSlots } from '../../images/slot.ts';
import type { Image, ImageSlot } from '../../images/types.ts';
import { writtenTogether } from '../../images/written-together.ts';
import type { ReleaseId } from '../../shared/ids.ts';
import type { Log } from '../../workflow/log.ts';
import type { Images, Unanswered } from '../../workflow/ports/images.ts';
import type { AwsConnection } from './connection.ts';
import { createCustomImages } from './custom-images.ts';
import { createEc2Images } from './describe-images.ts';
import {
  createReadParameters,
  type PublicParameter,
  type ReadParameters,
} from './ssm-parameters.ts';

/**
 * What AWS publishes, from its public SSM parameters and EC2. All regions at once, each with ten names a request. A value
 * that makes no sense is logged, and its slot is absent; a region that does not answer fails the whole question, because
 * silence must not look like "not published there".
 */
export function createImages(
  connection: AwsConnection,
  log: Pick<Log, 'warn'>,
  lines: readonly CustomLine[] = [],
): Images {
  const read = createReadParameters(connection);
  const { describe, list } = createEc2Images(connection);
  const custom = createCustomImages({ list }, lines, connection.clock);
  return {
    describe,
    recommended: (slots, unanswered) =>
      byRegion(slots, async (region, here) => {
        const lookups = here.map(withLookup(recommendedLookup));
        const found = await Promise.all([
          lookUp({ read, describe, log, unanswered }, region, lookups),
          ...ofLines(here).map((line) =>
            custom(region, line).catch((cause: unknown) => {
              if (unanswered === undefined) throw cause;
              unanswered(line, cause);
              return [];
            }),
          ),
        ]);
        return found.flat();
      }),
    ofRelease: (release, slots) =>
      byRegion(
        slots.filter(({ family }) => family === familyOf(release)),
        async (region, here) => {
          if (familyOf(release) === 'custom') return custom(region, here, release);
          const lookups = here.map(withLookup((slot) => releaseLookup(slot, release)));
          const images = await lookUp({ read, describe, log, release }, region, lookups);
          return images.filter((image) => compareReleases(image.release, release) === 0);
        },
      ),
  };
}

/** Custom slots, a line at a time: EC2 is asked one question a line. */
function ofLines(slots: readonly ImageSlot[]): readonly (readonly ImageSlot[])[] {
  const custom = slots.filter(({ family }) => family === 'custom');
  return [...new Set(custom.map(({ line }) => line))].map((line) =>
    custom.filter((slot) => slot.line === line),
  );
}

type Wanted = { readonly slot: ImageSlot; readonly lookup: Lookup };

const withLookup = (lookupOf: (slot: ImageSlot) => Lookup) => (slot: ImageSlot) => ({
  slot,
  lookup: lookupOf(slot),
});

async function byRegion(
  slots: readonly ImageSlot[],
  look: (region: string, slots: readonly ImageSlot[]) => Promise<readonly Image[]>,
): Promise<readonly Image[]> {
  const regions = new Map<string, ImageSlot[]>();
  for (const slot of distinctSlots(slots))
    regions.set(slot.region, [...(regions.get(slot.region) ?? []), slot]);
  return (await Promise.all([...regions].map(([region, here]) => look(region, here)))).flat();
}

type Sources = {
  readonly read: ReadParameters;
  readonly describe: Images['describe'];
  readonly log: Pick<Log, 'warn'>;
  /** The release looked for; absent: whatever is recommended. */
  readonly release?: ReleaseId;
  readonly unanswered?: Unanswered | undefined;
};

/** One round; a second one only for what the first leaves in doubt. */
async function lookUp(
  { read, describe, log, release, unanswered }: Sources,
  region: string,
  wanted: readonly Wanted[],
): Promise<readonly Image[]> {
  const first = await read(
    region,
    wanted.flatMap(({ lookup }) => firstNames(lookup)),
  );
  const secondNames = wanted.flatMap((one) => secondName(one, first, release) ?? []);
  const second = await read(region, secondNames);
  const byId = wanted.filter(
    ({ lookup }) => lookup.by === 'image-id' && first.has(lookup.parameter),
  );
  const ids = byId.flatMap(({ lookup }) =>
    lookup.by === 'image-id' ? (first.get(lookup.parameter)?.value ?? []) : [],
  );
  const described =
    ids.length === 0
      ? []
      : await describe(region, ids).catch((cause: unknown) => {
          if (unanswered === undefined) throw cause;
          unanswered(
            byId.map(({ slot }) => slot),
            cause,
          );
          return [];
        });
  const names = new Map(described.map(({ imageId, name }) => [imageId, name]));
  return wanted.flatMap((one) => {
    const parsed = parse(one, { first, second, names, release });
    if (parsed?.kind !== 'malformed') return parsed?.image ?? [];
    const [parameter] = firstNames(one.lookup);
    log.warn({ region, parameter, problem: parsed.problem }, 'image parameter not understood');
    return [];
  });
}

function firstNames(lookup: Lookup): readonly string[] {
  switch (lookup.by) {
    case 'document':
    case 'image-id':
      return [lookup.parameter];
    case 'version':
      return [lookup.imageVersion, lookup.imageId];
    case 'nothing':
      return [];
  }
}

function secondName(
  { slot, lookup }: Wanted,
  first: ReadonlyMap<string, PublicParameter>,
  release: ReleaseId | undefined,
): string | undefined {
  if (lookup.by === 'version') {
    const version = first.get(lookup.imageVersion);
    const id = first.get(lookup.imageId);
    if (version === undefined || parseBottlerocketVersion(version.value) === undefined)
      return undefined;
    if (id !== undefined && writtenTogether(version, id)) return undefined;
    return bottlerocketParameter(slot, version.value, 'image_id');
  }
  // [inferred] every release seen has the JSON parent; should one have its leaves alone, the folder's name says the rest
  const hasParent = lookup.by === 'document' && first.has(lookup.parameter);
  return lookup.by === 'document' && !hasParent && release !== undefined
    ? lookup.imageId
    : undefined;
}

/** `undefined`: nothing is published there. */
function parse(
  { slot, lookup }: Wanted,
  {
    first,
    second,
    names,
    release,
  }: {
    readonly first: ReadonlyMap<string, PublicParameter>;
    readonly second: ReadonlyMap<string, PublicParameter>;
    readonly names: ReadonlyMap<string, string>;
    readonly release: ReleaseId | undefined;
  },
): Parsed | undefined {
  switch (lookup.by) {
    case 'document': {
      const document = first.get(lookup.parameter)?.value;
      if (document !== undefined) return parseDocument(slot, document);
      const id = second.get(lookup.imageId)?.value;
      return id === undefined || release === undefined ? undefined : parseLeaf(slot, release, id);
    }
    case 'version': {
      const version = first.get(lookup.imageVersion);
      if (version === undefined) return undefined;
      const beside = first.get(lookup.imageId);
      const isSure = beside !== undefined && writtenTogether(version, beside);
      const under = bottlerocketParameter(slot, version.value, 'image_id');
      const id = (isSure ? beside : second.get(under))?.value;
      if (id === undefined && parseBottlerocketVersion(version.value) !== undefined)
        return undefined;
      return parseBottlerocketId(slot, version.value, id ?? '');
    }
    case 'image-id': {
      const id = first.get(lookup.parameter)?.value;
      const name = id === undefined ? undefined : names.get(id);
      return id === undefined || name === undefined ? undefined : parseNamed(slot, id, name);
    }
    case 'nothing':
      return undefined;
  }
}
