import { threeClusters } from './bench-fleet.ts';
import { approval, startBenchService } from './bench-service.ts';
import { atMost, type Benchmark } from './benchmark.ts';

/** DynamoDB units of one decision: received, stored, decided, recorded, done, and everybody woken. */
export async function benchDecision(): Promise<readonly Benchmark[]> {
  const service = await startBenchService(threeClusters(10));
  try {
    const { rollout: id } = await service.detect();
    if (id === undefined) throw new Error('no rollout was opened');
    await service.caretaker.lookNow(id);
    const before = service.units();
    await service.press(approval(service, id, 'staging', 'U0BO'));
    const spent = service.units().total - before.total;
    return [atMost('DynamoDB units of one decision', spent, 12, { digits: 1 })];
  } finally {
    await service.close();
  }
}
