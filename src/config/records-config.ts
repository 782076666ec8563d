import { z } from 'zod';
import { storeOf } from './config.ts';
import { Aws, Store } from './connections.ts';
import { listOf } from './fields.ts';
import { Person } from './people.ts';

/** The sections that whoever reads records needs. */
export const RecordsConfig = z
  .object({
    aws: Aws,
    store: Store,
    people: listOf(Person, 'a list of people').prefault([]),
  })
  .transform(({ aws, store, people }) => ({ aws, store: storeOf(store, aws), people }));
export type RecordsConfig = z.infer<typeof RecordsConfig>;

export const recordsKeys: ReadonlySet<string> = new Set(['aws', 'store', 'people']);
