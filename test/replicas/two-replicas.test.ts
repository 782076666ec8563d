import { describe, expect, test } from 'vitest';
import { expectOnceEach } from './once-each.ts';
import { startReplicas } from './start-replicas.ts';

describe.concurrent('two replicas on one table do everything once', () => {
  test('with clicks and webhooks that come twice and out of order', async () => {
    const replicas = await startReplicas();
    const { standIns } = replicas;
    standIns.github.webhooks.switches.double = true;
    standIns.github.webhooks.switches.reorder = true;
    await Promise.all([replicas.type('U0ANN', 'check'), replicas.type('U0BO', 'check')]);
    for (const environment of ['staging', 'production']) {
      await replicas.asks(environment);
      standIns.slack.delivery.duplicate(8);
      // Everybody at once, some of them twice and by another way: two approvals count, whoever comes first.
      await Promise.all([
        replicas.press('U0BO', 'approve'),
        replicas.press('U0CY', 'approve'),
        replicas.press('U0ANN', 'approve'),
        replicas.press('U0ANN', 'approve'),
        replicas.type('U0BO', `approve ${environment}`),
        replicas.type('U0GUEST', `approve ${environment}`),
        replicas.press('U0DANA', 'approve'),
      ]);
      const { approvals } = await replicas.decided(environment);
      expect(approvals).toHaveLength(2);
      expect(['U0ANN', 'U0BO', 'U0DANA']).toEqual(expect.arrayContaining([...approvals]));
    }
    expectOnceEach(await replicas.finished(), replicas);
    await replicas.stop();
  });

  test('over signed HTTP, with every webhook lost', async () => {
    const replicas = await startReplicas({ http: true });
    const { standIns } = replicas;
    standIns.github.webhooks.deliverTo(undefined);
    await replicas.asks('staging');
    // A forged, a skewed and a replayed press decide nothing.
    standIns.slack.requestUrl?.tamper({ badSignature: true });
    expect((await replicas.press('U0ANN', 'approve')).ack).toBe(false);
    for (const skewSeconds of [-600, 600]) {
      standIns.slack.requestUrl?.tamper({ skewSeconds });
      expect((await replicas.press('U0ANN', 'approve')).ack).toBe(false);
    }
    expect(replicas.log.messages()).toContain('slack request refused');
    await replicas.approve('staging');
    await standIns.slack.requestUrl?.replayLast();
    await replicas.approve('production');
    expectOnceEach(await replicas.finished(), replicas);
    await replicas.stop();
  });
});

describe.concurrent('a rollout comes to its end', () => {
  test('while Slack, GitHub, Kubernetes and DynamoDB limit, fail, hang and cut', async () => {
    const replicas = await startReplicas({ count: 1 });
    const { standIns } = replicas;
    const trouble = () => {
      for (const kind of ['rate-limited', 'error-500'] as const) {
        for (const match of ['chat.postMessage', 'chat.update', 'chat.postEphemeral'])
          standIns.order({ service: 'slack', kind, match, times: 2 });
        for (const match of ['/pulls', '/merge', '/statuses', 'graphql', '/git/'])
          standIns.order({ service: 'github', kind, match, times: 1 });
        standIns.order({ service: 'dynamodb', kind, times: 5 });
        standIns.order({ service: 'aws', kind, times: 2 });
      }
      standIns.order({ service: 'slack', kind: 'hang', match: 'chat.update', times: 1 });
      standIns.order({ service: 'github', kind: 'hang', match: 'GET /repos', times: 1 });
      standIns.order({ service: 'kubernetes', kind: 'hang', match: 'nodeclaims', times: 1 });
      standIns.order({ service: 'dynamodb', kind: 'hang', times: 1 });
      standIns.order({ service: 'kubernetes', kind: 'gone-410', times: 2 });
      standIns.order({ service: 'kubernetes', kind: 'cut-watch', times: 2 });
      standIns.order({ service: 'kubernetes', kind: 'error-500', times: 3 });
    };
    await replicas.asks('staging');
    trouble();
    await replicas.approve('staging');
    trouble();
    await replicas.approve('production');
    trouble();
    expectOnceEach(await replicas.finished(), replicas, { tries: 10 });
    await replicas.stop();
  });
});
