import { afterEach, describe, expect, test } from 'vitest';
import { createSocketReceiver } from '../../../src/adapters/slack/socket-receiver.ts';
import { minute } from '../../../src/shared/time.ts';
import { button, ops, startSlack, tokens } from '../../sandbox/slack/slack-fixture.ts';
import { boltOverSocket, keptLog } from './bolt-fixture.ts';

let close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const one of close) await one();
  close = [];
});

/** An app that writes down what it is told, and acknowledges it. */
async function listening(options: Parameters<typeof boltOverSocket>[1] = {}) {
  const heard: string[] = [];
  const retries: unknown[] = [];
  const running = await boltOverSocket((app) => {
    app.action('press', async ({ ack, action }) => {
      heard.push('value' in action ? String(action.value) : '');
      await ack();
    });
    app.event('app_mention', async ({ event, context }) => {
      heard.push(event.text);
      retries.push({ number: context.retryNum, reason: context.retryReason });
    });
  }, options);
  close.push(running.close);
  const press = async (value: string) => {
    const blocks = [button('press', value)];
    running.clock.advance(minute);
    const { ts } = await running.web.chat.postMessage({ channel: ops, text: 'Card', blocks });
    return running.slack.click({ user: 'U0ANN', messageTs: String(ts), actionId: 'press' });
  };
  const mention = (text: string) => running.slack.mention({ user: 'U0ANN', channel: ops, text });
  return { ...running, heard, retries, press, mention };
}

describe('connections', () => {
  test('two are open by request, and each payload reaches one of them', async () => {
    const app = await listening({ connections: 2 });
    expect(app.slack.sockets.count()).toBe(2);
    expect(app.receiver.connected()).toBe(2);
    await app.press('one');
    await app.press('two');
    expect(app.heard).toEqual(['one', 'two']);
  });

  test('a connection that Slack renews comes back at once', async () => {
    const app = await listening();
    app.slack.sockets.disconnect('refresh_requested');
    await app.slack.sockets.whenConnected();
    expect(await app.press('after')).toMatchObject({ ok: true });
    expect(app.slack.requests('apps.connections.open')).toHaveLength(2);
  });

  test('a warning is heeded too', async () => {
    const app = await listening({ connections: 2 });
    app.slack.sockets.disconnect('warning', true);
    await app.slack.sockets.whenConnected(2);
    expect(await app.press('after')).toMatchObject({ ok: true });
  });

  test('with two, a click is heard while one is renewed', async () => {
    const app = await listening({ connections: 2 });
    app.slack.sockets.disconnect('refresh_requested');
    expect(await app.press('meanwhile')).toMatchObject({ ok: true });
  });

  test('a cut connection comes back', async () => {
    const app = await listening();
    app.slack.sockets.cut();
    expect(app.slack.sockets.count()).toBe(0);
    await app.slack.sockets.whenConnected();
    expect(await app.press('after')).toMatchObject({ ok: true });
  });

  test('a rate limit on connecting is waited out, not fatal', async () => {
    const app = await listening();
    app.faults.order({ service: 'slack', kind: 'error-500', match: 'apps.connections', times: 2 });
    app.slack.sockets.cut();
    await app.slack.sockets.whenConnected();
    expect(app.messages().filter((one) => one === 'slack connection failed')).toHaveLength(2);
    expect(app.fatal).toEqual([]);
  });

  test('stopping leaves no connection behind', async () => {
    const app = await listening({ connections: 2 });
    await app.app.stop();
    await expect.poll(() => app.slack.sockets.count()).toBe(0);
    expect(app.receiver.connected()).toBe(0);
  });

  test('stopping lets a handler under way acknowledge first', async () => {
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const running = await boltOverSocket((app) => {
      app.action('press', async ({ ack }) => {
        await held;
        await ack();
      });
    });
    const blocks = [button('press')];
    const { ts } = await running.web.chat.postMessage({ channel: ops, text: 'Card', blocks });
    const pressed = running.slack.click({
      user: 'U0ANN',
      messageTs: String(ts),
      actionId: 'press',
    });
    await expect.poll(() => running.slack.requests('chat.postMessage')).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const stopped = running.app.stop();
    go();
    expect(await pressed).toEqual({ ok: true, ack: true });
    await stopped;
    await running.slack.close();
  });
});

