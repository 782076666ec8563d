import { writeSync } from 'node:fs';
import { ClockSetting } from '../sandbox/sandbox-clock.ts';
import { clockOf } from '../shared/clock.ts';
import type { EffectObserver } from '../workflow/effect.ts';
import { endWithParent } from './end-with-parent.ts';
import { load } from './load.ts';
import { serve } from './serve.ts';

/**
 * The service as the sandbox's child: the same as `serve`, on the sandbox's clock. `--kill before:merge:1` ends it as a
 * crash would, right before the first merge is sent; `after:` right after its reply came. Several orders are separated
 * by commas, and the one that is reached first says so in the log. `--stop` lets it sleep there, until it gets SIGCONT.
 */
export async function sandboxService(
  {
    config: path,
    clock: setting,
    kill,
    stop,
  }: {
    readonly config: string;
    readonly clock: string;
    readonly kill?: string;
    readonly stop?: string;
  },
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  endWithParent();
  const clock = clockOf(ClockSetting.parse(JSON.parse(setting)));
  const config = await load(path, clock, environment);
  const killed = kill === undefined ? undefined : killer(kill, 'SIGKILL', killedAt);
  const stopped =
    stop === undefined ? undefined : killer(stop, 'SIGSTOP', 'stopped, as ordered, at');
  await serve(config, {
    clock,
    async onEffect(...where) {
      await killed?.(...where);
      await stopped?.(...where);
    },
  });
}

/** What `--kill` says when it strikes, for whoever ordered it. */
export const killedAt = 'killed, as ordered, at';

function killer(orders: string, signal: NodeJS.Signals, says: string): EffectObserver {
  const waiting = orders.split(',').map((order) => {
    const [point, name, count = '1'] = order.split(':');
    return { order, point, name, left: Number(count) };
  });
  return (at, effect) => {
    for (const one of waiting) {
      if (at !== one.point || effect !== one.name) continue;
      one.left -= 1;
      if (one.left !== 0) continue;
      // Written at once: nothing that is buffered outlives the next line.
      writeSync(
        process.stdout.fd,
        `${JSON.stringify({ level: 30, msg: `${says} ${one.order}` })}\n`,
      );
      process.kill(process.pid, signal);
    }
  };
}
