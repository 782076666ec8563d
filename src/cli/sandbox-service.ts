import { ClockSetting } from '../sandbox/sandbox-clock.ts';
import { clockOf } from '../shared/clock.ts';
import type { EffectObserver } from '../workflow/effect.ts';
import { load } from './load.ts';
import { serve } from './serve.ts';

/**
 * The service as the sandbox's child: the same as `serve`, on the sandbox's clock. `--kill before:merge:1` ends it as a
 * crash would, right before the first merge is sent; `after:` right after its reply came.
 */
export async function sandboxService(
  {
    config: path,
    clock: setting,
    kill,
  }: { readonly config: string; readonly clock: string; readonly kill?: string },
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const clock = clockOf(ClockSetting.parse(JSON.parse(setting)));
  const config = await load(path, clock, environment);
  await serve(config, { clock, ...(kill === undefined ? {} : { onEffect: killer(kill) }) });
}

function killer(order: string): EffectObserver {
  const [point, name, count = '1'] = order.split(':');
  let left = Number(count);
  return (at, effect) => {
    if (at !== point || effect !== name) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
