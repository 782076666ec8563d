import type { Caller } from '../route.ts';
import type { Pull, Repository } from '../state.ts';
import type { World } from '../world.ts';
import type { Args, Field } from './execute.ts';

export type Context = { readonly world: World; readonly caller: Caller };

/** Objects travel between resolvers under their type's name. */
export type PullNode = { readonly repository: Repository; readonly pull: Pull };

// The one cast: resolvers are only ever handed what the resolver of the type above returned.
export function field<Parent>(
  resolve: (parent: Parent, args: Args, context: Context) => unknown,
  of?: string,
): Field<Context> {
  return {
    resolve: (parent, args, context) => resolve(parent as Parent, args, context),
    ...(of !== undefined && { of }),
  };
}
