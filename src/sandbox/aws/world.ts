import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../shared/time.ts';

/** A parameter with all it ever was; entries may lie in the future, and become true when the clock gets there. */
export type StoredParameter = {
  /** Public parameters belong to no account, and their history cannot be read. */
  readonly isPublic: boolean;
  /** Oldest first. */
  readonly values: readonly { readonly at: Instant; readonly value: string }[];
};

export type StoredImage = {
  readonly imageId: string;
  readonly name: string;
  readonly description?: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly ownerId: string;
  /** `amazon` for images of AWS itself. */
  readonly ownerAlias?: string;
  readonly isPublic: boolean;
  readonly state: string;
  /** Nobody sees it before. */
  readonly createdAt: Instant;
  readonly deprecatedAt?: Instant;
  readonly platform?: 'windows';
  readonly tags: Readonly<Record<string, string>>;
};

export type StoredCluster = {
  readonly name: string;
  /** Kubernetes minor, such as `1.35`. */
  readonly version: string;
  readonly status: 'CREATING' | 'ACTIVE' | 'DELETING' | 'FAILED' | 'UPDATING';
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
};

export type StoredAlarm = {
  readonly name: string;
  readonly type: 'MetricAlarm' | 'CompositeAlarm';
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
};

/** What EC2 publishes of one kind of instances, and their quota. */
export type StoredVcpu = {
  /** Five minutes apart, the newest last. */
  readonly running: readonly number[];
  /** Absent: CloudWatch knows no quota of this metric. `Forbidden`: the caller may not see it. */
  readonly quota?: number | 'Forbidden';
};

export type PublishedMessage = {
  readonly topicArn: string;
  readonly messageId: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly at: Instant;
};

export type StoredGuardrail = {
  readonly id: string;
  readonly version: string;
  /** It intervenes when a text contains one of these, in any case. */
  readonly blocks: readonly string[];
  /** What it says instead. */
  readonly message: string;
};

/** What a model identifier is to this account. */
export type ModelAccess = 'granted' | 'denied' | 'end-of-life';

/** How the model behaves; `worst` is as bad as a model can be, another way each time. */
export type ModelMode = 'good' | 'slow' | 'timeout' | 'nonsense' | 'malicious' | 'worst' | 'off';

type PerRegion<Value> = Record<string, Record<string, Value>>;

/** All that this AWS holds; plain JSON, so that it survives a restart. */
export type World = {
  readonly parameters: PerRegion<StoredParameter>;
  readonly images: PerRegion<StoredImage>;
  readonly secrets: PerRegion<{
    readonly arn: string;
    readonly value: string;
    readonly at: Instant;
  }>;
  readonly clusters: PerRegion<StoredCluster>;
  readonly alarms: PerRegion<StoredAlarm>;
  /** By the metric's dimension `Class`, such as `Standard/OnDemand`. */
  readonly vcpu: PerRegion<StoredVcpu>;
  readonly subnets: PerRegion<{ readonly zone: string; readonly free: number }>;
  readonly reservations: PerRegion<{
    readonly instanceType: string;
    readonly zone: string;
    readonly free: number;
    readonly total: number;
  }>;
  readonly guardrails: PerRegion<StoredGuardrail>;
  readonly models: Record<string, ModelAccess>;
  readonly topics: string[];
  readonly messages: PublishedMessage[];
  modelMode: ModelMode;
  /** Replies of the worst model so far. */
  modelTurns: number;
};

function emptyWorld(): World {
  return {
    parameters: {},
    images: {},
    secrets: {},
    clusters: {},
    alarms: {},
    vcpu: {},
    subnets: {},
    reservations: {},
    guardrails: {},
    models: {},
    topics: [],
    messages: [],
    modelMode: 'good',
    modelTurns: 0,
  };
}

/** Puts a thing where its region and name say, replacing what was there. */
export function put<Value>(
  table: PerRegion<Value>,
  region: string,
  key: string,
  value: Value,
): void {
  const row = table[region] ?? {};
  table[region] = row;
  row[key] = value;
}

/** Adds one value of a parameter to its history, wherever in time it belongs; no update when it says so already. */
export function putValue(
  world: World,
  region: string,
  name: string,
  { at, value, isPublic }: { at: Instant; value: string; isPublic: boolean },
): void {
  const before = world.parameters[region]?.[name]?.values ?? [];
  if (before.findLast((entry) => entry.at <= at)?.value === value) return;
  const values = [...before, { at, value }].sort((a, b) => a.at - b.at);
  put(world.parameters, region, name, { isPublic, values });
}

/** A parameter as it reads now: `version` counts its values so far, in this region. */
export function readParameter(world: World, region: string, name: string, now: Instant) {
  const parameter = world.parameters[region]?.[name];
  const past = parameter?.values.filter(({ at }) => at <= now) ?? [];
  const last = past.at(-1);
  if (parameter === undefined || last === undefined) return undefined;
  return { name, isPublic: parameter.isPublic, version: past.length, ...last };
}

/** Reads what an earlier run left in `dataDir`; an empty world when it left nothing. */
export function loadWorld(dataDir: string | undefined): World {
  if (dataDir === undefined) return emptyWorld();
  try {
    return { ...emptyWorld(), ...JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return emptyWorld();
    throw new Error(`The state of the AWS stand-in in ${dataDir} cannot be read`, { cause });
  }
}

/** Written beside and renamed, so that a kill leaves the old state or the new one. */
export function saveWorld(dataDir: string | undefined, world: World): void {
  if (dataDir === undefined) return;
  mkdirSync(dataDir, { recursive: true });
  const next = `${fileIn(dataDir)}.next`;
  writeFileSync(next, JSON.stringify(world));
  renameSync(next, fileIn(dataDir));
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'aws.json');
}
