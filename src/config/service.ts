import { z } from 'zod';
import {
  channel,
  duration,
  durationOrNever,
  flag,
  listOf,
  oneOf,
  secret,
  section,
  text,
  wholeNumber,
} from './fields.ts';
import { parseSchedule, scheduleForm } from './schedule.ts';
import { timeZone } from './time-zone.ts';

// When the service does what, and how it runs.

/** Families whose releases are looked for. */
const watchedFamilies = [
  'al2023',
  'bottlerocket',
  'windows2019',
  'windows2022',
  'windows2025',
  'ubuntu',
  'custom',
] as const;

export const Detection = section({
  every: duration('1m', '7d').prefault('15m').describe('How often releases are looked for.'),
  jitter: duration('0s', '1h').prefault('60s').describe('Random delay added, at most.'),
  minimumAge: duration('0s', '90d')
    .prefault('0s')
    .describe('A release younger than this is not offered yet.'),
  families: listOf(oneOf(watchedFamilies), `a list of ${watchedFamilies.join(', ')}`)
    .min(1, { error: () => `a list of ${watchedFamilies.join(', ')}, at least one` })
    .prefault([...watchedFamilies])
    .describe('Image families whose releases are looked for.'),
  offerAgain: section({
    rejected: durationOrNever().prefault('never').describe('After it was rejected.'),
    expired: durationOrNever().prefault('7d').describe('After nobody answered.'),
    closed: durationOrNever().prefault('never').describe('After its pull request was closed.'),
  })
    .prefault({})
    .describe('When a release that was not taken up is offered again: after how long, or never.'),
}).describe('How new releases are found.');

export const Digest = section({
  enabled: flag().prefault(true).describe('Whether a summary is posted.'),
  at: z
    .string({ error: () => scheduleForm })
    .refine((value) => parseSchedule(value) !== undefined, { error: () => scheduleForm })
    .transform((value) => parseSchedule(value) ?? value)
    .prefault('Mon 09:00')
    .describe("When: days and time such as 'Mon 09:00', or five cron fields."),
  timeZone: timeZone().prefault('UTC').describe('IANA time zone of at.'),
  channel: channel().optional().describe('Channel; default: slack.channel.'),
}).describe('The regular summary of what runs where.');

export const Server = section({
  port: wholeNumber(0, 65_535).prefault(8080).describe('Port; 0 takes any free one.'),
  host: text(/^[A-Za-z0-9.:_-]{1,253}$/, 'an address or host name to listen on')
    .prefault('0.0.0.0')
    .describe('Address to listen on.'),
  gatesToken: secret(/^\S{16,}$/, 'a token of at least 16 characters')
    .optional()
    .describe(
      'Bearer token of GET /gates/{rollout}/{environment}; default: there is no such address.',
    ),
  metrics: flag()
    .prefault(false)
    .describe('Whether GET /metrics says when active waves were last seen.'),
}).describe('Where health checks, webhooks and Slack over HTTP arrive.');

export const Log = section({
  level: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .prefault('info')
    .describe('Least important level that is written.'),
}).describe('Logging.');

export const Paces = section({
  githubWriteSpacing: duration('0s', '1m')
    .prefault('1s')
    .describe('Time between two writes to GitHub, which asks for at least a second.'),
  slackReconnect: duration('0s', '1m')
    .prefault('5s')
    .describe('Wait before a closed Socket Mode connection is opened again.'),
}).describe('Real-time waits towards outside systems; the defaults are what these ask for.');