describe('a token that Slack refuses', () => {
  const receiverWith = (apiUrl: string, appToken: string, onFatal: (error: Error) => void) => {
    const receiver = createSocketReceiver({
      appToken,
      apiUrl,
      log: keptLog().log,
      connections: 1,
      reconnectMs: 20,
      onFatal,
    });
    return receiver;
  };

  test('fails the start', async () => {
    const { slack } = await startSlack();
    close.push(slack.close);
    const receiver = receiverWith(slack.url, 'xapp-wrong', () => {});
    await expect(receiver.start()).rejects.toMatchObject({ data: { error: 'invalid_auth' } });
  });

  test('is told once when it happens later', async () => {
    const first = await startSlack();
    const fatal: Error[] = [];
    const receiver = receiverWith(first.slack.url, tokens.appToken, (error) => fatal.push(error));
    await receiver.start();
    await first.slack.close();
    const port = Number(new URL(first.slack.url).port);
    const second = await startSlack({ port, appToken: 'xapp-renewed' });
    close.push(second.slack.close);
    await expect
      .poll(() => fatal, { timeout: 5_000 })
      .toMatchObject([{ data: { error: 'invalid_auth' } }]);
    await receiver.stop();
  });

  test('Slack out of reach at the start is waited for', async () => {
    const early = await startSlack();
    await early.slack.close();
    const port = Number(new URL(early.slack.url).port);
    const receiver = receiverWith(early.slack.url, tokens.appToken, () => {});
    const started = receiver.start();
    await new Promise((resolve) => setTimeout(resolve, 60));
    const late = await startSlack({ port });
    close.push(late.slack.close);
    await started;
    expect(receiver.connected()).toBe(1);
    await receiver.stop();
  });
});

describe('what the network does', () => {
  test('a doubled click arrives twice, as the same press', async () => {
    const app = await listening();
    app.slack.delivery.duplicate();
    await app.press('twice');
    expect(app.heard).toEqual(['twice', 'twice']);
  });

  test('a lost click is seen by the person, and not repeated', async () => {
    const app = await listening();
    app.slack.delivery.drop();
    expect(await app.press('lost')).toMatchObject({ ok: false, ack: false });
    expect(app.heard).toEqual([]);
  });

  test('a lost event is repeated at once, and says so', async () => {
    const app = await listening();
    app.slack.delivery.drop();
    await app.mention('hello');
    await app.slack.eventsSettled();
    expect(app.retries).toEqual([{ number: 1, reason: 'connection_failed' }]);
  });

  test('events are repeated after a minute and after five more', async () => {
    const app = await listening();
    app.slack.delivery.drop(3);
    await app.mention('hello');
    await expect.poll(() => app.heard).toEqual([]);
    app.clock.advance(minute);
    await Promise.resolve();
    expect(app.heard).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    app.clock.advance(5 * minute);
    await app.slack.eventsSettled();
    expect(app.retries).toEqual([{ number: 3, reason: 'connection_failed' }]);
  });

  test('two clicks can arrive in the other order', async () => {
    const app = await listening();
    app.slack.delivery.reorder(2);
    await Promise.all([app.press('first'), app.press('second')]);
    expect(app.heard).toEqual(['second', 'first']);
  });

  test('a held click arrives once its time has come', async () => {
    const app = await listening();
    app.slack.delivery.delay(10 * minute);
    const pressed = app.press('late');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(app.heard).toEqual([]);
    app.clock.advance(10 * minute);
    await pressed;
    expect(app.heard).toEqual(['late']);
  });

  test('an ordered cut hits the next delivery', async () => {
    const app = await listening();
    app.faults.order({ service: 'slack', kind: 'cut-watch', times: 1 });
    expect(await app.press('cut')).toMatchObject({ ack: false, error: 'connection_failed' });
    await app.slack.sockets.whenConnected();
    expect(await app.press('after')).toMatchObject({ ok: true });
  });
});
