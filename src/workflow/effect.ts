import type { GitWrites } from './ports/git-host.ts';
import type { Messenger } from './ports/messenger.ts';
import type { NodeBrakes } from './ports/node-brakes.ts';
import type { NodeClassSyncs } from './ports/node-class-syncs.ts';
import type { Pages } from './ports/pages.ts';

/** Every way in which Amiable changes the world outside its own table. A test kills the service around each of them. */
export const effectNames = [
  'create-branch',
  'commit-change',
  'open-pull-request',
  'close-pull-request',
  'set-status',
  'merge',
  'dequeue',
  'post-message',
  'edit-message',
  'upload-picture',
  'answer-person',
  'show-modal',
  'hold-nodes',
  'release-nodes',
  'sync-node-class',
  'page',
] as const;
export type EffectName = (typeof effectNames)[number];

/** What can be changed; reached only from inside an effect. */
export type Writes = {
  readonly github: GitWrites;
  readonly slack: Messenger;
  readonly nodes: NodeBrakes;
  readonly pages: Pages;
  readonly applications: NodeClassSyncs;
};

/** Tells a test where the service is: right before an effect is sent, or right after its reply came. */
export type EffectObserver = (
  point: 'before' | 'after',
  name: EffectName,
  key: string,
) => void | Promise<void>;

export type Effects = {
  /**
   * Does one external write. It may be done twice (a crash between doing and recording), so `key` names what makes
   * the second time a no-op, and the caller has looked for it first.
   */
  run<T>(name: EffectName, key: string, act: (writes: Writes) => Promise<T>): Promise<T>;
};

export function createEffects(writes: Writes, observe: EffectObserver = () => {}): Effects {
  return {
    async run(name, key, act) {
      await observe('before', name, key);
      const result = await act(writes);
      await observe('after', name, key);
      return result;
    },
  };
}
