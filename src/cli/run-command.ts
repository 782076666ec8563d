import { systemClock } from '../shared/clock.ts';
import { describeError } from './describe-error.ts';
import type { Options } from './options.ts';
import { readOptions } from './options.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';
import { refuseUnread } from './refuse-unread.ts';
import { usage } from './usage.ts';

/**
 * Runs one command line. Each command is loaded when it is asked for: starting must not wait for what is not needed.
 * @returns the exit code: 0 all is well, 1 it is not, 2 the command line or the configuration is wrong.
 */
export async function runCommand(
  argv: readonly string[],
  output: Output,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  try {
    const { options, positionals } = readOptions(argv);
    await route(positionals, options, output, env);
    return 0;
  } catch (cause) {
    if (cause instanceof CommandError) {
      output.err(cause.message);
      return cause.exitCode;
    }
    output.err(describeError(cause));
    return 1;
  }
}

async function route(
  [command, ...rest]: readonly string[],
  options: Options,
  output: Output,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (options.version === true) {
    const { version } = await import('./version.ts');
    output.out(version);
    return;
  }
  if (options.help === true || command === undefined || command === 'help') {
    output.out(usage);
    return;
  }
  refuseUnread(command, rest, options);
  const path = options.config ?? 'amiable.yaml';
  const asJson = options.json === true;
  const config = async () => {
    const { load } = await import('./load.ts');
    return load(path, systemClock, env);
  };
  switch (command) {
    case 'serve': {
      const { serve } = await import('./serve.ts');
      await serve(await config(), { clock: systemClock });
      return;
    }
    case 'check': {
      const { check } = await import('./check.ts');
      await check(await config(), output, { asJson, explain: options.explain === true });
      return;
    }
    case 'doctor': {
      const { doctor } = await import('./doctor.ts');
      await doctor(await config(), path, output, { brake: options.brake === true });
      return;
    }
    case 'config': {
      const { configCommand } = await import('./config-command.ts');
      await configCommand([...rest, path], output, env);
      return;
    }
    case 'table': {
      if (rest[0] !== 'create')
        throw new CommandError('Use: amiable table create --config FILE', 2);
      const { tableCreate } = await import('./table-create.ts');
      await tableCreate(await config(), output);
      return;
    }
    case 'pause':
    case 'brake':
    case 'resume':
    case 'rollback':
    case 'freeze':
    case 'unfreeze': {
      const { steer } = await import('./steer.ts');
      await steer(command, rest[0], options, await config(), output);
      return;
    }
    case 'where': {
      const { where } = await import('./where.ts');
      await where(rest, options, await config(), output);
      return;
    }
    case 'upgrade-check': {
      const { upgradeCheck } = await import('./upgrade-check.ts');
      await upgradeCheck(rest, await config(), output, asJson);
      return;
    }
    case 'audit': {
      const { audit } = await import('./audit.ts');
      const { loadRecordsConfig } = await import('./audit-config.ts');
      await audit(rest, options, output, () => loadRecordsConfig(path, env));
      return;
    }
    case 'pins': {
      const { pins } = await import('./pins.ts');
      await pins(rest, output, asJson);
      return;
    }
    case 'images': {
      const { images } = await import('./images.ts');
      await images(
        rest,
        options,
        output,
        options.config === undefined ? undefined : await config(),
      );
      return;
    }
    case 'diff': {
      const { diff } = await import('./diff.ts');
      await diff(rest, options, output);
      return;
    }
    case 'track': {
      const { track } = await import('./track.ts');
      const { kubeconfig, context, 'node-class': nodeClass } = options;
      const asked = {
        asJson,
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(context === undefined ? {} : { context }),
        ...(nodeClass === undefined ? {} : { nodeClass }),
        ...(options.watch === true ? { watch: untilInterrupted() } : {}),
      };
      await track(asked, output, systemClock);
      return;
    }
    case 'sandbox': {
      const { sandbox } = await import('./sandbox.ts');
      await sandbox(options, output, env);
      return;
    }
    case 'sandbox-service': {
      const { sandboxService } = await import('./sandbox-service.ts');
      const { clock, kill, stop } = options;
      if (clock === undefined) throw new CommandError('Only the sandbox starts this.', 2);
      const orders = {
        ...(kill === undefined ? {} : { kill }),
        ...(stop === undefined ? {} : { stop }),
      };
      await sandboxService({ config: path, clock, ...orders }, env);
      return;
    }
    default:
      throw new CommandError(`There is no command ${command}.\n\n${usage}`, 2);
  }
}

/** Aborts at the first Ctrl-C, so that watches and connections are closed; the second one ends the process. */
function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  return stop.signal;
}
