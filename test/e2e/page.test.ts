import { expect, inject, test } from 'vitest';
import type { SandboxPage } from './sandbox-page.ts';
import { inSandbox } from './sandbox-page.ts';

const withoutBrowser = inject('chromium') === '';

test.skipIf(withoutBrowser)(
  'details open, and whatever fails is said and can be tried again',
  async () => {
    await inSandbox(
      async ({ page, be, button, picture }) => {
        await be('Ann Lee');
        const details = button('Details');
        const modal = page.getByRole('dialog', { name: 'Rollout details' });
        for (const stage of ['details', 'details-again']) {
          await details.click();
          await modal
            .getByText(/needs approval/)
            .first()
            .waitFor();
          await picture(stage);
          expect(await modal.getByRole('button').allTextContents()).toEqual(['Close']);
          await modal.getByRole('button', { name: 'Close' }).click();
          await modal.waitFor({ state: 'hidden' });
          expect(await details.getAttribute('aria-disabled')).toBeNull();
        }
        const failed = page.locator('#feed').getByRole('alert');
        await page.route('**/sandbox/act', (route) => route.abort());
        await details.click();
        await failed.getByText('The sandbox does not answer').waitFor();
        expect(await details.getAttribute('aria-disabled')).toBeNull();
        await page.unroute('**/sandbox/act');
        await page.route('**/sandbox/act', (route) =>
          route.fulfill({ json: { ok: false, ack: false, error: 'not_shown' } }),
        );
        await details.click();
        await failed.getByText('not shown to you any more').waitFor();
        expect(await failed.count()).toBe(1);
        await picture('not-shown');
        await page.unroute('**/sandbox/act');
        await details.click();
        await modal.waitFor();
        expect(await failed.count()).toBe(0);
      },
      { name: 'details' },
    );
  },
);

test.skipIf(withoutBrowser)('a menu and its modal are worked from the keyboard', async () => {
  await inSandbox(
    async ({ page, card, be, told }) => {
      await be('Ann Lee');
      const focused = (selector: string) =>
        expect.poll(() => page.locator(`${selector}:focus`).count()).toBe(1);
      const modal = page.getByRole('dialog', { name: 'Approve rollout' });
      const keys = async (...names: readonly string[]) => {
        for (const name of names) await page.keyboard.press(name);
      };
      await card.locator('.overflow').focus();
      await keys('Enter');
      await focused('.menu button');
      // What the arrows pass over is not done, nor what Escape leaves.
      await keys('ArrowDown', 'ArrowUp', 'Escape');
      await focused('.overflow');
      await keys('Enter');
      await focused('.menu button');
      await keys('Enter');
      await modal.waitFor();
      await focused('textarea');
      await page.keyboard.type('the kernel looks good');
      await keys('Tab', 'Tab', 'Enter');
      await told(/Ann Lee approved.*the kernel looks good/);
    },
    { name: 'keyboard' },
  );
});

test.skipIf(withoutBrowser)('what is typed goes where Slack would send it', async () => {
  await inSandbox(
    async (sandbox) => {
      const { page, be, state, picture } = sandbox;
      await be('Bo Chen');
      const channel = page.locator('#typed');
      const channelSays = page.locator('#command').getByRole('alert');
      await channel.fill('/foo bar');
      await channel.press('Enter');
      await channelSays.getByText('/foo is not a valid command.').waitFor();
      expect(await channel.inputValue()).toBe('/foo bar');
      await picture('no-such-command');
      await channel.fill('Lunch?');
      await channel.press('Enter');
      await page.locator('#feed .message', { hasText: 'Bo Chen' }).getByText('Lunch?').waitFor();
      expect(await channelSays.count()).toBe(0);

      const thread = page.locator('#said');
      await thread.fill('I look into it.');
      await thread.press('Enter');
      const words = page.locator('#replies .message', { hasText: 'I look into it.' });
      await words.waitFor();
      expect(await page.locator('mark').count()).toBe(0);
      const before = (await state()).slack.ephemerals.length;
      await thread.fill('@amiable status');
      await thread.press('Enter');
      await page.locator('#replies mark', { hasText: /^@Amiable$/ }).waitFor();
      await expect.poll(async () => (await state()).slack.ephemerals.length).toBe(before + 1);
      await thread.fill('/ami status');
      await thread.press('Enter');
      await page.locator('#reply').getByText('/ami is not supported in threads').waitFor();
      await picture('thread');
      await channel.fill('/ami status');
      await channel.press('Enter');
      await page.locator('#feed .message.ephemeral').first().waitFor();
      await picture('status');
      await worldSaysHowItIs(sandbox);
      await beginsWithAWord(sandbox);
    },
    { name: 'page' },
  );
});

async function worldSaysHowItIs({ page, picture }: SandboxPage): Promise<void> {
  const cluster = page.locator('.cluster[data-cluster="prod-eu-1"]');
  await page.locator('.cluster').getByText('0 of 4 nodes run v20261118').waitFor();
  // Nothing is offered to production yet.
  await cluster.getByText(/^5 nodes run v20261021 ·/).waitFor();
  expect(await cluster.locator('.node b').allTextContents()).toEqual(Array(5).fill('v20261021'));
  await cluster.getByText('Evictions are allowed').waitFor();
  await cluster.getByRole('button', { name: 'Block evictions' }).press('Enter');
  await cluster.getByText('Evictions are blocked by').waitFor();
  await picture('evictions-blocked');
  // Drawn anew, and still under the finger.
  await cluster.locator('button:focus', { hasText: 'Allow evictions' }).press('Enter');
  await cluster.getByText('Evictions are allowed').waitFor();
}

/** As the page is before the first card, which comes sooner than a test could look. */
async function beginsWithAWord({ page, picture }: SandboxPage): Promise<void> {
  await page.getByText('time runs 30 times faster').waitFor();
  await page.route('**/sandbox/state', async (route) => {
    const answer = await route.fetch();
    const state = await answer.json();
    for (const cluster of state.clusters) cluster.wanted = [];
    await route.fulfill({
      json: { ...state, slack: { ...state.slack, messages: [], ephemerals: [] } },
    });
  });
  await page.reload();
  await page.getByText('The first card comes within seconds').waitFor();
  await page.getByText('5 nodes run v20261021').waitFor();
  await picture('before-the-first-card');
}
