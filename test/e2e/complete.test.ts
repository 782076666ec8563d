import { expect, inject, test } from 'vitest';
import { artefacts, inSandbox } from './sandbox-page.ts';

/** The README's picture, where `npm run picture` asks for it: it differs a little each time. */
const cardPicture = process.env['CARD_PICTURE'] ?? `${artefacts}/card.png`;

test.skipIf(inject('chromium') === '')(
  'a release goes from its card to the last node of production',
  async () => {
    await inSandbox(
      async ({
        page,
        card,
        be,
        button,
        approve,
        headed,
        told,
        passed,
        counted,
        state,
        picture,
      }) => {
        await card.getByText('Risk: ').waitFor();
        await card.getByText('AI summary').first().waitFor();
        await passed(/more at once, where the vCPU quota leaves 224/);
        await picture('card');
        const box = await card.boundingBox();
        if (box !== null) {
          const { x, y, width, height } = box;
          const clip = { x: x - 10, y: y + 1, width: width + 20, height: height + 8 };
          await page.screenshot({ path: cardPicture, clip });
        }

        // Somebody without rights: a refusal for their eyes alone, and nothing else happens.
        await be('Cy Park');
        await button(/^Approve staging/).click();
        const refusal = page.locator('.message.ephemeral', { hasText: "You can't decide about" });
        await refusal.waitFor();
        await refusal.getByText('Only visible to you').waitFor();
        await refusal.getByText('Ann Lee').waitFor();
        await picture('refused');
        await be('Ann Lee');
        expect(await refusal.count()).toBe(0);
        await card.getByText('0 of 2').first().waitFor();

        await approve('Ann Lee', 'staging', false);
        await card.getByText('1 of 2').first().waitFor();
        await picture('one-approval');
        await approve('Bo Chen', 'staging', true);

        // The pull request, its checks and the merge.
        const pull = page.locator('.pull[data-pull="1"]');
        await pull.waitFor();
        await picture('pull-request-open');
        await passed(/Approved: EKS nodes/);
        await told(/#1 merged/);
        await passed(/Rolling out: EKS nodes/);
        await counted('staging-eu-1', /[1-3] of [4-6] nodes run v20261118/);
        await picture('rolling');
        await passed(/[0-4] of 4 nodes replaced/);
        await passed(/Soaking: EKS nodes/);
        await picture('soaking');
        for (const check of ['amiable/approval: success', 'validate: success', 'lint: success'])
          await pull.getByText(check).waitFor();
        await pull.getByText(/Changed files/).click();
        await pull.getByText('alias: al2023@v20261118').first().waitFor();
        await pull.getByText('Description').click();
        await pull.getByRole('heading', { name: 'How to go back' }).waitFor();
        await pull.getByRole('cell', { name: 'al2023@v20261118' }).waitFor();
        // Drawn as GitHub draws it: nothing of its Markdown is left.
        expect(await pull.locator('.markdown').innerText()).not.toMatch(/[|\\`]|##|\*\*/);
        await pull.scrollIntoViewIfNeeded();
        await picture('pull-request');

        await button(/^Approve production/).waitFor();
        await picture('production-asks');
        await approve('Ann Lee', 'production', false);
        await card.getByText('1 of 2').first().waitFor();
        await approve('Bo Chen', 'production', true);
        await told(/production, wave 1 of 2/);
        await picture('production-first-wave');
        const first = await state();
        const nodesOf = (name: string) => {
          const { nodes = [], wanted = [] } = first.clusters.find((one) => one.name === name) ?? {};
          return nodes.map(({ imageId }) => wanted.includes(imageId));
        };
        // The second wave waits for the first one's soak.
        expect(nodesOf('prod-eu-1')).toContain(true);
        expect(nodesOf('prod-us-1')).not.toContain(true);
        await told(/production, wave 2 of 2/);
        await picture('production-second-wave');
        await headed(/^Complete: EKS nodes .*3 of 3 clusters/);
        await told(/Complete/);
        const chart = page.getByAltText(/nodes moved from al2023@v20261021 to al2023@v20261118/);
        await chart.waitFor();
        await chart.scrollIntoViewIfNeeded();
        await expect
          .poll(() => chart.evaluate((shown): unknown => Reflect.get(shown, 'naturalWidth')))
          .toBe(1600);
        await picture('complete');
        const last = await state();
        for (const { nodes, wanted } of last.clusters) {
          expect(
            nodes
              .filter(({ state }) => state === 'ready')
              .every(({ imageId }) => wanted.includes(imageId)),
          ).toBe(true);
        }
        expect(await page.locator('mark').count()).toBe(0);
      },
      { name: 'complete' },
    );
  },
);
