import { describe, expect, test } from 'vitest';
import { startReplicas } from './start-replicas.ts';

/** What a model may do to us, and what the card then says; it comes at once, and its buttons work, all the same. */
describe('the card', () => {
  test.each([
    ['malicious', undefined],
    ['worst', undefined],
    ['nonsense', 'No AI summary (the model’s answer could not be backed by facts)'],
    ['slow', 'No AI summary (the model did not answer in time)'],
    ['off', 'No AI summary (the model did not answer)'],
  ] as const)('with a model that is %s', async (mode, why) => {
    const replicas = await startReplicas({
      count: 0,
      edit: (text) => text.replace('timeout: 5s', 'timeout: 2s'),
    });
    const { standIns } = replicas;
    standIns.aws.setModelMode(mode);
    await replicas.start();
    await replicas.asks('staging');
    const shown = () => JSON.stringify(standIns.slack.messages());
    await replicas.until('the analysis', () => {
      const text = JSON.stringify(replicas.card()?.blocks);
      return !text.includes('analysis under way') && text;
    });
    if (why !== undefined) expect(JSON.stringify(replicas.card()?.blocks)).toContain(why);
    for (const poison of [
      '<!channel>',
      'CVE-2099',
      'evil.example',
      '<@U0APPROVER>',
      'ignore all rules',
    ])
      expect(shown()).not.toContain(poison);
    expect((await replicas.press('U0ANN', 'approve')).ack).toBe(true);
    await replicas.until('the approval', ({ rollouts }) =>
      rollouts[0]?.environments[0]?.approvals.includes('U0ANN' as never),
    );
    expect(replicas.fatal).toEqual([]);
    await replicas.stop();
  });
});
