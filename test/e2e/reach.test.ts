import { expect, inject, test } from 'vitest';
import { inSandbox } from './sandbox-page.ts';

test.skipIf(inject('chromium') === '')('an environment is approved by keyboard alone', async () => {
  await inSandbox(
    async ({ page, card, headed, picture }) => {
      const { keyboard } = page;
      const tabTo = async (label: RegExp, key = 'Tab') => {
        const passed: string[] = [];
        for (let presses = 0; presses < 40; presses += 1) {
          await keyboard.press(key);
          const held = page.locator(':focus');
          const name = (await held.getAttribute('aria-label')) ?? (await held.textContent()) ?? '';
          if (label.test(name)) return;
          passed.push(name.slice(0, 30));
        }
        throw new Error(`${key} never reached ${label}, but ${passed.join(' | ')}`);
      };
      await page.locator('#who option', { hasText: 'Ann Lee' }).waitFor({ state: 'attached' });
      await tabTo(/^Who you are/);
      await keyboard.type('Ann');
      await tabTo(/^Approve staging/);
      await picture('focus');
      await keyboard.press('Enter');
      await card.getByText('1 of 2').first().waitFor();
      // The card was drawn anew; the place in it is kept.
      const held = () => page.locator(':focus').getAttribute('data-action');
      await expect.poll(held).toBe('rollout:approve');
      await tabTo(/^Who you are/, 'Shift+Tab');
      await keyboard.type('Bo');
      await tabTo(/^Approve staging/);
      await keyboard.press('Enter');
      const confirm = page.getByRole('dialog', { name: 'Start this rollout?' });
      await confirm.waitFor();
      await picture('confirm');
      await tabTo(/^Approve and start/);
      await keyboard.press('Enter');
      await headed(/^(Approved|Merging|Syncing|Rolling out): EKS nodes/);
    },
    { name: 'keyboard' },
  );
});

test.skipIf(inject('chromium') === '')('the card is read and decided on a phone', async () => {
  await inSandbox(
    async ({ page, card, be, button, picture }) => {
      await card.getByText('Risk: ').waitFor();
      await picture('card');
      // An expression for the browser: the page is typed apart from the tests.
      const fits = () =>
        page.evaluate<boolean>(
          `document.documentElement.scrollWidth <= innerWidth &&
            [...document.querySelectorAll('.pane, .feed')].every((pane) => pane.scrollWidth <= pane.clientWidth)`,
        );
      expect(await fits()).toBe(true);
      await be('Ann Lee');
      for (const label of [/^Approve staging/, /^Reject staging/]) {
        const box = await button(label).boundingBox();
        expect(box?.height).toBeGreaterThanOrEqual(40);
        expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(375);
      }
      await button(/^Reject staging/).tap();
      await page.getByRole('dialog', { name: 'Reject rollout' }).waitFor();
      await picture('modal');
      await page.getByRole('button', { name: 'Cancel' }).tap();
      await button(/^Approve staging/).tap();
      const said = page.locator('#feed .message.ephemeral', { hasText: 'You approved' });
      await said.waitFor();
      // What is only for this person is seen at once, not behind what stands below it.
      const composer = await page.locator('#command').boundingBox();
      await expect
        .poll(async () => {
          const box = await said.boundingBox();
          return (box?.y ?? 0) + (box?.height ?? 0);
        })
        .toBeLessThanOrEqual(composer?.y ?? 0);
      await picture('approved');
      await page.getByRole('button', { name: 'Thread', exact: true }).tap();
      await page.locator('#replies .message').first().waitFor();
      await picture('thread');
      await page.getByRole('button', { name: 'Nodes, pull requests' }).tap();
      await page.locator('#world button').first().waitFor();
      for (const one of await page.locator('#world button, #world summary').all())
        expect((await one.boundingBox())?.height).toBeGreaterThanOrEqual(40);
      await picture('nodes');
      expect(await fits()).toBe(true);
    },
    { name: 'phone', width: 375, height: 844, dark: true, touch: true },
  );
});
