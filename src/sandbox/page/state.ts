/** What `GET /sandbox/state` answers, as far as the page shows it; described in docs/sandbox-api.md. */
export type Text = { readonly type: string; readonly text: string };
export type Option = { readonly text: Text; readonly value: string };
export type Element = {
  /** Of rich text: what a piece of it is made of. */
  readonly elements?: readonly { readonly type: string; readonly text?: string }[];
  readonly type: string;
  readonly action_id?: string;
  readonly text?: Text | string;
  readonly value?: string;
  readonly style?: string;
  readonly url?: string;
  readonly accessibility_label?: string;
  readonly confirm?: {
    readonly title: Text;
    readonly text: Text;
    readonly confirm: Text;
    readonly deny: Text;
    readonly style?: string;
  };
  readonly options?: readonly Option[];
  readonly initial_option?: Option;
  readonly initial_options?: readonly Option[];
  readonly initial_date_time?: number;
  readonly multiline?: boolean;
  readonly min_length?: number;
  readonly max_length?: number;
};
export type Block = {
  readonly type: string;
  readonly block_id?: string;
  readonly text?: Text;
  readonly fields?: readonly Text[];
  readonly elements?: readonly Element[];
  readonly element?: Element;
  readonly label?: Text;
  readonly hint?: Text;
  readonly optional?: boolean;
  /** Of a picture. */
  readonly slack_file?: { readonly id?: string };
  readonly alt_text?: string;
};
export type Message = {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly user?: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly reply_broadcast?: boolean;
};
export type Ephemeral = Message & { readonly user: string };
export type View = {
  readonly id: string;
  readonly user?: string;
  readonly type: string;
  /** `null` where the app gave none. */
  readonly title: Text | null;
  readonly submit: Text | null;
  readonly close: Text | null;
  readonly blocks: readonly Block[];
};
export type User = {
  readonly id: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly isBot: boolean;
  readonly isGuest: boolean;
  readonly deleted: boolean;
};
export type Pull = {
  readonly number: number;
  readonly state: string;
  readonly merged: boolean;
  readonly title?: string;
  readonly body?: string;
  readonly head: string;
  readonly base: string;
  readonly files: readonly { readonly path: string; readonly patch?: string }[];
  readonly statuses: readonly {
    readonly context: string;
    readonly state: string;
    readonly description?: string;
  }[];
};
export type Node = { readonly name: string; readonly imageId: string; readonly state: string };
export type Cluster = {
  readonly name: string;
  readonly environment: string;
  readonly nodes: readonly Node[];
  /** Images the rollout wants here; absent while there is none. */
  readonly wanted?: readonly string[];
  readonly heldBudgets: readonly string[];
  readonly argocd?: { readonly sync: string; readonly health: string; readonly operation?: string };
};
export type State = {
  readonly now: number;
  readonly speed: number;
  readonly service?: { readonly running: boolean };
  readonly slack: {
    readonly users: readonly User[];
    readonly messages: readonly Message[];
    readonly ephemerals: readonly Ephemeral[];
    readonly views: readonly View[];
  };
  readonly environments: readonly {
    readonly name: string;
    readonly approvers: readonly string[];
  }[];
  readonly github: { readonly pulls: readonly Pull[] };
  readonly clusters: readonly Cluster[];
  /** The release of each image, by id. */
  readonly images: Readonly<Record<string, string>>;
};

/** What `POST /sandbox/act` answers. */
export type Acted = {
  readonly ok: boolean;
  readonly ack: boolean;
  readonly view?: View;
  readonly error?: unknown;
};
