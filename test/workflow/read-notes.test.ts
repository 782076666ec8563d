import { expect, test } from 'vitest';
import { ReleaseId, RepositoryName } from '../../src/shared/ids.ts';
import { readNotes } from '../../src/workflow/analysis/read-notes.ts';
import { silentLog } from '../../src/workflow/log.ts';

const bottlerocket = RepositoryName.parse('bottlerocket-os/bottlerocket');
const noteOf = (tag: string) => ({ tag, title: tag, body: '', publishedAt: 0, url: '' });

test('with a page of the list unread, no kits of Bottlerocket are guessed from what is left', async () => {
  const read = await readNotes(
    {
      log: silentLog,
      notes: {
        notes: async (_, tag) => noteOf(tag),
        async releases(_, page) {
          if (page > 1) throw new Error('no answer');
          return { notes: ['v1.50.0', 'v1.49.0'].map(noteOf), last: false };
        },
      },
    },
    {
      repository: bottlerocket,
      release: ReleaseId.parse('bottlerocket@1.50.0'),
      running: ['bottlerocket@1.40.0'],
    },
  );
  expect(read.map(({ tag }) => tag)).toEqual(['v1.50.0']);
});
