import type { Clock } from '../../shared/time.ts';
import type { Stamps } from './stamps.ts';

/** Slack looks at an upload for a while before a message may show it. The stand-in takes this long, by its clock. */
const processingMs = 1_000;

/** A file somebody uploads; its way is asked for → uploaded → completed. */
export type SlackFile = {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly altText: string;
  readonly uploadPath: string;
  readonly bytes?: Uint8Array;
  readonly title?: string;
  readonly completedAt?: number;
};

export type Files = ReturnType<typeof createFiles>;

/** Uploaded files, all private to our app. */
export function createFiles(
  clock: Clock,
  stamps: Stamps,
  changed: () => void,
  start: readonly SlackFile[] = [],
) {
  const files = new Map(start.map((file) => [file.id, file]));
  const keep = (file: SlackFile) => {
    files.set(file.id, file);
    changed();
    return file;
  };
  return {
    all: () => [...files.values()],
    find: (id: string) => files.get(id),
    ask: (name: string, length: number, altText: string) =>
      keep({ id: stamps.id('F'), name, length, altText, uploadPath: stamps.secret() }),
    /** False: no such upload, or not the length that was announced. */
    upload(path: string, bytes: Uint8Array): boolean {
      const file = [...files.values()].find(({ uploadPath }) => uploadPath === path);
      if (file === undefined || bytes.length !== file.length) return false;
      keep({ ...file, bytes });
      return true;
    },
    complete: (file: SlackFile, title: string) =>
      keep({ ...file, title, completedAt: clock.now() }),
    /** Set once Slack has looked at the file. */
    mimetype(file: SlackFile): string | undefined {
      if (file.completedAt === undefined || clock.now() < file.completedAt + processingMs)
        return undefined;
      return (
        mimetypes[file.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
      );
    },
  };
}

const mimetypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
};
