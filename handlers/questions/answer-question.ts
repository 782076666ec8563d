import { analysisOf } from '../../blocks/analysis-of.ts';
import { answerMessage } from '../../blocks/answer.ts';
import { recordFacts } from '../../blocks/record-facts.ts';
import { absentPackages } from '../../src/analysis/absent-packages.ts';
import { factsOfAnalysis } from '../../src/analysis/analysis-facts.ts';
import { sha256 } from '../../src/shared/canonical.ts';
import { SlackUserId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import type { World } from '../../src/workflow/world.ts';
import type { Question } from './question.ts';

/** Whoever claimed an answer this long ago and never posted it is gone. */
const claimStaleMs = 2 * minute;

/**
 * Answers a question in its thread, from the rollout's record and facts. It reads, and posts one reply: whatever the
 * question says, nothing else happens. A second hand that finds the question in the inbox posts no second answer.
 * @param key the delivery key.
 */
export async function answerQuestion(
  { journal, people, analyst, store, effects, clock }: World,
  key: string,
  { question: { rollout: id, text }, replyTo }: Question,
): Promise<void> {
  const slot = `answer-${sha256(key).slice(0, 16)}`;
  const now = clock.now();
  const { channel, threadTs } = replyTo;
  if (!(await store.slots.claim(id, { name: slot, channel, claimedAt: now }, now - claimStaleMs)))
    return;
  const { rollout, commits } = await journal.refresh(id);
  if (rollout === undefined) return;
  const history = commits.flatMap(({ events }) => events);
  const named = history.flatMap((event) => {
    const person = SlackUserId.safeParse('by' in event ? event.by : undefined);
    return person.success ? [person.data] : [];
  });
  const names = await people.names([...new Set(named)]);
  const analysis = analysisOf(rollout);
  const known = [
    ...(analysis === undefined ? [] : factsOfAnalysis(analysis)),
    ...recordFacts(rollout, history, names),
  ];
  const absent = absentPackages(text, analysis, known);
  const facts = [...absent, ...known];
  const answered = await analyst.answer({ release: rollout.release, text, facts });
  const message = answerMessage(text, answered);
  const { ts } = await effects.run('post-message', `${id} ${slot}`, (to) =>
    to.slack.post({
      channel,
      ...(threadTs === undefined ? {} : { threadTs }),
      ...message,
    }),
  );
  await store.slots.posted(id, slot, ts);
}
