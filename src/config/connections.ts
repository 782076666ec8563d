import { z } from 'zod';
import {
  address,
  channel,
  directSecret,
  oneOf,
  region,
  relation,
  secret,
  section,
  text,
  wholeNumber,
} from './fields.ts';

// The systems Amiable talks to: what each needs to be reached, and nothing about policy.

const slackShared = {
  botToken: secret(/^xoxb-\S+$/, 'a bot token (xoxb-…)').describe(
    'Bot token of the Slack app (xoxb-…).',
  ),
  channel: channel().describe('Id of the home channel: rollouts are told there.'),
  apiUrl: address()
    .transform((url) => (url.endsWith('/') ? url : `${url}/`))
    .prefault('https://slack.com/api/')
    .describe('Address of the Slack Web API.'),
};

export const Slack = z
  .discriminatedUnion(
    'mode',
    [
      section({
        mode: z.literal('socket').describe('Socket Mode: Slack is called, nothing listens.'),
        appToken: secret(/^xapp-\S+$/, 'an app-level token (xapp-…)').describe(
          'App-level token (xapp-…) with connections:write; Socket Mode only.',
        ),
        ...slackShared,
      }),
      section({
        mode: z.literal('http').describe('HTTP: Slack calls the public address of this service.'),
        signingSecret: secret(/^\S+$/, 'the signing secret of the Slack app').describe(
          'Signing secret of the Slack app: proves that a request is from Slack; HTTP only.',
        ),
        ...slackShared,
      }),
    ],
    {
      error: (issue) =>
        issue.code === 'invalid_union'
          ? 'one of socket, http'
          : 'a mapping with the keys mode, botToken, appToken or signingSecret, channel, apiUrl',
    },
  )
  .describe('The Slack app and its home channel.');

export const GitHub = section({
  appId: wholeNumber(1, Number.MAX_SAFE_INTEGER).describe('Id of the GitHub App (a number).'),
  privateKey: secret(
    /^-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+-----END [A-Z ]*PRIVATE KEY-----$/,
    'the private key of the GitHub App (PEM)',
    // One line is all that some secret stores and .env files can hold.
    (value) => value.replaceAll('\\n', '\n').trim(),
  ).describe('Private key of the GitHub App, PEM; line breaks may be written as \\n.'),
  webhookSecret: secret(/^\S+$/, 'the webhook secret of the GitHub App')
    .optional()
    .describe('Webhook secret; without it webhooks are refused, and GitHub is only polled.'),
  apiUrl: address()
    .transform((url) => url.replace(/\/+$/, ''))
    .prefault('https://api.github.com')
    .describe('Address of the REST API; GitHub Enterprise Server: https://HOST/api/v3.'),
  mergeMethod: oneOf(['squash', 'merge', 'rebase'])
    .optional()
    .describe('Merge method; left out: the first the repository allows of squash, merge, rebase.'),
}).describe('The GitHub App that reads and changes the repositories.');

export const Aws = section({
  region: region().describe('Region for everything that names none itself.'),
  endpoint: address().optional().describe('Address used instead of the AWS endpoints.'),
  credentials: section({
    accessKeyId: directSecret('an access key id').describe('Access key id.'),
    secretAccessKey: directSecret('a secret access key').describe('Secret access key.'),
    sessionToken: directSecret('a session token')
      .optional()
      .describe('Session token of temporary credentials.'),
  })
    .optional()
    .describe('Fixed credentials; left out: the default chain (role, profile, environment).'),
}).describe('How AWS is reached.');

const storeForms = '{table: name}, {embedded: folder} or embedded';

const StoreKeys = section({
  table: text(/^[A-Za-z0-9_.-]{3,255}$/, 'the name of a DynamoDB table')
    .optional()
    .describe('Name of the DynamoDB table; amiable table create makes it.'),
  region: region().optional().describe('Region of the table; default: aws.region.'),
  endpoint: address().optional().describe('Address of DynamoDB; default: aws.endpoint.'),
  embedded: text(/\S/, 'a folder on local disk')
    .optional()
    .describe('Folder of the embedded store: one process only, no table needed.'),
}).check(
  relation<{ table?: unknown; embedded?: unknown }>(
    ({ table, embedded }) => (table === undefined) !== (embedded === undefined),
    [],
    'needs exactly one of table (DynamoDB) and embedded (a folder).',
  ),
  relation<{ embedded?: unknown; region?: unknown; endpoint?: unknown }>(
    ({ embedded, region: of, endpoint }) =>
      embedded === undefined || (of === undefined && endpoint === undefined),
    ['embedded'],
    'does not go together with region and endpoint, which belong to table.',
  ),
);

export const Store = z
  .union([z.literal('embedded').transform(() => ({ embedded: './data' })), StoreKeys], {
    error: () => storeForms,
  })
  .transform((keys): z.infer<typeof StoreKeys> => keys)
  .describe('Where records are kept: a DynamoDB table, or the embedded store (./data).');
