import { channel, listOf, relation, section, text } from './fields.ts';

// Who is told, in a channel of their own, of what of theirs holds nodes.

const entry = 'a name, or the beginning of one and *';
/** A namespace or a NodePool, or all that begin so. */
const pattern = () => text(/^(?:\*|[a-z0-9][a-z0-9.-]{0,252}\*?)$/, entry);
const patterns = (of: string) => listOf(pattern(), `a list of ${of}`).prefault([]);

type Keys = { readonly namespaces?: unknown; readonly nodePools?: unknown };

const OwnerEntry = section({
  namespaces: patterns('namespaces').describe('Namespaces of their workloads; payments-* too.'),
  nodePools: patterns('NodePools').describe('NodePools that are theirs; gpu-* too.'),
  channel: channel().describe('Id of the channel where they are told; the bot must be in it.'),
})
  .check(
    relation<Keys>(
      ({ namespaces, nodePools }) =>
        [namespaces, nodePools].some((list) => Array.isArray(list) && list.length > 0),
      [],
      'needs namespaces or nodePools.',
    ),
  )
  .describe('A team and its channel.');

export const Owners = listOf(OwnerEntry, 'a list of owners')
  .prefault([])
  .describe('Who is told in their own channel of what of theirs holds nodes; default: nobody.');
