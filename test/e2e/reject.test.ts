import { expect, inject, test } from 'vitest';
import { inSandbox } from './sandbox-page.ts';

test.skipIf(inject('chromium') === '')(
  'a rejection needs a reason, and what was typed stays until it is one',
  async () => {
    await inSandbox(
      async ({ page, be, button, headed, told, state, picture }) => {
        await be('Bo Chen');
        await button(/^Reject staging/).click();
        const modal = page.getByRole('dialog', { name: 'Reject rollout' });
        await modal.waitFor();
        const reason = modal.getByRole('textbox', { name: 'Reason' });
        await modal.getByText('At least 10 characters.').waitFor();
        await reason.fill('no');
        await picture('modal');
        await modal.getByRole('button', { name: 'Reject' }).click();
        await modal.getByText('Must be at least 10 characters.').waitFor();
        expect(await reason.inputValue()).toBe('no');
        await picture('too-short');
        await reason.fill('The kernel hangs on our storage nodes.');
        await modal.getByRole('button', { name: 'Reject' }).click();
        await modal.waitFor({ state: 'hidden' });
        await headed(/^Rejected: EKS nodes/);
        await told(/Bo Chen rejected staging: “The kernel hangs/);
        await picture('rejected');
        const { rollouts } = await state();
        expect(rollouts.map(({ status }) => status)).toEqual(['rejected']);
      },
      { name: 'reject' },
    );
  },
);
