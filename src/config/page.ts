import { z } from 'zod';
import { address, secret, section } from './fields.ts';

const url = () => address().transform((value) => value.replace(/\/$/, ''));
const token = () =>
  secret(/^\S+$/, 'a token').optional().describe('Bearer token, where it asks for one.');

/** Whom the four conditions wake that cannot wait. */
export const PageSection = z
  .discriminatedUnion(
    'kind',
    [
      section({
        kind: z.literal('alertmanager').describe('Alertmanager, API v2.'),
        url: url().describe('Its address, without /api.'),
        token: token(),
      }),
      section({
        kind: z.literal('pagerduty').describe('PagerDuty, Events API v2.'),
        routingKey: secret(/^[A-Za-z0-9]{32}$/, 'an integration key of 32 characters').describe(
          'Integration key of the service.',
        ),
        url: url().prefault('https://events.pagerduty.com').describe('Address of the Events API.'),
      }),
      section({
        kind: z.literal('webhook').describe('Any other: a POST of JSON.'),
        url: address().describe('Where it is posted.'),
        token: token(),
      }),
    ],
    {
      error: (issue) =>
        issue.code === 'invalid_union'
          ? 'one of alertmanager, pagerduty, webhook'
          : 'a mapping with the keys kind, url, token or routingKey',
    },
  )
  .describe('Who is woken; default: nobody.');
