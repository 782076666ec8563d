import { startOfDay } from '../shared/recurrence.ts';
import { listOf, name, relation, section, text } from './fields.ts';

// What is kept behind on purpose, by configuration.

const dayForm = 'a day as 2026-12-20';

type Keys = Readonly<Partial<Record<'cluster' | 'pool' | 'variant', unknown>>>;

const HoldEntry = section({
  cluster: name('a cluster').optional().describe('The cluster; with pool, where that pool is.'),
  pool: text(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'the name of a NodePool')
    .optional()
    .describe('NodePools of that name.'),
  variant: text(/^[a-z0-9-]{2,30}$/, 'an image variant such as nvidia')
    .optional()
    .describe('An image variant.'),
  until: text(/^\d{4}-\d{2}-\d{2}$/, dayForm)
    .refine((value) => !Number.isNaN(Date.parse(value)), { error: () => dayForm })
    .transform((value) => {
      const [year = 0, month = 0, day = 0] = value.split('-').map(Number);
      return startOfDay({ year, month, day }, 'UTC');
    })
    .describe('When it ends: the beginning of that day, UTC.'),
  reason: text(/^[^\n]{3,300}$/, 'a reason in one line, 3 to 300 characters').describe(
    'Why; it stands on the card.',
  ),
  owner: text(/\S/, 'who asked for it').describe('Who asked for it; it stands on the card.'),
})
  .check(
    relation<Keys>(
      ({ cluster, pool, variant }) =>
        (cluster ?? pool ?? variant) !== undefined &&
        (variant === undefined || (cluster ?? pool) === undefined),
      [],
      'needs one of cluster, pool (with or without a cluster) and variant.',
    ),
  )
  .transform(({ cluster, pool, variant, until, reason, owner }) => ({
    ...(pool !== undefined
      ? { kind: 'pool' as const, name: pool, ...(cluster === undefined ? {} : { cluster }) }
      : cluster !== undefined
        ? { kind: 'cluster' as const, name: cluster }
        : { kind: 'variant' as const, name: variant ?? '' }),
    until,
    reason,
    by: owner,
  }))
  .describe('Something that is kept behind.');

export const Holds = listOf(HoldEntry, 'a list of holds')
  .prefault([])
  .describe('What is kept behind on purpose, each until a day.');
