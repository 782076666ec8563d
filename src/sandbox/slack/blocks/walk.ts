import { isObject, type JsonObject } from './check.ts';

/** Where a block keeps elements that people press or fill in. */
const slots = ['elements', 'accessory', 'element', 'actions'];

/** The elements of one block that carry an `action_id`, those of nested blocks and cards included, in their order. */
export function elementsIn(block: JsonObject): readonly JsonObject[] {
  if (block['type'] === 'rich_text') return [];
  const own = slots.flatMap((slot) => asList(block[slot])).filter((one) => one['type'] !== 'card');
  const cards = asList(block['elements']).filter((one) => one['type'] === 'card');
  return [...own, ...[...cards, ...asList(block['child_blocks'])].flatMap(elementsIn)];
}

/** Every block of a payload, those inside containers and carousels included. */
export function allBlocks(blocks: readonly JsonObject[]): readonly JsonObject[] {
  return blocks.flatMap((block) => [
    block,
    ...allBlocks(asList(block['child_blocks'])),
    ...(block['type'] === 'carousel' ? asList(block['elements']) : []),
  ]);
}

/** Every object at any depth, the root included. */
export function* objectsIn(value: unknown): Generator<JsonObject> {
  if (Array.isArray(value)) for (const one of value) yield* objectsIn(one);
  else if (isObject(value)) {
    yield value;
    for (const member of Object.values(value)) yield* objectsIn(member);
  }
}

function asList(value: unknown): readonly JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}
