/** The part of dynalite 4 that we use; it ships no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  type Options = {
    /** Folder of its LevelDB; absent: in memory. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  };

  /** Closing the server closes the database too, but only once it has listened. */
  function dynalite(options: Options): Server;
  export = dynalite;
}
