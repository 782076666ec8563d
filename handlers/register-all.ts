import type bolt from '@slack/bolt';
import { registerActions } from './actions/register-actions.ts';
import { registerCommands } from './commands/register-commands.ts';
import { registerEvents } from './events/register-events.ts';
import type { Handling } from './handling.ts';
import { registerViews } from './views/register-views.ts';

/** Everything Slack can ask of us. What is not registered here is acknowledged, and nothing happens. */
export function registerAll(app: bolt.App, handling: Handling): void {
  registerActions(app, handling);
  registerViews(app, handling);
  registerCommands(app, handling);
  registerEvents(app, handling);
}
