import { createPages } from '../adapters/paging/create-pages.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { Pages } from '../workflow/ports/pages.ts';

/** Where the configuration says that people are woken; `undefined`: nobody is. */
export function composePages({ page }: Pick<Config, 'page'>, clock: Clock): Pages | undefined {
  if (page === undefined) return undefined;
  if (page.kind === 'pagerduty')
    return createPages({ ...page, routingKey: page.routingKey.reveal() }, clock);
  const { kind, url, token } = page;
  return createPages(
    { kind, url, ...(token === undefined ? {} : { token: token.reveal() }) },
    clock,
  );
}

/** Stands where nobody is paged: nothing is ever sent to it. */
export const noPages: Pages = {
  async fire() {},
  async resolve() {},
};
