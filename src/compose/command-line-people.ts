import { createSlackClients } from '../adapters/slack/clients.ts';
import { createDirectory } from '../adapters/slack/directory.ts';
import { createPeople } from '../adapters/slack/people.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import { second } from '../shared/time.ts';
import type { Log } from '../workflow/log.ts';
import type { People } from '../workflow/ports/people.ts';
import { peopleWithoutSlack, unknownPeople } from './people-without-slack.ts';

/** Slack gets this long to say who we are, in real time; whoever has to stop something does not wait longer. */
const answerWithinMs = 10 * second;

/** Who may stop, for the command line: as Slack says, and where it does not answer as the configuration does. */
export async function commandLinePeople(
  { slack, people }: Pick<Config, 'slack' | 'people'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<{ readonly people: People; readonly slackAnswers: boolean }> {
  const clients = createSlackClients({
    token: slack.botToken.reveal(),
    ...(slack.apiUrl === undefined ? {} : { apiUrl: slack.apiUrl }),
    log,
  });
  const giveUp = new AbortController();
  const late = clock.sleep(answerWithinMs, giveUp.signal).then(() => undefined);
  const teamId = await Promise.race([
    clients.read.auth.test().then(
      ({ team_id }) => team_id,
      () => undefined,
    ),
    late,
  ]);
  giveUp.abort();
  const asked =
    teamId === undefined
      ? unknownPeople
      : createPeople(createDirectory({ client: clients.read, clock, teamId }), clock, log);
  return { people: peopleWithoutSlack(asked, people), slackAnswers: teamId !== undefined };
}
