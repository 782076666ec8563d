import type { Message } from '../../blocks/block-kit.ts';
import { section } from '../../blocks/block-kit.ts';
import type { CardKey } from '../../blocks/card-key.ts';
import type { ModalName } from '../modal-name.ts';
import type { PersonRequest } from '../person-request.ts';
import { PersonRequest as PersonRequestSchema } from '../person-request.ts';

/** What typed words come to: something to decide, something to say, or a modal that asks for the rest. */
export type Made =
  | { readonly request: PersonRequest }
  | { readonly say: Message }
  | {
      readonly modal: ModalName;
      readonly key: CardKey;
      readonly triggerId: string;
      readonly reason?: string;
    };

export function checked(request: PersonRequest): Made {
  return { request: PersonRequestSchema.parse(request) };
}

export function say(text: string): Made {
  return { say: { text, blocks: [section(text)] } };
}
