import type { Instant } from '../../shared/time.ts';
import type { Context } from './call.ts';
import { type Published, publish, type RecallOrder, recall } from './publication.ts';
import type { Publication } from './publication-plan.ts';
import { secretArn } from './secrets-api.ts';
import {
  type ModelAccess,
  type ModelMode,
  put,
  putValue,
  type StoredAlarm,
  type StoredCluster,
  type StoredGuardrail,
  type StoredImage,
  type StoredVcpu,
  type World,
} from './world.ts';

/** What can be done to the stand-in that no client of AWS can do. */
export type Controls = {
  /** Publishes a release; `at` absent: now. */
  publish(publication: Omit<Publication, 'at'> & { at?: Instant }): readonly Published[];
  /** Moves `recommended` backward; `at` absent: now. Returns the parameters that moved, each with its region. */
  recall(order: Omit<RecallOrder, 'at'> & { at?: Instant }): readonly string[];
  /** Sets when images become deprecated, by the end of their names (`-v20260311`); absent: now. Returns how many. */
  deprecate(order: { nameEndsWith: string; regions?: readonly string[]; at?: Instant }): number;
  /** Such as `disabled`, `deregistered`. Unknown ids are an error. */
  setImageState(region: string, imageId: string, state: string): void;
  /** A custom image, or any other. */
  putImage(region: string, image: StoredImage): void;
  /** A parameter of the account's own. */
  putParameter(region: string, name: string, value: string): void;
  /** Returns its ARN. */
  putSecret(region: string, name: string, value: string): string;
  putTopic(arn: string): void;
  putCluster(region: string, cluster: StoredCluster): void;
  putAlarm(region: string, alarm: StoredAlarm): void;
  putVcpu(region: string, kind: string, stored: StoredVcpu): void;
  putSubnet(region: string, id: string, left: World['subnets'][string][string]): void;
  putReservation(region: string, id: string, left: World['reservations'][string][string]): void;
  putGuardrail(region: string, guardrail: StoredGuardrail): void;
  /** Identifiers nobody put are unknown to Bedrock. */
  putModel(modelId: string, access: ModelAccess): void;
  setModelMode(mode: ModelMode): void;
};

/** Everything that changes the world from inside the process; each change is saved. */
export function controlsOf(
  world: World,
  { clock, account, save }: Pick<Context, 'clock' | 'account' | 'save'>,
): Controls {
  const saved =
    <Given extends readonly unknown[], Result>(change: (...given: Given) => Result) =>
    (...given: Given): Result => {
      const result = change(...given);
      save();
      return result;
    };
  const images = (region: string) => Object.values(world.images[region] ?? {});
  return {
    publish: saved((publication: Omit<Publication, 'at'> & { at?: Instant }) =>
      publish(world, { at: clock.now(), ...publication }),
    ),
    recall: saved((order: Omit<RecallOrder, 'at'> & { at?: Instant }) =>
      recall(world, { at: clock.now(), ...order }),
    ),
    deprecate: saved(
      (order: { nameEndsWith: string; regions?: readonly string[]; at?: Instant }) => {
        let count = 0;
        for (const region of order.regions ?? Object.keys(world.images))
          for (const image of images(region)) {
            if (!image.name.endsWith(order.nameEndsWith)) continue;
            const deprecatedAt = order.at ?? clock.now();
            put(world.images, region, image.imageId, { ...image, deprecatedAt });
            count += 1;
          }
        return count;
      },
    ),
    setImageState: saved((region: string, imageId: string, state: string) => {
      const image = world.images[region]?.[imageId];
      if (image === undefined) throw new Error(`There is no image ${imageId} in ${region}`);
      put(world.images, region, imageId, { ...image, state });
    }),
    putImage: saved((region: string, image: StoredImage) =>
      put(world.images, region, image.imageId, image),
    ),
    putParameter: saved((region: string, name: string, value: string) =>
      putValue(world, region, name, { at: clock.now(), value, isPublic: false }),
    ),
    putSecret: saved((region: string, name: string, value: string) => {
      const arn = secretArn(region, account, name);
      put(world.secrets, region, name, { arn, value, at: clock.now() });
      return arn;
    }),
    putTopic: saved((arn: string) => {
      if (!world.topics.includes(arn)) world.topics.push(arn);
    }),
    putCluster: saved((region: string, cluster: StoredCluster) =>
      put(world.clusters, region, cluster.name, cluster),
    ),
    putAlarm: saved((region: string, alarm: StoredAlarm) =>
      put(world.alarms, region, alarm.name, alarm),
    ),
    putVcpu: saved((region: string, kind: string, stored: StoredVcpu) =>
      put(world.vcpu, region, kind, stored),
    ),
    putSubnet: saved((region: string, id: string, left: World['subnets'][string][string]) =>
      put(world.subnets, region, id, left),
    ),
    putReservation: saved(
      (region: string, id: string, left: World['reservations'][string][string]) =>
        put(world.reservations, region, id, left),
    ),
    putGuardrail: saved((region: string, guardrail: StoredGuardrail) =>
      put(world.guardrails, region, `${guardrail.id}/${guardrail.version}`, guardrail),
    ),
    putModel: saved((modelId: string, access: ModelAccess) => {
      world.models[modelId] = access;
    }),
    setModelMode: saved((mode: ModelMode) => {
      world.modelMode = mode;
    }),
  };
}
