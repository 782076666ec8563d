import { ackWithinMs } from '../delivery/transport.ts';
import type { Triggers } from '../triggers.ts';
import type { SlackView } from '../views.ts';

/** The modal that a press or a command opened; one that is expected has as long as its trigger id lives. */
export async function awaitedView(
  trigger: Pick<ReturnType<Triggers['issue']>, 'opened' | 'first'>,
  expected: boolean,
): Promise<SlackView | undefined> {
  if (!expected) return trigger.opened();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ackWithinMs);
  });
  try {
    return await Promise.race([trigger.first, late]);
  } finally {
    clearTimeout(timer);
  }
}
