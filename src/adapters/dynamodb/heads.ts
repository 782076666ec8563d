import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { RolloutId } from '../../shared/ids.ts';
import type { Head, Heads } from '../../workflow/ports/store.ts';
import { dueIndex } from './describe-table.ts';
import { afterKind, duePkOf, dueShards, headKey, instantOf, timedSk } from './keys.ts';
import { holds, queryAll, type RawItem, readItem, type TableAccess } from './table-access.ts';

const HeadItem = z.object({
  pk: z.string(),
  // A head that only a lease made has neither yet.
  wakes: z.number().default(0),
  sequence: z.number().default(0),
  dueSk: z.string().optional(),
  lease: z.object({ owner: z.string(), until: z.number() }).optional(),
});

function headOf(item: RawItem): Head {
  const { pk, wakes, sequence, dueSk, lease } = HeadItem.parse(item);
  return {
    rollout: RolloutId.parse(afterKind(pk)),
    wakes,
    sequence,
    ...(dueSk === undefined ? {} : { dueAt: instantOf(dueSk) }),
    ...(lease === undefined ? {} : { lease }),
  };
}

// `sequence` and `owner` are words that expressions reserve, so every attribute goes by a name of its own.
const names = {
  '#wakes': 'wakes',
  '#sequence': 'sequence',
  '#duePk': 'duePk',
  '#dueSk': 'dueSk',
  '#lease': 'lease',
};

/** Hints of when to look at each rollout. Every write here may be repeated: at worst a rollout is looked at once more. */
export function createHeads(access: TableAccess): Heads {
  const { document, table, call } = access;
  /** Rollouts that were open when they were last seen here. */
  const open = new Set<RolloutId>();

  const read = async (rollout: RolloutId): Promise<Head | undefined> => {
    const doing = { operation: 'heads.read', what: `head of ${rollout}` };
    const item = await readItem(access, doing, headKey(rollout));
    return item === undefined ? undefined : headOf(item);
  };

  /** A moved entry leaves the index before it comes back: what is missing there is looked up in the table itself. */
  const missedBy = async (heads: readonly Head[]): Promise<readonly Head[]> => {
    const listed = new Set(heads.map(({ rollout }) => rollout));
    const missing = [...open].filter((id) => !listed.has(id));
    const found = await Promise.all(missing.map(read));
    return found.flatMap((head, i) => {
      const id = missing[i];
      if (head?.dueAt !== undefined) return [head];
      if (id !== undefined) open.delete(id);
      return [];
    });
  };

  const update = (
    doing: { readonly operation: string; readonly indexWrites: number },
    rollout: RolloutId,
    input: Partial<UpdateCommandInput>,
  ): Promise<unknown> => {
    const command = new UpdateCommand({
      TableName: table,
      Key: headKey(rollout),
      ReturnConsumedCapacity: 'INDEXES',
      ...input,
    });
    return call({ ...doing, kind: 'writes', what: `head of ${rollout}` }, (options) =>
      document.send(command, options),
    );
  };

  return {
    async wake(rollout, now) {
      const { '#lease': _, ...used } = names;
      open.add(rollout);
      // Moving an index entry is two writes there: the old one out, the new one in.
      await update({ operation: 'heads.wake', indexWrites: 2 }, rollout, {
        UpdateExpression:
          'ADD #wakes :one SET #duePk = :duePk, #dueSk = :dueSk, #sequence = if_not_exists(#sequence, :none)',
        ExpressionAttributeNames: used,
        ExpressionAttributeValues: {
          ':one': 1,
          ':none': 0,
          ':duePk': duePkOf(rollout),
          ':dueSk': timedSk(now, rollout),
        },
      });
    },

    hint(rollout, { wakes, sequence, dueAt, lease }) {
      const set = [
        '#sequence = :sequence',
        ...(dueAt === undefined ? [] : ['#duePk = :duePk', '#dueSk = :dueSk']),
        ...(lease === undefined ? [] : ['#lease = :lease']),
      ].join(', ');
      const { '#lease': leaseName, ...used } = names;
      return holds(() =>
        update({ operation: 'heads.hint', indexWrites: dueAt === undefined ? 1 : 2 }, rollout, {
          UpdateExpression: `SET ${set}${dueAt === undefined ? ' REMOVE #duePk, #dueSk' : ''}`,
          ConditionExpression:
            wakes === 0 ? '#wakes = :wakes OR attribute_not_exists(#wakes)' : '#wakes = :wakes',
          ExpressionAttributeNames: lease === undefined ? used : { ...used, '#lease': leaseName },
          ExpressionAttributeValues: {
            ':wakes': wakes,
            ':sequence': sequence,
            ...(dueAt === undefined
              ? {}
              : { ':duePk': duePkOf(rollout), ':dueSk': timedSk(dueAt, rollout) }),
            ...(lease === undefined ? {} : { ':lease': lease }),
          },
        }),
      );
    },

    async open() {
      const shards = dueShards.map(async (shard) => {
        const heads: Head[] = [];
        const doing = { operation: 'heads.open', what: 'open rollouts' };
        const items = queryAll(access, doing, {
          IndexName: dueIndex,
          KeyConditionExpression: '#duePk = :shard',
          ExpressionAttributeNames: { '#duePk': 'duePk' },
          ExpressionAttributeValues: { ':shard': shard },
        });
        for await (const item of items) heads.push(headOf(item));
        return heads;
      });
      const listed = (await Promise.all(shards)).flat();
      const heads = [...listed, ...(await missedBy(listed))];
      for (const { rollout } of listed) open.add(rollout);
      return heads.sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
    },

    read,

    lease: (rollout, owner, now, until) =>
      holds(() =>
        update({ operation: 'heads.lease', indexWrites: 1 }, rollout, {
          UpdateExpression: 'SET #lease = :lease',
          ConditionExpression:
            'attribute_not_exists(#lease) OR #lease.#owner = :owner OR #lease.#until <= :now',
          ExpressionAttributeNames: { '#lease': 'lease', '#owner': 'owner', '#until': 'until' },
          ExpressionAttributeValues: { ':lease': { owner, until }, ':owner': owner, ':now': now },
        }),
      ),
  };
}
