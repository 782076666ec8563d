import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseWebhook, verifyGitHubWebhook } from '../../../src/adapters/github/webhook.ts';

const body = '{"zen":"Keep it logically awesome."}';
const sign = (secret: string, text: string) =>
  `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;

test('believes what GitHub signed with our secret, and nothing else', () => {
  expect(verifyGitHubWebhook('s3cret', body, sign('s3cret', body))).toBe(true);
  expect(verifyGitHubWebhook('s3cret', Buffer.from(body), sign('s3cret', body))).toBe(true);
  expect(verifyGitHubWebhook('s3cret', `${body} `, sign('s3cret', body))).toBe(false);
  expect(verifyGitHubWebhook('s3cret', body, sign('other', body))).toBe(false);
  expect(verifyGitHubWebhook('s3cret', body, undefined)).toBe(false);
  expect(verifyGitHubWebhook('s3cret', body, 'sha256=')).toBe(false);
  expect(verifyGitHubWebhook('', body, sign('', body))).toBe(false);
});

test('agrees with the example of GitHub’s documentation', () => {
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  expect(verifyGitHubWebhook("It's a Secret to Everybody", 'Hello, World!', signature)).toBe(true);
});

const repository = { full_name: 'acme/gitops' };

test.each([
  ['push', { ref: 'refs/heads/feature/x', repository }, { branch: 'feature/x' }],
  ['push', { ref: 'refs/tags/v1', repository }, {}],
  [
    'pull_request',
    { number: 7, pull_request: { head: { ref: 'b' } }, repository },
    { branch: 'b', pullRequest: 7 },
  ],
  [
    'pull_request_review',
    { pull_request: { number: 7, head: { ref: 'b' } }, repository },
    { branch: 'b', pullRequest: 7 },
  ],
  ['status', { branches: [{ name: 'b' }], repository }, { branch: 'b' }],
  ['status', { branches: [], repository }, {}],
  [
    'check_run',
    {
      check_run: { check_suite: { head_branch: 'b' }, pull_requests: [{ number: 7 }] },
      repository,
    },
    { branch: 'b', pullRequest: 7 },
  ],
])('a %s webhook is about its repository, branch and pull request', (event, payload, about) => {
  expect(parseWebhook(event, payload)).toEqual({ repository: 'acme/gitops', ...about });
});

test.each([
  ['star', { repository }],
  ['push', { repository }],
  ['push', null],
  [
    'pull_request',
    { number: 7, pull_request: { head: { ref: 'b' } }, repository: { full_name: '../x' } },
  ],
])('a %s webhook without what we need is about nothing', (event, payload) => {
  expect(parseWebhook(event, payload)).toBeUndefined();
});
