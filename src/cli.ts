import { parseArgs } from 'node:util';
import type { Output } from './cli/output.ts';
import { CommandError } from './cli/output.ts';
import { systemClock } from './shared/clock.ts';

const usage = `amiable, ChatOps for EKS node images

  amiable serve --config FILE            run the service
  amiable check --config FILE [--json]   look for a new release now
  amiable doctor --config FILE           try each read once and say what is missing
  amiable config validate FILE           every error of a configuration, at once
  amiable config schema                  JSON Schema of amiable.yaml, for editors
  amiable table create --config FILE     make the DynamoDB table
  amiable pins list [--json] PATH…       pins in files and folders
  amiable pins set FILE:LINE VALUE       move one pin, and keep every other byte
  amiable sandbox [--port N] [--speed N] [--data DIR] [--fresh]
                                         try it all with no account
  amiable --version
`;

const output: Output = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
};

/** Each command is loaded when it is asked for: starting must not wait for what is not needed. */
async function run(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    strict: false,
    options: {
      config: { type: 'string', short: 'c' },
      json: { type: 'boolean' },
      port: { type: 'string' },
      speed: { type: 'string' },
      data: { type: 'string' },
      fresh: { type: 'boolean' },
      verbose: { type: 'boolean' },
      clock: { type: 'string' },
      kill: { type: 'string' },
      stop: { type: 'string' },
      version: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.version === true) {
    const { version } = await import('./cli/version.ts');
    output.out(version);
    return;
  }
  const [command, ...rest] = positionals;
  const config = typeof values.config === 'string' ? values.config : 'amiable.yaml';
  const env = process.env;
  switch (command) {
    case 'serve': {
      const [{ load }, { serve }] = await Promise.all([
        import('./cli/load.ts'),
        import('./cli/serve.ts'),
      ]);
      await serve(await load(config, systemClock, env), { clock: systemClock });
      return;
    }
    case 'check': {
      const [{ load }, { check }] = await Promise.all([
        import('./cli/load.ts'),
        import('./cli/check.ts'),
      ]);
      await check(await load(config, systemClock, env), output, values.json === true);
      return;
    }
    case 'doctor': {
      const [{ load }, { doctor }] = await Promise.all([
        import('./cli/load.ts'),
        import('./cli/doctor.ts'),
      ]);
      await doctor(await load(config, systemClock, env), output);
      return;
    }
    case 'config': {
      const { configCommand } = await import('./cli/config-command.ts');
      await configCommand(rest, output, env);
      return;
    }
    case 'table': {
      if (rest[0] !== 'create')
        throw new CommandError('Use: amiable table create --config FILE', 2);
      const [{ load }, { tableCreate }] = await Promise.all([
        import('./cli/load.ts'),
        import('./cli/table-create.ts'),
      ]);
      await tableCreate(await load(config, systemClock, env), output);
      return;
    }
    case 'pins': {
      const { pins } = await import('./cli/pins.ts');
      await pins(rest, output, values.json === true);
      return;
    }
    case 'sandbox': {
      const { sandbox } = await import('./cli/sandbox.ts');
      await sandbox(values, output, env);
      return;
    }
    case 'sandbox-service': {
      const { sandboxService } = await import('./cli/sandbox-service.ts');
      const { clock, kill, stop } = values;
      if (typeof clock !== 'string') throw new CommandError('Only the sandbox starts this.', 2);
      const orders = {
        ...(typeof kill === 'string' ? { kill } : {}),
        ...(typeof stop === 'string' ? { stop } : {}),
      };
      await sandboxService({ config, clock, ...orders }, env);
      return;
    }
    case undefined:
      output.out(usage);
      return;
    default:
      if (values.help === true || command === 'help') {
        output.out(usage);
        return;
      }
      throw new CommandError(`There is no command ${command}.\n\n${usage}`, 2);
  }
}

run(process.argv.slice(2)).catch((cause: unknown) => {
  if (cause instanceof CommandError) output.err(cause.message);
  else output.err(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  process.exitCode = cause instanceof CommandError ? cause.exitCode : 1;
});
