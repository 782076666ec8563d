import { expect, inject, test } from 'vitest';
import type { SandboxPage } from './sandbox-page.ts';
import { inSandbox } from './sandbox-page.ts';

async function rollBack({ page, be, button }: SandboxPage, picture: () => Promise<void>) {
  await be('Bo Chen');
  await button(/^Roll back/).click();
  const modal = page.getByRole('dialog', { name: 'Roll back rollout' });
  await modal
    .getByRole('textbox', { name: 'Reason' })
    .fill('Pods lose their connections on new nodes.');
  await picture();
  await modal.getByRole('button', { name: 'Roll back', exact: true }).click();
  await modal.waitFor({ state: 'hidden' });
}

async function imagesOf(sandbox: SandboxPage, name: string): Promise<readonly string[]> {
  const { clusters } = await sandbox.state();
  const nodes = clusters.find((one) => one.name === name)?.nodes ?? [];
  return [...new Set(nodes.filter(({ state }) => state === 'ready').map(({ imageId }) => imageId))];
}

test.skipIf(inject('chromium') === '')('a rollout goes back while its nodes turn', async () => {
  await inSandbox(
    async (sandbox) => {
      const { page, card, button, approve, headed, told, picture } = sandbox;
      const before = await imagesOf(sandbox, 'staging-eu-1');
      await approve('Ann Lee', 'staging', false);
      await card.getByText('1 of 2').first().waitFor();
      await approve('Bo Chen', 'staging', true);
      const staging = page.locator('.cluster[data-cluster="staging-eu-1"]');
      await staging.getByText(/[1-3] of [4-6] nodes run v20261118/).waitFor();
      // A PodDisruptionBudget holds the rest: they are still turning when somebody decides.
      await staging.getByRole('button', { name: 'Block evictions' }).click();
      await button(/^Roll back/).waitFor();
      await rollBack(sandbox, () => picture('modal'));
      await staging.getByRole('button', { name: 'Allow evictions' }).click();
      await headed(/^Rolling back: EKS nodes/);
      await picture('rolling-back');
      await headed(/^Rolled back: EKS nodes/);
      await told(/Rolled back/);
      await picture('rolled-back');
      await staging.getByText('4 of 4 nodes run v20261021').waitFor();
      expect(await imagesOf(sandbox, 'staging-eu-1')).toEqual(before);
    },
    { name: 'back-while-turning' },
  );
});

test.skipIf(inject('chromium') === '')('a rollout goes back after it was complete', async () => {
  await inSandbox(
    async (sandbox) => {
      const { card, approve, headed, picture } = sandbox;
      const before = await imagesOf(sandbox, 'prod-us-1');
      for (const environment of ['staging', 'production']) {
        await sandbox.button(new RegExp(`^Approve ${environment}`)).waitFor();
        await approve('Ann Lee', environment, false);
        await card.getByText('1 of 2').first().waitFor();
        await approve('Bo Chen', environment, true);
      }
      await headed(/^Complete: EKS nodes/);
      expect(await imagesOf(sandbox, 'prod-us-1')).not.toEqual(before);
      await rollBack(sandbox, () => picture('modal'));
      await headed(/^Rolled back: EKS nodes/);
      await picture('rolled-back');
      expect(await imagesOf(sandbox, 'prod-us-1')).toEqual(before);
    },
    { name: 'back-after-completion', speed: 120 },
  );
});
