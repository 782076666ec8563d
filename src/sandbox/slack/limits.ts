/**
 * Slack's limits, in code points unless a name says otherwise. Sources: the descriptions in `@slack/types` 3.2.0 and
 * Slack's reference pages (state of November 2026). Where two sources differ, the stricter one stands here.
 */
export const limits = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** `chat.postMessage` cuts a longer text without an error. */
  postedText: 40_000,
  /** Above it `chat.update` answers `msg_too_long`. */
  updatedText: 4_000,
  /**
   * All text in a message's blocks together, else `msg_blocks_too_long`. Undocumented: 11,341 characters were refused in
   * public measurements (bolt-js issues 2509 and 2867), so the stand-in stops at 11,000.
   */
  blocksText: 11_000,
  markdown: 12_000,
  textObject: 3_000,
  id: 255,
  section: { fields: 10, field: 2_000 },
  header: 150,
  context: 10,
  actions: 25,
  contextActions: 5,
  button: { text: 75, value: 2_000, url: 3_000, label: 75 },
  options: { select: 100, groups: 100, boxes: 10, overflow: 5 },
  option: { text: 75, value: 75, description: 75, url: 3_000 },
  confirm: { title: 100, text: 300, button: 30 },
  image: { alt: 2_000, title: 2_000, url: 3_000 },
  input: { label: 2_000, hint: 2_000, placeholder: 150, typed: 3_000, files: 10, lines: 100 },
  view: { title: 24, button: 24, metadata: 3_000, stack: 3, bytes: 250_000 },
  table: { rows: 100, columns: 20, text: 10_000 },
  dataTable: { rows: 101, columns: 20, text: 20_000, page: 100 },
  card: { title: 150, subtitle: 150, body: 200, actions: 3 },
  carousel: 10,
  container: { title: 150, subtitle: 150, blocks: 10 },
  alert: 200,
  chart: { perMessage: 2, title: 50, series: 12, points: 20, label: 20 },
} as const;
