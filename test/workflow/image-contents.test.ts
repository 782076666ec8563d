import { expect, test } from 'vitest';
import { demoNotes } from '../../src/sandbox/demo-notes.ts';
import { demo } from '../../src/sandbox/demo-world.ts';
import { RepositoryName } from '../../src/shared/ids.ts';
import { createImageContents } from '../../src/workflow/analysis/image-contents.ts';
import { silentLog } from '../../src/workflow/log.ts';

const repository = RepositoryName.parse('awslabs/amazon-eks-ami');
const [first = never()] = demo.releases;

const contents = (notes: (tag: string) => Promise<string | undefined>) =>
  createImageContents({
    notes: {
      async notes(_, tag) {
        const body = await notes(tag);
        const title = `AMI Release ${tag}`;
        return body === undefined ? undefined : { tag, title, body, publishedAt: 0, url: '' };
      },
    },
    repository,
    log: silentLog,
  });

const kind = (release: string, variant: 'standard' | 'nvidia') =>
  ({ release, kubernetes: '1.35', architecture: 'x86_64', variant }) as const;

test('reads kernel and driver from the notes, and knows that plain images have no driver', async () => {
  const driver =
    '      <td>kmod-nvidia-open-dkms</td>\n      <td colspan="5">580.95.05-1.amzn2023</td>\n';
  const body = demoNotes(first).replaceAll(
    '    <tr>\n      <td>runc</td>',
    `    <tr>\n${driver}    </tr>\n    <tr>\n      <td>runc</td>`,
  );
  const found = contents(async () => body);
  expect(
    await found.of([
      kind(`al2023@${first.tag}`, 'standard'),
      kind(`al2023@${first.tag}`, 'nvidia'),
    ]),
  ).toEqual([
    { kernel: first.kernel, driver: null },
    { kernel: first.kernel, driver: '580.95.05-1.amzn2023' },
  ]);
});

test('what no notes tell is not known, and one that cannot be read spoils no other', async () => {
  const found = contents(async (tag) => {
    if (tag === first.tag) throw new Error('GitHub does not answer');
    return undefined;
  });
  expect(
    await found.of([
      kind(`al2023@${first.tag}`, 'nvidia'),
      kind('al2023@v20260101', 'standard'),
      kind('bottlerocket@1.55.0', 'nvidia'),
      kind('ubuntu@24.04.20261101', 'standard'),
    ]),
  ).toEqual([{}, { driver: null }, { kernel: '6.12', driver: '580' }, {}]);
});

function never(): never {
  throw new Error('the demonstration has releases');
}
