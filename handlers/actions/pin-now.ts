import { readPress } from '../click.ts';
import type { Handling } from '../handling.ts';
import { PinKey, type Pinning } from '../pinning/pinning.ts';

/** "Pin it now": stored, acknowledged, proposed. It decides nothing; the environment's approvers do. */
export async function pinNow(
  { intake }: Pick<Handling, 'intake'>,
  body: unknown,
  ack: () => Promise<void>,
): Promise<void> {
  const { deliveryKey, by, value, replyTo } = readPress(body);
  const pinning: Pinning = { pin: { ...PinKey.parse(JSON.parse(value)), by }, replyTo };
  const fresh = await intake.storePinning(deliveryKey, pinning);
  await ack();
  if (fresh) await intake.pin(deliveryKey, pinning);
}
